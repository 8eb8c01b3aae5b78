import { type Book, type BookEvent, type BookView, type Pair, VenueError } from '@venuekit/connector-core';
import { createFeedScope } from '../feed/feed-scope.ts';

/** A view on a shared book that can end before the book does. */
export interface BookScope {
  /** The shared book as seen through this scope, to hand out. */
  readonly book: Book;
  /** Ends its listeners and readers; from then on the book reads as closed. Doing it again does nothing. */
  end(): void;
}

/** Makes a scope of a book. */
export function createBookScope(shared: Book, venue: string, pair: Pair): BookScope {
  const feeds = createFeedScope<BookEvent>(shared);
  const reason = 'the handle was closed';
  const ended = new AbortController();
  const closed = () =>
    new VenueError({ code: 'closed', venue, operation: 'book', message: `${pair}: ${reason}` });
  const live = (): Book => {
    if (ended.signal.aborted) throw ended.signal.reason;
    return shared;
  };
  /** A wait of this handle ends with it, whoever else waits. */
  const until = (signal: AbortSignal | undefined) => {
    return signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  };
  const book: Book = {
    subscribe: (listener, options) => feeds.feed.subscribe(listener, options),
    [Symbol.asyncIterator]: () => feeds.feed[Symbol.asyncIterator](),
    until: (signal) => feeds.feed.until(signal),
    read: (): BookView => (ended.signal.aborted ? { state: 'closed', pair, reason } : shared.read()),
    bestBid: () => live().bestBid(),
    bestAsk: () => live().bestAsk(),
    priceForVolume: (side, amount) => live().priceForVolume(side, amount),
    volumeForPrice: (side, price) => live().volumeForPrice(side, price),
    averagePrice: (side, amount, rounding) => live().averagePrice(side, amount, rounding),
    priceForQuoteVolume: (side, quote) => live().priceForQuoteVolume(side, quote),
    imbalance: (depth, rounding) => live().imbalance(depth, rounding),
    whenLive: async (options = {}) => shared.whenLive({ ...options, signal: until(options.signal) }),
    audit: async (options = {}) => shared.audit({ ...options, signal: until(options.signal) }),
    get stats() {
      return shared.stats;
    },
  };
  return {
    book,
    end: () => {
      ended.abort(closed());
      feeds.end();
    },
  };
}
