import { toUnits } from '../engine/money.ts';
import type { Listing } from '../floor/listing.ts';
import type { BalanceUpdate, Movement, MovementLine, OrderUpdate } from './desk-types.ts';

/** What a fill did to its account: what was given, what was got, and the fee; nothing if the update is of no fill. */
export function fillMovement(update: OrderUpdate, listing: Listing): Movement | undefined {
  const { order, fill, sequence, atMs } = update;
  if (order === undefined || fill === undefined) return undefined;
  const { side, kind, id: orderId, feeAsset } = order;
  const { quote, fee, sizeLots, role } = fill;
  const base = toUnits(listing.rules.lotSize, 'lot') * BigInt(sizeLots);
  const sign = side === 'buy' ? 1n : -1n;
  const line = (asset: string, change: bigint, total: bigint): MovementLine => ({
    ...{ asset, what: 'trade', change },
    total: asset === feeAsset ? total + fee : total,
  });
  const feeTotal = feeAsset === listing.base ? update.base.total : update.quote.total;
  return {
    sequence,
    atMs,
    lines: [
      line(listing.base, sign * base, update.base.total),
      line(listing.quote, -sign * quote, update.quote.total),
      { asset: feeAsset, what: 'fee', change: -fee, total: feeTotal },
    ],
    fill: { orderId, kind, side, role },
  };
}

/** What a deposit and the like did to its account. */
export function moneyMovement(update: BalanceUpdate): Movement {
  const { sequence, atMs, asset, reason, change, balance } = update;
  return { sequence, atMs, lines: [{ asset, what: reason, change, total: balance.total }] };
}
