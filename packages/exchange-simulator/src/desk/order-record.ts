import { takesAtAnyRate } from '../engine/book-order.ts';
import type { EngineOrder, RefusalCode } from '../engine/engine-types.ts';
import { feeAssetOf } from '../engine/instrument.ts';
import type { Listing } from '../floor/listing.ts';
import type { DeskOrder, OrderPhase, OrderRecord } from './desk-types.ts';

/** When something was told. */
interface Telling {
  readonly atMs: number;
  readonly sequence: number;
}

/** An order of the engine as it is now. */
export function recordOf(order: EngineOrder, clientId: string, { atMs, sequence }: Telling): OrderRecord {
  return {
    id: order.id,
    clientId,
    account: order.account,
    symbol: order.symbol,
    side: order.side,
    kind: order.kind,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    sizeLots: order.sizeLots,
    priceTicks: order.priceTicks,
    stopTicks: order.stopTicks,
    phase: phaseOf(order),
    reason: order.cancelReason,
    filledLots: order.filledLots,
    filledQuote: order.filledQuote,
    fee: order.fee,
    feeAsset: order.feeAsset,
    createdAtMs: order.placedAtMs,
    updatedAtMs: atMs,
    sequence,
  };
}

/** An order that the engine did not take. */
export function refusedRecord(
  order: DeskOrder,
  reason: RefusalCode,
  { atMs, sequence }: Telling,
  listing: Listing | undefined,
): OrderRecord {
  const { id, clientId, account, symbol, side, kind, sizeLots, priceTicks, stopTicks } = order;
  return {
    ...{ id, clientId, account, symbol, side, kind, sizeLots, priceTicks, stopTicks, reason },
    timeInForce: takesAtAnyRate(kind) ? 'IOC' : (order.timeInForce ?? 'GTC'),
    postOnly: order.postOnly ?? false,
    phase: 'rejected',
    filledLots: 0,
    filledQuote: 0n,
    fee: 0n,
    feeAsset: listing === undefined ? '' : feeAssetOf(listing.rules, side),
    createdAtMs: atMs,
    updatedAtMs: atMs,
    sequence,
  };
}

function phaseOf({ status, filledLots }: EngineOrder): OrderPhase {
  if (status !== 'open') return status;
  return filledLots > 0 ? 'partly-filled' : 'open';
}
