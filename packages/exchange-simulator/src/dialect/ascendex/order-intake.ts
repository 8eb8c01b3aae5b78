import type { DeskOrder, TradingDesk } from '../../desk/desk-types.ts';
import type { RefusalCode } from '../../engine/engine-types.ts';
import type { Listing } from '../../floor/listing.ts';
import type { User } from '../../users/user-types.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { type Fields, quoted, requestNames } from './client-message.ts';
import { type AscendexError, type RefusalName, refusals } from './error-codes.ts';
import type { MarketReference } from './market-reference.ts';
import { amountOf, timesAmount } from './money-text.ts';
import {
  type FieldRefusal,
  hasLimit,
  hasStop,
  type OrderFields,
  type OrderIntent,
  type ResponseMode,
  readIntent,
  readOrderFields,
} from './order-fields.ts';
import { isClientId, type OrderIds } from './order-ids.ts';
import type { RequestsUnderWay } from './requests-under-way.ts';

/** A request to place an order, as it came. */
export interface OrderInput {
  /** Unchecked. */
  readonly fields: Fields;
  readonly user: User;
  /** `a` for REST, `s` for the stream. */
  readonly channel: 'a' | 's';
}

/** Why an order, or a request to cancel one, is refused. */
export interface OrderRefusal {
  readonly error: AscendexError;
  readonly message: string;
  /** As the request names itself; empty if it does not. */
  readonly id: string;
  /** Empty if there is none. */
  readonly symbol: string;
}

/** An order that passes, or why it does not. */
export type JudgedOrder =
  | { readonly order: DeskOrder; readonly response: ResponseMode; readonly refusal?: undefined }
  | { readonly refusal: OrderRefusal };

/** Judges orders as the venue does before it takes them. */
export interface OrderIntake {
  /**
   * Judges in this order: fields, time, symbol, client id, side, type, time in force and what goes together, size, price, notional, a price
   * to go by, funds. Nothing is changed, but chance is asked for the id of an order that its client has not named.
   */
  judge(input: OrderInput): JudgedOrder;
}

/** What an intake works with. */
export interface OrderIntakeParts {
  readonly listings: ReadonlyMap<string, Listing>;
  readonly desk: TradingDesk;
  readonly underWay: Pick<RequestsUnderWay, 'hasOrder'>;
  readonly reference: MarketReference;
  readonly ids: OrderIds;
  readonly clock: { now(): number };
  readonly options: AscendexOptions;
}

/** Makes an intake for the cash accounts of customers. */
export function createOrderIntake(parts: OrderIntakeParts): OrderIntake {
  return new Intake(parts);
}

/** Prices of an order in ticks, and the notional by which it is judged. */
interface Prices {
  readonly priceTicks: number;
  readonly stopTicks: number | undefined;
  /** Price in which the notional is counted; none if it is not judged. */
  readonly notionalTicks: number | undefined;
}

class Intake implements OrderIntake {
  readonly #parts: OrderIntakeParts;

  constructor(parts: OrderIntakeParts) {
    this.#parts = parts;
  }

  judge(input: OrderInput): JudgedOrder {
    const { fields: given } = input;
    const judged = this.#judge(input);
    if (!('refused' in judged)) return judged;
    const { refused, message } = judged;
    return { refusal: { error: refusals[refused], message, ...requestNames(given) } };
  }

