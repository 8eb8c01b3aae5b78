import type { BookLevel, BookView, Pair } from '@venuekit/connector-core';
import type { BookSync } from './book-sync.ts';

/** The book now, to keep: the levels are copied, decimals are made when they are asked for. */
export function bookView(sync: BookSync, pair: Pair, receivedAtMs: number): BookView {
  const { state, reason, sequence, venueTimeMs, book } = sync;
  if (state !== 'live' || sequence === undefined) {
    return { state: state === 'live' ? 'resyncing' : state, pair, reason: reason ?? '' };
  }
  const content = book.content();
  const best = { bid: lazily(() => content.bids(1)[0]), ask: lazily(() => content.asks(1)[0]) };
  return Object.freeze({
    state,
    pair,
    sequence,
    venueTimeMs,
    receivedAtMs,
    get bestBid() {
      return best.bid();
    },
    get bestAsk() {
      return best.ask();
    },
    ...content,
  });
}

function lazily(make: () => BookLevel | undefined): () => BookLevel | undefined {
  let made: { readonly level: BookLevel | undefined } | undefined;
  return () => {
    made ??= { level: make() };
    return made.level;
  };
}
