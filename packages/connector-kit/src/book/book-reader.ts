import type {
  AsyncOptions,
  AuditResult,
  Book,
  BookEvent,
  BookLevel,
  BookStats,
  BookView,
  Feed,
  LiveBook,
} from '@venuekit/connector-core';
import { queriesOf } from './book-content.ts';
import type { QueriedBook } from './queried-book.ts';

/** What the reading side of a live book is made of. */
export interface BookReaderParts {
  readonly feed: Feed<BookEvent>;
  /** The book now, to keep. */
  readonly read: () => BookView;
  /** The best level now. @throws VenueError unless the book is live. */
  readonly best: (side: 'bestBid' | 'bestAsk') => BookLevel | undefined;
  /** The book itself, for queries that are answered at once. @throws VenueError unless the book is live. */
  readonly queried: () => QueriedBook;
  readonly whenLive: (options: AsyncOptions) => Promise<LiveBook>;
  readonly audit: (options: AsyncOptions) => Promise<AuditResult>;
  readonly counts: () => BookStats;
}

/** The reading side of a live book, to hand out. */
export function createBookReader({ feed, read, best, queried, counts, ...parts }: BookReaderParts): Book {
  return {
    subscribe: (listener, options) => feed.subscribe(listener, options),
    [Symbol.asyncIterator]: () => feed[Symbol.asyncIterator](),
    until: (signal) => feed.until(signal),
    read: () => read(),
    bestBid: () => best('bestBid'),
    bestAsk: () => best('bestAsk'),
    ...queriesOf(queried),
    whenLive: (options = {}) => parts.whenLive(options),
    audit: (options = {}) => parts.audit(options),
    get stats(): Book['stats'] {
      return { ...feed.stats, ...counts() };
    },
  };
}
