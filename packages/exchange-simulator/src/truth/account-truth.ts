import type { AccountUpdate, OrderRecord, OrderUpdate } from '../desk/desk-types.ts';
import type { Balance } from '../engine/engine-types.ts';
import { toText } from '../engine/money.ts';
import type { Listing } from '../floor/listing.ts';
import type { BalanceTruth, TruthSink } from './truth-entry.ts';

/** Tells what becomes true of customers. */
export function createAccountTruth(
  tell: TruthSink,
  listings: ReadonlyMap<string, Listing>,
): (update: AccountUpdate) => void {
  return (update) => {
    if (update.kind === 'balance') {
      tell(balanceTruth(update, update.asset, update.balance, update.reason));
      return;
    }
    const listing = listings.get(update.symbol);
    if (listing === undefined || update.order === undefined) return;
    tellOrder(tell, update, update.order, listing);
    for (const [asset, balance] of [
      [listing.base, update.base],
      [listing.quote, update.quote],
    ] as const)
      tell(balanceTruth(update, asset, balance, 'order'));
  };
}

function tellOrder(tell: TruthSink, update: OrderUpdate, order: OrderRecord, listing: Listing): void {
  const { account, sequence, atMs: timeMs, change, orderId, symbol, fill } = update;
  const { side, feeAsset } = order;
  tell({
    ...{ kind: 'order', account, sequence, timeMs, change, orderId, symbol, side, feeAsset },
    clientId: order.clientId,
    type: order.kind,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    price: listing.priceText(order.priceTicks),
    ...(order.stopTicks === undefined ? {} : { stopPrice: listing.priceText(order.stopTicks) }),
    amount: listing.sizeText(order.sizeLots),
    phase: order.phase,
    ...(order.reason === undefined ? {} : { reason: order.reason }),
    filled: listing.sizeText(order.filledLots),
    filledQuote: toText(order.filledQuote),
    fee: toText(order.fee),
  });
  if (fill === undefined) return;
  tell({
    ...{ kind: 'fill', account, sequence, timeMs, orderId, symbol, side, feeAsset, liquidity: fill.role },
    price: listing.priceText(fill.priceTicks),
    amount: listing.sizeText(fill.sizeLots),
    quote: toText(fill.quote),
    fee: toText(fill.fee),
  });
}

function balanceTruth(
  { account, sequence, atMs }: AccountUpdate,
  asset: string,
  { total, held }: Balance,
  reason: BalanceTruth['reason'],
): BalanceTruth {
  return {
    ...{ kind: 'balance', account, sequence, timeMs: atMs, asset, reason },
    total: toText(total),
    available: toText(total - held),
  };
}