  #judge({ fields: given, user, channel }: OrderInput): JudgedOrder | FieldRefusal {
    const { options, clock, listings, ids } = this.#parts;
    const numberCode = channel === 'a' ? options.numberCode : 100004;
    const fields = readOrderFields(given, { ...options, numberCode });
    if ('refused' in fields) return fields;
    const late = judgeOrderTime(fields.timeMs, clock.now(), options.orderTimeWindowMs);
    if (late !== undefined) return late;
    const listing = listings.get(fields.symbol);
    if (listing === undefined) return refuse('product', `symbol ${quoted(fields.symbol)} is not listed`);
    const { symbol, id: clientId, timeMs } = fields;
    if (this.#isClosed(symbol, user.cash)) return refuse('restricted', `${symbol} is not trading now`);
    if (clientId !== '' && !isClientId(clientId))
      return refuse('orderId', `id: expected 2 to 32 letters, digits, - or _, got ${quoted(clientId)}`);
    const intent = readIntent(fields, options.surplusParameters);
    if ('refused' in intent) return intent;
    const shape = this.#readAmounts(listing, fields, intent);
    if ('refused' in shape) return shape;
    const order: DeskOrder = {
      id: ids.next({ channel, timeMs, uid: user.uid, clientId }),
      ...{ clientId, account: user.cash, symbol, side: intent.side, kind: intent.kind },
      ...shape,
      ...(intent.kind === 'limit' ? { timeInForce: intent.timeInForce, postOnly: intent.postOnly } : {}),
    };
    return this.#judgeAtDesk(order) ?? { order, response: intent.response };
  }

  /** The engine says so before it looks at anything else. */
  #isClosed(symbol: string, account: string): boolean {
    const probe = { id: '', clientId: '', account, symbol, side: 'buy', kind: 'limit' } as const;
    return this.#parts.desk.check({ ...probe, sizeLots: 0, priceTicks: 0 }) === 'not-trading';
  }

  #readAmounts(
    listing: Listing,
    fields: OrderFields,
    intent: OrderIntent,
  ): FieldRefusal | { readonly sizeLots: number; readonly priceTicks: number; readonly stopTicks?: number } {
    const sizeLots = readSize(listing, fields.size);
    if (typeof sizeLots !== 'number') return sizeLots;
    const prices = this.#readPrices(listing, fields, intent);
    if ('refused' in prices) return prices;
    const { priceTicks, stopTicks, notionalTicks } = prices;
    const outside = notionalTicks === undefined ? undefined : judgeNotional(listing, notionalTicks, sizeLots);
    return outside ?? { sizeLots, priceTicks, ...(stopTicks === undefined ? {} : { stopTicks }) };
  }

  #readPrices(listing: Listing, fields: OrderFields, { kind, side }: OrderIntent): Prices | FieldRefusal {
    const stopTicks = hasStop(kind) ? this.#readPrice(listing, 'stopPrice', fields.stopPrice) : undefined;
    if (typeof stopTicks === 'object') return stopTicks;
    if (hasLimit(kind)) {
      const priceTicks = this.#readPrice(listing, 'orderPrice', fields.price);
      if (typeof priceTicks === 'object') return priceTicks;
      const far = kind === 'limit' ? this.#judgeBand(listing, priceTicks) : undefined;
      return far ?? { priceTicks, stopTicks, notionalTicks: priceTicks };
    }
    const { reference, options } = this.#parts;
    const around = stopTicks ?? reference.against(listing, side);
    if (around === undefined)
      return refuse('noMarketPrice', `${listing.symbol} has no price for a market order now`);
    const priceTicks = protectivePrice(around, side, options.marketSlippagePercent);
    return { priceTicks, stopTicks, notionalTicks: around };
  }

  #readPrice(listing: Listing, name: string, text = ''): number | FieldRefusal {
    const ticks = listing.ticksOf(text);
    if (ticks !== undefined && ticks > 0) return ticks;
    const { tickSize } = listing.rules;
    const isNumber = (amountOf(text) ?? 0n) > 0n;
    const offGrid = this.#parts.options.tickSizeCode === refusals.tick.code ? 'tick' : 'price';
    return refuse(
      isNumber ? offGrid : 'price',
      `${name}: expected a multiple of ${tickSize} above 0, got ${quoted(text)}`,
    );
  }

  #judgeBand(listing: Listing, priceTicks: number): FieldRefusal | undefined {
    const { priceBandPercent: band } = this.#parts.options;
    const market = band === undefined ? undefined : this.#parts.reference.middle(listing);
    if (band === undefined || market === undefined) return undefined;
    const isNear = Math.abs(priceTicks - market) * 10_000 <= market * Math.round(band * 100);
    const at = listing.priceText(market);
    return isNear
      ? undefined
      : refuse('price', `orderPrice: expected within ${band} % of the market, which is at ${at}`);
  }

  #judgeAtDesk(order: DeskOrder): FieldRefusal | undefined {
    const { desk, underWay, options } = this.#parts;
    const code = underWay.hasOrder(order.account, order.id) ? 'duplicate-id' : desk.check(order);
    if (code === undefined) return undefined;
    if (code === 'duplicate-id' && options.duplicateIds === 'rejected') return undefined;
    return refuse(deskRefusals[code], messageOf(code, order));
  }
}

