import type { OrderKind, OrderSide, TimeInForce } from '../../engine/engine-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Fields, quoted } from './client-message.ts';
import { type RefusalName, refusals } from './error-codes.ts';

/** Why a field is refused. */
export interface FieldRefusal {
  readonly refused: RefusalName;
  readonly message: string;
}

/** The fields of an order as text, of the right type and otherwise unchecked. */
export interface OrderFields {
  /** Empty if there is none. */
  readonly id: string;
  readonly timeMs: number;
  readonly symbol: string;
  readonly size: string;
  readonly type: string;
  readonly side: string;
  readonly price: string | undefined;
  readonly stopPrice: string | undefined;
  readonly postOnly: boolean;
  readonly timeInForce: string | undefined;
  readonly response: string | undefined;
}

/** When a reply to an order is sent. */
export type ResponseMode = 'ACK' | 'ACCEPT' | 'DONE';

/** What is asked for in the words of the exchange. */
export interface OrderIntent {
  readonly side: OrderSide;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly response: ResponseMode;
}

const digits = /^\d{1,15}$/;

/** Reads the fields of an order. What is `null` counts as left out, and fields that nobody knows are not looked at. */
export function readOrderFields(
  fields: Fields,
  { numbersInOrders: numbers, numberCode }: Pick<AscendexOptions, 'numbersInOrders' | 'numberCode'>,
): OrderFields | FieldRefusal {
  const timeMs = readTime(fields.time);
  if (timeMs === undefined)
    return refuse('argument', `time: expected milliseconds since the epoch, got ${quoted(fields.time)}`);
  const id = readId(fields.id);
  if (id === undefined) return refuse('argument', `id: expected text, got ${quoted(fields.id)}`);
  for (const name of ['symbol', 'orderQty', 'orderType', 'side'] as const) {
    const isGiven =
      isText(fields[name]) || (name === 'orderQty' && isNumber(fields[name], numbers === 'all'));
    if (!isGiven) return refuseValue(name, fields[name], numberCode);
  }
  for (const name of ['orderPrice', 'stopPrice', 'timeInForce', 'respInst'] as const) {
    const mayBeNumber =
      numbers === 'all' ? name.endsWith('Price') : numbers === 'stop-price' && name === 'stopPrice';
    const value = fields[name];
    if (!isLeftOut(value) && !isText(value) && !isNumber(value, mayBeNumber))
      return refuseValue(name, value, numberCode);
  }
  if (!isAbsent(fields.postOnly) && typeof fields.postOnly !== 'boolean')
    return refuse('argument', `postOnly: expected true or false, got ${quoted(fields.postOnly)}`);
  return {
    id,
    timeMs,
    symbol: `${fields.symbol}`,
    size: `${fields.orderQty}`,
    type: `${fields.orderType}`,
    side: `${fields.side}`,
    price: textOf(fields.orderPrice),
    stopPrice: textOf(fields.stopPrice),
    postOnly: fields.postOnly === true,
    timeInForce: textOf(fields.timeInForce),
    response: textOf(fields.respInst),
  };
}

/** A number has a code of its own where text of digits is wanted. */
function refuseValue(name: string, value: unknown, numberCode: AscendexOptions['numberCode']): FieldRefusal {
  const isDecimal = name === 'orderQty' || name.endsWith('Price');
  const isNumber = isDecimal && typeof value === 'number' && numberCode === refusals.httpInput.code;
  return refuse(isNumber ? 'httpInput' : 'argument', `${name}: expected text, got ${quoted(value)}`);
}

/** Reads a client's id: text, or a short number; empty if there is none, and `undefined` if it is something else. */
export function readId(value: unknown): string | undefined {
  if (isAbsent(value)) return '';
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Reads a time in milliseconds, also as text of digits. */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  return digits.test(String(value)) ? Number(value) : undefined;
}

