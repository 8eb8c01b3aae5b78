import type { Trade } from '@venuekit/connector-core';

const digits = /^\d+$/;

/**
 * True if it can be told that one trade came before another. Identifiers rise within a pair, but only those that are numbers show
 * it; of others the venue's time decides where there is one.
 */
export function isOlder(trade: Trade, other: Trade): boolean {
  if (digits.test(trade.tradeId) && digits.test(other.tradeId)) {
    return BigInt(trade.tradeId) < BigInt(other.tradeId);
  }
  const [time, otherTime] = [trade.venueTimeMs, other.venueTimeMs];
  return time !== undefined && otherTime !== undefined && time < otherTime;
}
