import type {
  FeeRates,
  InstrumentRules,
  OrderRequest,
  OrderSide,
  RefusalCode,
} from '../../src/engine/engine-types.ts';
import {
  exactly,
  type Fraction,
  fractionOf,
  isLess,
  product,
  roundedUp,
  sum,
  wholeNumber,
} from './fraction.ts';

const unitsOfOne = wholeNumber(1_000_000_000);

/** Price times size, in units of quote. */
export function notionalOf(rules: InstrumentRules, priceTicks: number, sizeLots: number): bigint {
  return exactly(product(priceTimesSize(rules, priceTicks, sizeLots), unitsOfOne));
}

/** A size in units of base. */
export function baseOf(rules: InstrumentRules, sizeLots: number): bigint {
  return exactly(product(wholeNumber(sizeLots), fractionOf(rules.lotSize), unitsOfOne));
}

/** What an order gives away if all of a size is traded at its limit. */
export function givenFor(
  rules: InstrumentRules,
  side: OrderSide,
  priceTicks: number,
  sizeLots: number,
): bigint {
  return side === 'buy' ? notionalOf(rules, priceTicks, sizeLots) : baseOf(rules, sizeLots);
}

/** What is held for a size at a limit. */
export function holdFor(
  rules: InstrumentRules,
  side: OrderSide,
  priceTicks: number,
  sizeLots: number,
): bigint {
  const given = wholeNumber(givenFor(rules, side, priceTicks, sizeLots));
  if (feeAssetOf(rules, side) !== givenAssetOf(rules, side)) return roundedUp(given);
  return roundedUp(product(given, sum(wholeNumber(1), fractionOf(rules.reserveRate))));
}

export function givenAssetOf(rules: InstrumentRules, side: OrderSide): string {
  return side === 'buy' ? rules.quote : rules.base;
}

export function gotAssetOf(rules: InstrumentRules, side: OrderSide): string {
  return side === 'buy' ? rules.base : rules.quote;
}

export function feeAssetOf(rules: InstrumentRules, side: OrderSide): string {
  if (rules.commission === 'quote') return rules.quote;
  if (rules.commission === 'base') return rules.base;
  return gotAssetOf(rules, side);
}

/** Whether what is held for fees is enough for them, where they are paid from that. */
export function coversRates(rules: InstrumentRules, { maker, taker }: FeeRates): boolean {
  if (rules.commission === 'received') return true;
  return [maker, taker].every((rate) => !isLess(fractionOf(rules.reserveRate), fractionOf(rate)));
}

/** Whether a trade at a price reaches the stop of an order. */
export function reachesStop(side: OrderSide, stopTicks: number, priceTicks: number): boolean {
  return side === 'buy' ? priceTicks >= stopTicks : priceTicks <= stopTicks;
}

/** Whether an order takes at a price of the other side. */
export function takesAt(side: OrderSide, limitTicks: number, priceTicks: number): boolean {
  return side === 'buy' ? priceTicks <= limitTicks : priceTicks >= limitTicks;
}

/** What is wrong with a request by itself, whoever makes it. */
export function faultOf(rules: InstrumentRules, request: OrderRequest): RefusalCode | undefined {
  if (!isCombination(request)) return 'invalid-combination';
  if (!isSize(rules, request.sizeLots)) return 'invalid-size';
  if (!isCount(request.priceTicks)) return 'invalid-price';
  if (request.stopTicks !== undefined && !isCount(request.stopTicks)) return 'invalid-stop';
  if (!isNotional(rules, request)) return 'invalid-notional';
  return undefined;
}

function isCombination(request: OrderRequest): boolean {
  const { side, kind, stopTicks, timeInForce = 'GTC', postOnly = false } = request;
  if (!['buy', 'sell'].includes(side)) return false;
  if (!['limit', 'market', 'stop-limit', 'stop-market'].includes(kind)) return false;
  if (!['GTC', 'IOC', 'FOK'].includes(timeInForce)) return false;
  const isStop = kind === 'stop-limit' || kind === 'stop-market';
  if (isStop !== (stopTicks !== undefined)) return false;
  if (postOnly && (kind !== 'limit' || timeInForce !== 'GTC')) return false;
  const isMarket = kind === 'market' || kind === 'stop-market';
  return !(isMarket && timeInForce !== 'GTC');
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isSize(rules: InstrumentRules, sizeLots: number): boolean {
  if (!isCount(sizeLots)) return false;
  const size = product(wholeNumber(sizeLots), fractionOf(rules.lotSize));
  return isWithin(size, rules.minSize, rules.maxSize);
}

function isNotional(rules: InstrumentRules, { kind, priceTicks, sizeLots }: OrderRequest): boolean {
  if (kind === 'market' || kind === 'stop-market') return true;
  return isWithin(priceTimesSize(rules, priceTicks, sizeLots), rules.minNotional, rules.maxNotional);
}

function isWithin(value: Fraction, least: string, most: string): boolean {
  return !isLess(value, fractionOf(least)) && !isLess(fractionOf(most), value);
}

function priceTimesSize(rules: InstrumentRules, priceTicks: number, sizeLots: number): Fraction {
  const price = product(wholeNumber(priceTicks), fractionOf(rules.tickSize));
  return product(price, wholeNumber(sizeLots), fractionOf(rules.lotSize));
}
