import { hasStop, takesAtAnyRate } from './book-order.ts';
import type { OrderRequest, RefusalCode } from './engine-types.ts';
import { type Instrument, notionalOf } from './instrument.ts';
import { isAtMost } from './units.ts';

/** Why a request makes no sense, whoever makes it and whatever the market is. */
export function shapeRefusal(request: OrderRequest, instrument: Instrument): RefusalCode | undefined {
  if (!isCombination(request)) return 'invalid-combination';
  const { sizeLots, priceTicks, stopTicks } = request;
  if (!isCount(sizeLots) || sizeLots < instrument.minLots || sizeLots > instrument.maxLots)
    return 'invalid-size';
  if (!isCount(priceTicks)) return 'invalid-price';
  if (stopTicks !== undefined && !isCount(stopTicks)) return 'invalid-stop';
  if (takesAtAnyRate(request.kind)) return undefined;
  const notional = notionalOf(instrument, priceTicks, sizeLots);
  const isWithin = isAtMost(instrument.minNotional, notional) && isAtMost(notional, instrument.maxNotional);
  return isWithin ? undefined : 'invalid-notional';
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isCombination({
  side,
  kind,
  stopTicks,
  timeInForce = 'GTC',
  postOnly = false,
}: OrderRequest): boolean {
  if (!isSide(side) || !isKind(kind) || !isTime(timeInForce)) return false;
  if (hasStop(kind) !== (stopTicks !== undefined)) return false;
  if (postOnly && (kind !== 'limit' || timeInForce !== 'GTC')) return false;
  return !takesAtAnyRate(kind) || timeInForce === 'GTC';
}

// Compared one by one, which is quicker than a search of a list.
function isSide(side: string): boolean {
  return side === 'buy' || side === 'sell';
}

function isKind(kind: string): boolean {
  return kind === 'limit' || kind === 'market' || kind === 'stop-limit' || kind === 'stop-market';
}

function isTime(time: string): boolean {
  return time === 'GTC' || time === 'IOC' || time === 'FOK';
}
