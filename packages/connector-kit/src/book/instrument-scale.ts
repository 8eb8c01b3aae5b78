import type { DepthScale, DepthStage, Instrument } from '@venuekit/connector-core';
import { scratchStage } from './order-book.ts';

const most = 15;

/** Digits of an instrument's tick and lot; `undefined` where they are too many for whole numbers. */
export function scaleOf({ tickSize, lotSize }: Instrument): DepthScale | undefined {
  const scale = { priceScale: tickSize.decimalPlaces(), amountScale: lotSize.decimalPlaces() };
  return scale.priceScale <= most && scale.amountScale <= most ? scale : undefined;
}

/**
 * The stage into which messages of an instrument are read, for its live book; `undefined` for one whose book takes texts alone. All
 * instruments of a scale have the same: hand it on before the next message is read.
 */
export function stageOf(instrument: Instrument): DepthStage | undefined {
  const scale = scaleOf(instrument);
  return scale === undefined ? undefined : scratchStage(scale);
}
