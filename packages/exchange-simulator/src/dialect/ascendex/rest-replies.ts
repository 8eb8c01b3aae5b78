import type { AscendexError } from './error-codes.ts';
import type { BatchRefusal } from './order-entry.ts';
import type { OrderRefusal } from './order-intake.ts';

/** Which account of a customer a call is about. */
export interface RestAccount {
  readonly category: 'cash' | 'margin';
  readonly accountId: string;
}

/** What was asked for, and of which account. */
export interface OrderAction extends RestAccount {
  /** As the venue names it, such as `place-order`. */
  readonly action: string;
}

/** Sends JSON text as it is: integers beyond 2^53 survive. */
function replyText(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

/** Sends a value as JSON. */
export function reply(value: object, status = 200): Response {
  return replyText(JSON.stringify(value), status);
}

/** The ordinary success. It never has a `message`: clients take that for an error. */
export function succeed(data: unknown): Response {
  return reply({ code: 0, data });
}

/** The ordinary success, with `data` as JSON text. */
export function succeedText(data: string): Response {
  return replyText(`{"code":0,"data":${data}}`);
}

/** The ordinary refusal. */
export function refuse({ code, reason }: AscendexError, message: string, status = 200): Response {
  return reply({ code, reason, message }, status);
}

/** A path or method that is not there. */
export function missing(method: string, path: string): Response {
  return reply({ code: 404, reason: 'NOT_FOUND', message: `there is no ${method} ${path}` }, 404);
}

/** Orders of an account. */
export function listOrders({ category, accountId }: RestAccount, data: readonly unknown[]): Response {
  return reply({ code: 0, ac: category.toUpperCase(), accountId, data });
}

/** A request about orders has been received, or what came of it. */
export function succeedOrder(
  { category, accountId, action }: OrderAction,
  status: 'Ack' | 'ACCEPT' | 'DONE',
  info: unknown,
): Response {
  return succeed({ ac: category.toUpperCase(), accountId, action, status, info });
}

/** A request about an order is refused: with everything at the top. */
export function refuseOrder(
  { category, accountId, action }: OrderAction,
  { error, message, id, symbol }: OrderRefusal,
): Response {
  const { code, reason } = error;
  const ac = category.toUpperCase();
  return reply({ code, ac, accountId, action, status: 'Err', message, reason, info: { id, symbol } });
}

/** A batch is refused. */
export function refuseBatch(
  { category, accountId, action }: OrderAction,
  { error, message, items }: BatchRefusal,
): Response {
  const { code, reason } = error;
  return reply({
    ...{ code, ac: category.toUpperCase(), accountId, action },
    ...{ status: 'Err', message, reason, info: items },
  });
}
