import {
  type BookLevel,
  type BookQueries,
  type BookSideName,
  type Side,
  VenueError,
} from '@venuekit/connector-core';
import { bestLevels, decimalLevels, type QueriedBook } from './queried-book.ts';
import {
  averagePrice,
  imbalance,
  priceForQuoteVolume,
  priceForVolume,
  volumeForPrice,
} from './scaled-queries.ts';

/** Both sides as they were at one moment; never changed afterwards. */
export interface BookContent extends BookQueries {
  /** From the highest down, at most `depth`. */
  bids(depth?: number): readonly BookLevel[];
  /** From the lowest up, at most `depth`. */
  asks(depth?: number): readonly BookLevel[];
  /** The levels of a side one by one, the best first. */
  levels(side: BookSideName): IterableIterator<BookLevel>;
}

/** The queries of the contract over a book, which is looked at when they are asked. */
export function queriesOf(book: () => QueriedBook): BookQueries {
  return {
    priceForVolume: (side, amount) => priceForVolume(book(), takenFrom(side), amount),
    volumeForPrice: (side, price) => volumeForPrice(book(), takenFrom(side), price),
    averagePrice: (side, amount, rounding) => averagePrice(book(), takenFrom(side), amount, rounding),
    priceForQuoteVolume: (side, quote) => priceForQuoteVolume(book(), takenFrom(side), quote),
    imbalance: (depth, rounding) => imbalance(book(), depth, rounding),
  };
}

/** Content of a book that changes no more. */
export function contentOf(book: QueriedBook): BookContent {
  return {
    bids: (depth) => bestLevels(book, 'bids', depth),
    asks: (depth) => bestLevels(book, 'asks', depth),
    levels: (side) => decimalLevels(book, side),
    ...queriesOf(() => book),
  };
}

/** What the taker of a side takes from. @throws VenueError `invalid-request` for anything but a side. */
function takenFrom(side: Side): BookSideName {
  if (side === 'buy') return 'asks';
  if (side === 'sell') return 'bids';
  const message = `expected side to be buy or sell, got ${String(side).slice(0, 40)}`;
  throw new VenueError({ code: 'invalid-request', operation: 'book', message });
}
