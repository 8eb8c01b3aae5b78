import type { Context, Hono } from 'hono';
import type { ApiKey, User } from '../../users/user-types.ts';
import type { Caller } from '../dialect.ts';
import type { AscendexContext } from './ascendex-context.ts';
import type { KeyRight } from './authentication.ts';
import { type Fields, isFields } from './client-message.ts';
import { refusals } from './error-codes.ts';
import type { RestAccount } from './rest-replies.ts';
import { refuse } from './rest-replies.ts';

/** What comes with a request. */
export interface RestEnvironment {
  readonly Bindings: { readonly caller: Caller };
}

/** The routes of REST. */
export type RestRoutes = Hono<RestEnvironment>;

/** One call of REST. */
export type RestCall = Context<RestEnvironment>;

/** A call that was signed. */
export interface SignedCall {
  readonly call: RestCall;
  readonly user: User;
  readonly key: ApiKey;
}

/** What a signed route needs. */
export interface Signing {
  /** Paths that may have been signed, the documented one first. */
  readonly prehashes: readonly string[];
  readonly need: KeyRight | undefined;
}

/** Serves only what was signed by somebody who may do it; a group in the path must be the user's. */
export function signed(
  { authenticator, options }: Pick<AscendexContext, 'authenticator' | 'options'>,
  signing: Signing | ((call: RestCall) => Signing),
  serve: (call: SignedCall) => Response | Promise<Response>,
): (call: RestCall) => Response | Promise<Response> {
  return (call) => {
    const { prehashes, need } = typeof signing === 'function' ? signing(call) : signing;
    const verified = authenticator.verify({
      key: call.req.header('x-auth-key'),
      timestamp: call.req.header('x-auth-timestamp'),
      signature: call.req.header('x-auth-signature'),
      prehashes,
      address: call.env.caller.address,
      need,
      group: call.req.param('group'),
    });
    if (verified.refusal !== undefined)
      return refuse(verified.refusal, verified.message, options.authErrorHttpStatus);
    return serve({ call, user: verified.user, key: verified.key });
  };
}

/** The account that the path names, of a user. */
export function accountOf(call: RestCall, user: User): RestAccount {
  const category = call.req.param('category') === 'margin' ? 'margin' : 'cash';
  return { category, accountId: user[category] };
}

/** Reads a body of JSON; `absent` stands for none. */
export async function readBody(call: RestCall, absent?: Fields): Promise<Fields | Response> {
  const text = await call.req.text();
  if (text.trim() === '' && absent !== undefined) return absent;
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // It is refused below.
  }
  return refuse(refusals.json, 'the body must be a JSON object');
}

/** A whole number of the query from `least` up. */
export function readNumber(
  call: RestCall,
  name: string,
  least = 0,
): { readonly value: number | undefined } | { readonly refused: Response } {
  const text = call.req.query(name) ?? '';
  if (text === '') return { value: undefined };
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value) && value >= least) return { value };
  return {
    refused: refuse(refusals.argument, `${name}: expected a whole number from ${least} up, got ${text}`),
  };
}

/** Reads several whole numbers of the query at once. */
export function readNumbers<Name extends string>(
  call: RestCall,
  least: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number | undefined>> | Response {
  const numbers = {} as Record<Name, number | undefined>;
  for (const name of Object.keys(least) as Name[]) {
    const read = readNumber(call, name, least[name]);
    if ('refused' in read) return read.refused;
    numbers[name] = read.value;
  }
  return numbers;
}

/** True if a switch of the query is on, as any language writes it. */
export function isOn(call: RestCall, name: string): boolean {
  return (call.req.query(name) ?? '').toLowerCase() === 'true';
}
