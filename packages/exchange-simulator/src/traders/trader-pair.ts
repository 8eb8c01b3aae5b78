import { VenueError } from '@venuekit/connector-core';
import { pathLimits } from '../history/path-options.ts';
import { shownBeside } from '../shown-value.ts';

/** What a price should be about. */
export interface ReferencePrice {
  /**
   * Ticks. Anything but a finite number from 1 up means that there is none now, and the last one stays.
   * @param atMs the time, in milliseconds since the epoch. Clocks are set: it may go back.
   * @param elapsedMs milliseconds since the world was opened that asks, however its clock was set; it never goes back.
   */
  priceAt(atMs: number, elapsedMs: number): number;
}

/** How a pair is traded. */
export interface TraderPair {
  readonly symbol: string;
  /** About what its price wanders, and where it begins if there is no reference then, in ticks: a whole number from 1 to 10^11. */
  readonly homeTicks: number;
  /** Bouts of orders a second in ordinary times, above 0, up to 50. Busy pairs have several, quiet ones one in a minute. */
  readonly activity: number;
  /** Ordinary change of the price in a day, as a fraction above 0, up to 0.2: it decides how far apart orders stand. */
  readonly volatility: number;
  /** Traded in a day, in lots, more or less: a whole number from 1 to 10^12. */
  readonly lotsPerDay: number;
  /**
   * Size of an ordinary order of the book, in lots: a whole number from 1 to 10^12. About so much at least stands near the best price at any
   * time.
   */
  readonly typicalLots: number;
}

type Figure = Exclude<keyof TraderPair, 'symbol'>;

/** The most that a pair can have of each figure: what its path can be made from, and what its traders can do. */
export const pairLimits: Readonly<Record<Figure, number>> = {
  ...pathLimits,
  typicalLots: 1e12,
  activity: 50,
};

/**
 * Looks whether a pair can be traded so.
 * @throws VenueError `invalid-options` naming the pair and the field.
 */
export function requireTraderPair(pair: TraderPair): void {
  for (const field of ['homeTicks', 'lotsPerDay', 'typicalLots'] as const)
    requireFigure(
      pair,
      field,
      'a whole number from 1 to',
      (value) => Number.isSafeInteger(value) && value >= 1,
    );
  for (const field of ['activity', 'volatility'] as const)
    requireFigure(pair, field, 'a number above 0, up to', (value) => value > 0);
}

function requireFigure(
  pair: TraderPair,
  field: Figure,
  expected: string,
  fits: (value: number) => boolean,
): void {
  const [value, most] = [pair[field], pairLimits[field]];
  if (typeof value === 'number' && fits(value) && value <= most) return;
  const got = shownBeside(value, 'number');
  throw invalidPair(`${pair.symbol}, ${field}: expected ${expected} ${most}, got ${got}`);
}

/** Pairs that cannot be traded so. */
export function invalidPair(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'pairs', message });
}
