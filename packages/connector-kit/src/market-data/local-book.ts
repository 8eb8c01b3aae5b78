import type { BookLevel, VenueError } from '@venuekit/connector-core';
import { type DepthUpdate, OrderBook, type PriceLevelText } from '../book/order-book.ts';

/** Both sides of a book, or changes of both. */
export type BookSides = Pick<DepthUpdate, 'bids' | 'asks'>;

/** The true book of a market without a network: it makes its own sequence numbers. */
export class LocalBook {
  readonly #fault: (message: string) => VenueError;
  #book = new OrderBook();
  #sequence = 0n;

  /** @param fault makes the error of a book that cannot be. */
  constructor(fault: (message: string) => VenueError) {
    this.#fault = fault;
  }

  /** True once there is a book. */
  get known(): boolean {
    return this.#sequence > 0n;
  }

  /** The whole book, as a venue's snapshot. */
  snapshot(venueTimeMs: number): DepthUpdate {
    const { bids, asks } = this.#book.content();
    return {
      sequence: this.#sequence,
      venueTimeMs,
      bids: bids().map(toText),
      asks: asks().map(toText),
    };
  }

  /** Makes it another book; gives the change that leads there. */
  replace(sides: BookSides, venueTimeMs: number): DepthUpdate {
    const next = new OrderBook();
    this.#guard(next, () => next.replace(sides));
    const [before, after] = [this.#book.content(), next.content()];
    this.#book = next;
    this.#sequence += 1n;
    return {
      sequence: this.#sequence,
      venueTimeMs,
      bids: differences(before.bids(), after.bids()),
      asks: differences(before.asks(), after.asks()),
    };
  }

  /** Changes some levels; gives the change. Nothing is changed if it throws. */
  change(sides: BookSides, venueTimeMs: number): DepthUpdate {
    const book = this.#book;
    const before = book.content();
    try {
      this.#guard(book, () => book.apply(sides));
    } catch (error) {
      book.replace({ bids: before.bids().map(toText), asks: before.asks().map(toText) });
      throw error;
    }
    this.#sequence += 1n;
    return { ...sides, sequence: this.#sequence, venueTimeMs };
  }

  #guard(book: OrderBook, act: () => void): void {
    try {
      act();
    } catch (error) {
      throw this.#fault(error instanceof Error ? error.message : String(error));
    }
    if (!book.crossed) return;
    const { bestBid, bestAsk } = book;
    throw this.#fault(`expected a best bid below the best ask, got ${bestBid?.price} and ${bestAsk?.price}`);
  }
}

function toText({ price, amount }: BookLevel): PriceLevelText {
  return [price.toString(), amount.toString()];
}

/** The levels that make one side into another. */
function differences(before: readonly BookLevel[], after: readonly BookLevel[]): PriceLevelText[] {
  const left = new Map(before.map(toText));
  const changed = after.map(toText).filter(([price, amount]) => {
    const same = left.get(price) === amount;
    left.delete(price);
    return !same;
  });
  return [...[...left.keys()].map((price) => [price, '0'] as const), ...changed];
}
