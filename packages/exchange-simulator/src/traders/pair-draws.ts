import type { Random } from '@venuekit/connector-core';

/** A number from 0 (included) to 1 (excluded). */
export type Draw = () => number;

/** Chance of a pair, with a stream for each purpose. */
export interface PairDraws {
  /** When something is done. */
  readonly pace: Draw;
  /** What is done. */
  readonly choice: Draw;
  /** At what price. */
  readonly price: Draw;
  /** How much of it. */
  readonly size: Draw;
  /** Trades. */
  readonly trade: Draw;
}

/** Draws from `random` under keys that begin with the symbol. */
export function createPairDraws(random: Random, symbol: string): PairDraws {
  const drawFor = (purpose: string): Draw => {
    const key = `${symbol} ${purpose}`;
    return () => random.next(key);
  };
  return {
    pace: drawFor('pace'),
    choice: drawFor('choice'),
    price: drawFor('price'),
    size: drawFor('size'),
    trade: drawFor('trade'),
  };
}

/**
 * Turns an even draw into an uneven one of a mean of about 1: mostly below, now and then up to four times as much. Made of exact operations
 * only, so that every engine gives the same.
 */
export function unevenly(draw: number): number {
  return 0.3 + (0.4 * draw) / (1 - 0.9 * draw);
}

/** As {@link unevenly}, but more so: mostly less than a half, now and then ten times as much. */
export function veryUnevenly(draw: number): number {
  return 0.12 + (0.326 * draw) / (1 - 0.97 * draw);
}

/** `value`, or the nearer of two bounds. */
export function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
