import { BoundedCache } from './bounded-cache.ts';
import { createDrawnNumbers } from './drawn-numbers.ts';

/** A curve between -1 and 1 that turns about once in each of its periods and can be asked at any place. */
export type SmoothNoise = (at: number) => number;

/** The curve of a key. Its knots are a period apart; the first one lies anywhere. */
export function createSmoothNoise(key: string, period: number): SmoothNoise {
  const knots = new BoundedCache<number>(16);
  const valueAt = (knot: number): number =>
    knots.get(knot, () => 2 * createDrawnNumbers(`${key}\n${knot}`).even() - 1);
  const offset = createDrawnNumbers(key).even();
  return (at) => {
    const place = at / period + offset;
    const knot = Math.floor(place);
    const within = place - knot;
    const before = valueAt(knot);
    return before + (valueAt(knot + 1) - before) * within * within * (3 - 2 * within);
  };
}
