import type { DepthContent } from '@venuekit/ascendex-wire';
import type { DepthStage, DepthUpdate } from '@venuekit/connector-core';

/** The snapshots that go with each channel of updates, whose numbers they have. */
export const snapshotKindOf = {
  depth: 'depth-snapshot',
  'depth-realtime': 'depth-snapshot-realtime',
} as const;

/** As {@link toDepthUpdate}, for a stage: a time of 0 is none. */
export function withoutTime(stage: DepthStage): void {
  if (stage.venueTimeMs === 0) stage.venueTimeMs = -1;
}

/** A depth message in the contract's terms. A snapshot of the real-time series has no time, and says so by 0. */
export function toDepthUpdate({ seqnum, venueTimeMs, bids, asks }: DepthContent): DepthUpdate {
  return { sequence: seqnum, venueTimeMs: venueTimeMs === 0 ? undefined : venueTimeMs, bids, asks };
}
