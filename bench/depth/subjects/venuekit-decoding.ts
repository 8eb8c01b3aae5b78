import { decodeStreamFrame } from '../../../packages/ascendex-wire/src/index.ts';
import type { DepthUpdate } from '../../../packages/connector-core/src/index.ts';

/** The exact decoder's reading of a frame. */
export function decodeDepthFrame(frame: Buffer): DepthUpdate {
  const message = decodeStreamFrame(frame.toString());
  if (message.type !== 'depth' && message.type !== 'depth-snapshot')
    throw new Error(`expected a depth message, got ${message.type}`);
  const { seqnum, venueTimeMs, bids, asks } = message;
  return { sequence: seqnum, venueTimeMs, bids, asks };
}
