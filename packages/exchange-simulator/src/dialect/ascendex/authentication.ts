import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@venuekit/connector-core';
import type { ApiKey, User, UserDirectory } from '../../users/user-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type AscendexError, refusals } from './error-codes.ts';

/** What a key must be allowed to do. */
export type KeyRight = 'view' | 'trade' | 'transfer';

/** A signed request, as far as the signature goes. */
export interface SignedRequest {
  readonly key: string | undefined;
  /** Milliseconds as they were signed, digit for digit. */
  readonly timestamp: string | undefined;
  /** Base64. */
  readonly signature: string | undefined;
  /** Paths that may have been signed. The first is the documented one, and the only one with `strictAuth`. */
  readonly prehashes: readonly string[];
  /** IP address of the caller. */
  readonly address: string;
  /** None if any key will do. */
  readonly need: KeyRight | undefined;
  /** The account group as the caller's path has it, character by character; none if the path has none. */
  readonly group?: string | undefined;
}

/** Who has signed, or why it is refused. No message has any part of a secret or a signature. */
export type Verified =
  | { readonly user: User; readonly key: ApiKey; readonly refusal?: undefined }
  | { readonly refusal: AscendexError; readonly message: string };

/** Finds out who has signed. */
export interface Authenticator {
  /** Judges in this order: all there, key known, time, signature, key not expired, address, right, group. */
  verify(request: SignedRequest): Verified;
  /** Judges a key that has signed before, as it is now: known, not expired, address, right. */
  recheck(key: string, use: KeyUse): Verified;
}

/** What a key is used for, and from where. */
export type KeyUse = Pick<SignedRequest, 'address' | 'need' | 'group'>;

/** What an authenticator works with. */
export interface AuthenticatorParts {
  readonly users: UserDirectory;
  readonly clock: Clock;
  readonly options: Pick<AscendexOptions, 'strictAuth' | 'authTimeWindowMs'>;
}

const digits = /^\d{1,16}$/;

/** Makes an authenticator for the customers of an exchange. */
export function createAuthenticator({ users, clock, options }: AuthenticatorParts): Authenticator {
  function verify(request: SignedRequest): Verified {
    const { key = '', timestamp = '', signature = '' } = request;
    const absent = Object.entries({ key, timestamp, signature }).find(([, value]) => value === '');
    if (absent !== undefined) return refuse('authorization', `the ${absent[0]} is missing`);
    const found = users.find(key);
    if (found === undefined) return refuse('authentication', 'the API key is not known');
    const nowMs = clock.now();
    if (!digits.test(timestamp))
      return refuse('timestamp', 'the timestamp must be milliseconds since the epoch, in digits');
    if (Math.abs(Number(timestamp) - nowMs) > options.authTimeWindowMs) {
      const limit = `expected at most ${options.authTimeWindowMs} ms`;
      return refuse(
        'timestamp',
        `the timestamp is ${Number(timestamp) - nowMs} ms from the server's; ${limit}`,
      );
    }
    if (!isSigned(found.key, request, options.strictAuth))
      return refuse('authentication', 'the signature does not match');
    return judgeKey(found, request, nowMs) ?? found;
  }

  function recheck(key: string, use: KeyUse): Verified {
    const found = users.find(key);
    if (found === undefined) return refuse('authentication', 'the API key is not known');
    return judgeKey(found, use, clock.now()) ?? found;
  }

  return { verify, recheck };
}

/** Why a key cannot be used for a request. */
function judgeKey(
  { user, key }: { readonly user: User; readonly key: ApiKey },
  { address, need, group }: KeyUse,
  nowMs: number,
): Verified | undefined {
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs)
    return refuse('authentication', `the API key has expired at ${key.expiresAtMs}`);
  if (key.allowedIps.length > 0 && !key.allowedIps.includes(address))
    return refuse('permission', `the API key cannot be used from ${address}`);
  if (need !== undefined && !has(key, need)) return refuse('permission', `the API key may not ${need}`);
  if (group !== undefined && group !== String(user.group))
    return refuse('account', `the account is not in account group ${group}`);
  return undefined;
}

function has({ canView, canTrade, canTransfer }: ApiKey, need: KeyRight): boolean {
  return { view: canView, trade: canTrade, transfer: canTransfer }[need];
}

/** Every form is tried, so that the time that it takes does not tell which one it was. */
function isSigned(
  key: ApiKey,
  { timestamp, signature = '', prehashes }: SignedRequest,
  strict: boolean,
): boolean {
  const secret = key.revealSecret();
  const secrets = strict ? [Buffer.from(secret)] : [Buffer.from(secret), Buffer.from(secret, 'base64')];
  const paths = strict ? prehashes.slice(0, 1) : prehashes;
  const given = Buffer.from(signature);
  let matches = false;
  for (const bytes of secrets) {
    for (const path of paths) {
      const expected = Buffer.from(
        createHmac('sha256', bytes).update(`${timestamp}+${path}`).digest('base64'),
      );
      if (expected.length === given.length && timingSafeEqual(expected, given)) matches = true;
    }
  }
  return matches;
}

function refuse(
  name: 'authorization' | 'authentication' | 'timestamp' | 'permission' | 'account',
  message: string,
): Verified {
  return { refusal: refusals[name], message };
}