const sides: ReadonlyMap<string, OrderSide> = new Map([
  ['buy', 'buy'],
  ['sell', 'sell'],
]);
const kinds: ReadonlyMap<string, OrderKind> = new Map([
  ['limit', 'limit'],
  ['market', 'market'],
  ['stop_limit', 'stop-limit'],
  ['stoplimit', 'stop-limit'],
  ['stop_market', 'stop-market'],
  ['stopmarket', 'stop-market'],
]);
/** `PO` is sent by a known client together with `postOnly`. */
const times: ReadonlyMap<string, TimeInForce> = new Map([
  ['gtc', 'GTC'],
  ['ioc', 'IOC'],
  ['fok', 'FOK'],
  ['po', 'GTC'],
]);
const responses: ReadonlyMap<string, ResponseMode> = new Map([
  ['ack', 'ACK'],
  ['accept', 'ACCEPT'],
  ['done', 'DONE'],
]);

/** Reads side, type, time in force and what goes together with what, in any case of letters. */
export function readIntent(
  fields: OrderFields,
  surplus: AscendexOptions['surplusParameters'],
): OrderIntent | FieldRefusal {
  const side = sides.get(fields.side.toLowerCase());
  if (side === undefined) return refuse('side', `side: expected buy or sell, got ${quoted(fields.side)}`);
  const kind = kinds.get(fields.type.toLowerCase());
  if (kind === undefined)
    return refuse(
      'orderType',
      `orderType: expected market, limit, stop_market or stop_limit, got ${quoted(fields.type)}`,
    );
  const given = fields.timeInForce?.toLowerCase();
  const timeInForce = times.get(given ?? 'gtc');
  const isPostOnly = fields.postOnly || given === 'po';
  if (timeInForce === undefined)
    return refuse('timeInForce', `timeInForce: expected GTC, IOC or FOK, got ${quoted(fields.timeInForce)}`);
  const response = responses.get((fields.response ?? 'ACK').toLowerCase());
  if (response === undefined)
    return refuse('parameter', `respInst: expected ACK, ACCEPT or DONE, got ${quoted(fields.response)}`);
  const unfit = unfitParameter(fields, { kind, timeInForce, isPostOnly }, surplus);
  if (unfit !== undefined) return refuse('parameter', unfit);
  return { side, kind, timeInForce: kind === 'limit' ? timeInForce : 'GTC', postOnly: isPostOnly, response };
}

/** True if a price is needed and means something. */
export function hasLimit(kind: OrderKind): boolean {
  return kind === 'limit' || kind === 'stop-limit';
}

/** True if a stop price is needed and means something. */
export function hasStop(kind: OrderKind): boolean {
  return kind === 'stop-limit' || kind === 'stop-market';
}

/** What an order has and must not, or has not and must. */
function unfitParameter(
  { price, stopPrice, timeInForce: givenTime }: OrderFields,
  order: { readonly kind: OrderKind; readonly timeInForce: TimeInForce; readonly isPostOnly: boolean },
  surplus: AscendexOptions['surplusParameters'],
): string | undefined {
  const { kind, timeInForce, isPostOnly } = order;
  if (hasLimit(kind) && price === undefined) return `orderPrice: expected a price for ${kind}, got none`;
  if (hasStop(kind) && stopPrice === undefined) return `stopPrice: expected a price for ${kind}, got none`;
  if (isPostOnly && kind !== 'limit') return `postOnly: expected a limit order, got ${kind}`;
  if (isPostOnly && timeInForce !== 'GTC') return `postOnly: expected GTC, got ${timeInForce}`;
  if (surplus === 'ignored') return undefined;
  if (!hasLimit(kind) && price !== undefined)
    return `orderPrice: expected none for ${kind}, got ${quoted(price)}`;
  if (!hasStop(kind) && stopPrice !== undefined)
    return `stopPrice: expected none for ${kind}, got ${quoted(stopPrice)}`;
  if (kind !== 'limit' && givenTime !== undefined)
    return `timeInForce: expected none for ${kind}, got ${quoted(givenTime)}`;
  return undefined;
}

function refuse(refused: RefusalName, message: string): FieldRefusal {
  return { refused, message };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isNumber(value: unknown, allowed: boolean): boolean {
  return allowed && typeof value === 'number';
}

/** Empty text counts as left out. */
function isLeftOut(value: unknown): boolean {
  return isAbsent(value) || value === '';
}

/** @param value has been checked: it is text, a number or left out. */
function textOf(value: unknown): string | undefined {
  return isLeftOut(value) ? undefined : String(value);
}