/** Judges the time that a request names. */
export function judgeOrderTime(timeMs: number, nowMs: number, windowMs: number): FieldRefusal | undefined {
  if (Math.abs(timeMs - nowMs) <= windowMs) return undefined;
  return refuse(
    'timestamp',
    `time: expected within ${windowMs} ms of the server's, got ${timeMs - nowMs} ms from it`,
  );
}

/** The worst price that a market order takes: so far from `aroundTicks`, to the nearest tick, and one tick at least. */
export function protectivePrice(aroundTicks: number, side: 'buy' | 'sell', percent: number): number {
  const hundredths = BigInt(Math.round(percent * 100));
  const factor = 10_000n + (side === 'buy' ? hundredths : -hundredths);
  const ticks = Number((BigInt(aroundTicks) * factor + 5_000n) / 10_000n);
  return Math.max(1, ticks);
}

function readSize(listing: Listing, text: string): number | FieldRefusal {
  const { lotSize, minSize, maxSize } = listing.rules;
  const lots = listing.lotsOf(text);
  if (lots === undefined || lots === 0)
    return refuse('size', `orderQty: expected a multiple of ${lotSize} above 0, got ${quoted(text)}`);
  const size = amountOf(text) ?? 0n;
  const isWithin = size >= (amountOf(minSize) ?? 0n) && size <= (amountOf(maxSize) ?? size);
  return isWithin ? lots : refuse('size', `orderQty: expected ${minSize} to ${maxSize}, got ${quoted(text)}`);
}

function judgeNotional(listing: Listing, priceTicks: number, sizeLots: number): FieldRefusal | undefined {
  const { minNotional, maxNotional } = listing.rules;
  const price = amountOf(listing.priceText(priceTicks)) ?? 0n;
  const notional = timesAmount(price, amountOf(listing.sizeText(sizeLots)) ?? 0n);
  if (notional < (amountOf(minNotional) ?? 0n))
    return refuse('notional', `price x size: expected at least ${minNotional}`);
  if (notional > (amountOf(maxNotional) ?? notional))
    return refuse('notional', `price x size: expected at most ${maxNotional}`);
  return undefined;
}

const deskRefusals: Readonly<Record<RefusalCode, RefusalName>> = {
  'unknown-account': 'account',
  'unknown-instrument': 'product',
  'not-trading': 'restricted',
  'duplicate-id': 'orderId',
  'invalid-price': 'price',
  'invalid-stop': 'price',
  'invalid-size': 'size',
  'invalid-notional': 'notional',
  'invalid-combination': 'parameter',
  'insufficient-funds': 'balance',
};

function messageOf(code: RefusalCode, { id, symbol, side }: DeskOrder): string {
  if (code === 'duplicate-id') return `order ${id} is there already`;
  if (code === 'insufficient-funds') return `the available balance does not cover this ${side} of ${symbol}`;
  return `${symbol}: ${code}`;
}

function refuse(refused: RefusalName, message: string): FieldRefusal {
  return { refused, message };
}
