import { type DepthStage, type DepthUpdate, toDepthUpdate } from '@venuekit/connector-core';

/** What waits for a snapshot outlives its stage, which is used again. */
export function toKept(update: DepthUpdate | DepthStage): DepthUpdate {
  return typeof update.sequence === 'bigint' ? (update as DepthUpdate) : toDepthUpdate(update as DepthStage);
}
