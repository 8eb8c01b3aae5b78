import { hasStop, takesAtAnyRate } from './book-order.ts';
import type { OrderRequest, RefusalCode } from './engine-types.ts';
import { type Instrument, notionalOf } from './instrument.ts';

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
  const isWithin = notional >= instrument.minNotional && notional <= instrument.maxNotional;
  return isWithin ? undefined : 'invalid-notional';
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

const sides: readonly string[] = ['buy', 'sell'];
const kinds: readonly string[] = ['limit', 'market', 'stop-limit', 'stop-market'];
const times: readonly string[] = ['GTC', 'IOC', 'FOK'];

function isCombination({
  side,
  kind,
  stopTicks,
  timeInForce = 'GTC',
  postOnly = false,
}: OrderRequest): boolean {
  if (!sides.includes(side) || !kinds.includes(kind) || !times.includes(timeInForce)) return false;
  if (hasStop(kind) !== (stopTicks !== undefined)) return false;
  if (postOnly && (kind !== 'limit' || timeInForce !== 'GTC')) return false;
  return !takesAtAnyRate(kind) || timeInForce === 'GTC';
}
