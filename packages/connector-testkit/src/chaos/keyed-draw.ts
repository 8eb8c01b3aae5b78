import { createKeyedRandom } from '@venuekit/connector-kit/testing';

/**
 * A whole number from `middle - spread` to `middle + spread`, both included, that depends on `key` alone. There is no state, so
 * that one more draw for one purpose shifts no other.
 */
export function drawAround(key: string, middle: number, spread: number): number {
  if (spread === 0) return middle;
  const drawn = createKeyedRandom({ high: 0, low: 0 }).next(key);
  return middle - spread + Math.floor(drawn * (2 * spread + 1));
}
