import type { Clock, Random, Timers } from '@venuekit/connector-core';
import type { Floor } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import { PairTrader } from './pair-trader.ts';
import { invalidPair, type ReferencePrice, type TraderPair } from './trader-pair.ts';

export type { ReferencePrice, TraderPair } from './trader-pair.ts';

/** What traders need. */
export interface TradersOptions {
  readonly floor: Floor;
  /** Rules by symbol. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** What they trade; somebody has looked at their figures. */
  readonly pairs: readonly TraderPair[];
  /** Where prices go, by symbol. */
  readonly reference: ReadonlyMap<string, ReferencePrice>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Every pair draws under keys of its own. */
  readonly random: Random;
}

/** Those who make the market. */
export interface Traders {
  /** Puts in the first books, so that they stand before anybody looks. */
  open(): void;
  /** Begins to trade; doing it again does nothing. */
  start(): void;
  /** Ends trading and leaves no timer. Orders stay in the book. */
  close(): void;
}

/**
 * Makes makers and takers about reference prices, with accounts of their own. The same seed, clock and operations of others: the same orders.
 * - **Price**: they follow the reference by at most 0.3 % a second; a stranger who sweeps the book pulls them along, and is forgotten within minutes.
 * - **Book**: every side has orders at any time, most of them canceled rather than filled; strangers apart, it holds
 *   {@link TraderPair.typicalLots} within 0.2 % of its best price.
 * - **Pace**: each pair has calm and bursts of its own; after a stranger's trade, makers are back within a second.
 * @throws VenueError `invalid-options` naming the pair: one without a listing or a reference, or one that comes twice.
 */
export function createTraders({ pairs, listings, reference, ...shared }: TradersOptions): Traders {
  const traders = new Map<string, PairTrader>();
  for (const pair of pairs) {
    const [listing, price] = [listings.get(pair.symbol), reference.get(pair.symbol)];
    if (listing === undefined) throw invalidPair(`${pair.symbol}: expected a listing of it, got none`);
    if (price === undefined) throw invalidPair(`${pair.symbol}: expected a reference price for it, got none`);
    if (traders.has(pair.symbol)) throw invalidPair(`${pair.symbol}: expected each pair once, got it twice`);
    traders.set(pair.symbol, new PairTrader({ ...shared, pair, listing, reference: price }));
  }
  shared.floor.listen({
    event(event) {
      if (event.kind !== 'order' || event.change === 'accepted' || event.change === 'triggered') return;
      traders.get(event.order.symbol)?.hear(event);
    },
  });
  return {
    open() {
      for (const trader of traders.values()) trader.open();
    },
    start() {
      for (const trader of traders.values()) trader.start();
    },
    close() {
      for (const trader of traders.values()) trader.close();
    },
  };
}
