import type { ApiKey, User } from '../../users/user-types.ts';
import type { StreamRequest } from '../dialect.ts';
import type { KeyRight, Verified } from './authentication.ts';
import { type Fields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { type AscendexError, refusals } from './error-codes.ts';
import { encodeLogin, encodeLoginRefusal, type MessageId } from './messages.ts';
import type { SessionContext } from './session-context.ts';

/** Who a session belongs to. */
export interface Identity {
  readonly user: User;
  readonly key: ApiKey;
}

/** Who uses a session, as far as it is known. */
export interface Login {
  /** Who has logged in; `undefined` until somebody has. What the key may do now is not told by it: ask {@link Login.recheck}. */
  readonly identity: Identity | undefined;
  /** True if orders are told of in Ready-Ack mode: when they rest in the book, rather than when the engine takes them. */
  readonly isReady: boolean;
  /** Judges the key of the session for a request, as it is now: it may have expired or changed. `undefined` until somebody has logged in. */
  recheck(need: KeyRight): Verified | undefined;
  /** Serves an `auth`. */
  serve(message: Fields, id: MessageId): void;
}

/** What logins are judged with. */
export type LoginContext = Pick<SessionContext, 'authenticator' | 'limits'>;

/** Paths that a client may sign: the documented one of its version first, then those of known clients. */
function prehashesOf(path: string): readonly string[] {
  const own = /^[^?]*\/api\/pro\/v2\//.test(path) ? 'v2/stream' : 'stream';
  return [own, ...['stream', 'v1/stream', 'v2/stream'].filter((other) => other !== own)];
}

/** The first part of a stream's path, where an account group stands; `undefined` if it has none. */
export function groupInPath(path: string): string | undefined {
  return /^\/([^/]+)\/api\//.exec(path)?.[1];
}

/**
 * Judges a login by the headers of the upgrade; `undefined` if there is none: without an account group in the path, headers do not matter.
 * Nothing is counted. A stream is judged when it asks and once more when it opens: the transport is between, and a key may be gone by then.
 */
export function judgeHeaders({ authenticator }: LoginContext, request: StreamRequest): Verified | undefined {
  const { headers, path, address } = request;
  const given = groupInPath(path);
  const [key, timestamp, signature] = ['key', 'timestamp', 'signature'].map(
    (name) => headers.get(`x-auth-${name}`) ?? undefined,
  );
  if (given === undefined || (key ?? timestamp ?? signature) === undefined) return undefined;
  const signed = { key, timestamp, signature, prehashes: prehashesOf(path), address, need: undefined };
  return inGroup(authenticator.verify(signed), given);
}

/** Makes the login of a session that was asked for by `request`. */
export function createLogin(context: LoginContext, outlet: ClientOutlet, request: StreamRequest): Login {
  return new SessionLogin(context, outlet, request);
}

class SessionLogin implements Login {
  readonly #context: LoginContext;
  readonly #outlet: ClientOutlet;
  readonly #request: StreamRequest;
  #identity: Identity | undefined;
  #isReady = false;

  constructor(context: LoginContext, outlet: ClientOutlet, request: StreamRequest) {
    this.#context = context;
    this.#outlet = outlet;
    this.#request = request;
    const verified = judgeHeaders(context, request);
    if (verified?.refusal === undefined) this.#identity = verified;
  }

  get identity(): Identity | undefined {
    return this.#identity;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  recheck(need: KeyRight): Verified | undefined {
    const { address } = this.#request;
    const { authenticator } = this.#context;
    return this.#identity && authenticator.recheck(this.#identity.key.key, { address, need });
  }

  serve(message: Fields, id: MessageId): void {
    const { limits } = this.#context;
    const { address } = this.#request;
    if (limits.mayNotLogIn(address)) {
      this.#refuse(id, refusals.tooManyAttempts, 'too many failed logins');
      return;
    }
    const verified = this.#verify(message);
    if (verified.refusal === undefined) this.#accept(verified, message, id);
    else {
      limits.failedLogin(address);
      this.#refuse(id, verified.refusal, verified.message);
    }
  }

  /** The mode is that of the first login, for as long as the session lives. */
  #accept(verified: Identity, { ack }: Fields, id: MessageId): void {
    if (this.#identity === undefined)
      this.#isReady = typeof ack === 'string' && ack.toLowerCase() === 'ready';
    else if (this.#identity.user !== verified.user) {
      this.#refuse(id, refusals.account, 'the session belongs to another account');
      return;
    }
    this.#identity = verified;
    this.#outlet.push(encodeLogin(id, this.#isReady), { channel: 'auth' });
  }

  #verify({ t, key, sig }: Fields): Verified {
    const timestamp = typeof t === 'number' ? String(t) : t;
    const refusal = refusals.authentication;
    if (typeof timestamp !== 'string')
      return { refusal, message: `auth needs "t" as milliseconds, got ${quoted(t)}` };
    if (typeof key !== 'string') return { refusal, message: `auth needs "key" as text, got ${quoted(key)}` };
    if (typeof sig !== 'string') return { refusal, message: 'auth needs "sig" as text' };
    const { path, address } = this.#request;
    const signed = { key, timestamp, signature: sig, prehashes: prehashesOf(path), address, need: undefined };
    return inGroup(this.#context.authenticator.verify(signed), groupInPath(path));
  }

  #refuse(id: MessageId, refusal: AscendexError, err: string): void {
    this.#outlet.push(encodeLoginRefusal(id, refusal, err), { channel: 'auth' });
  }
}

/** An account is served by its own group only. */
function inGroup(verified: Verified, group: string | undefined): Verified {
  if (verified.refusal !== undefined || String(verified.user.group) === group) return verified;
  const where = group === undefined ? 'a stream without account group' : `account group ${quoted(group)}`;
  return { refusal: refusals.account, message: `the account is not served by ${where}` };
}
