import { VenueError } from '@venuekit/connector-core';

/** What a price should be about. */
export interface ReferencePrice {
  /** Ticks. Anything but a finite number from 1 up means that there is none now, and the last one stays. */
  priceAt(atMs: number): number;
}

/** How a pair is traded. */
export interface TraderPair {
  readonly symbol: string;
  /** Where its price begins if there is no reference then, in ticks. */
  readonly homeTicks: number;
  /** Bouts of orders a second in ordinary times, up to 50. Busy pairs have several, quiet ones one in a minute. */
  readonly activity: number;
  /** Ordinary change of the price in a day, as a fraction up to 1: it decides how far apart orders stand. */
  readonly volatility: number;
  /** Traded in a day, in lots, more or less. */
  readonly lotsPerDay: number;
  /** Size of an ordinary order of the book, in lots. About so much at least stands near the best price at any time. */
  readonly typicalLots: number;
}

/**
 * Looks whether a pair can be traded so.
 * @throws VenueError `invalid-options` naming the pair and the field.
 */
export function requireTraderPair(pair: TraderPair): void {
  requireCount(pair, 'homeTicks');
  requireCount(pair, 'lotsPerDay');
  requireCount(pair, 'typicalLots');
  requireUpTo(pair, 'activity', 50);
  requireUpTo(pair, 'volatility', 1);
}

function requireCount(pair: TraderPair, field: 'homeTicks' | 'lotsPerDay' | 'typicalLots'): void {
  if (Number.isSafeInteger(pair[field]) && pair[field] >= 1) return;
  throw invalidPair(
    `${pair.symbol}, ${field}: expected a whole number from 1 to 2^53 - 1, got ${pair[field]}`,
  );
}

function requireUpTo(pair: TraderPair, field: 'activity' | 'volatility', most: number): void {
  if (pair[field] > 0 && pair[field] <= most) return;
  throw invalidPair(`${pair.symbol}, ${field}: expected a number above 0, up to ${most}, got ${pair[field]}`);
}

/** Traders that cannot be made of what they were given. */
export function invalidPair(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'traders', message });
}
