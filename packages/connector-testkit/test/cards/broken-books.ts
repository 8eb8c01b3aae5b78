import type { BookView, LiveBook, MarketHandle } from '@venuekit/connector-core';
import {
  type BrokenConnector,
  never,
  telling,
  vary,
  varyBook,
  varyHandle,
  varyMarketData,
  withoutOpening,
} from './broken-connector.ts';
import { rules } from './reference-venue.ts';

/** Changes every view of a live book. */
function varyLiveBook(
  connector: Parameters<BrokenConnector['break']>[0],
  change: (view: LiveBook) => Partial<LiveBook>,
): ReturnType<BrokenConnector['break']> {
  return varyBook(connector, (book) => ({
    read: () => {
      const view = book.read();
      return view.state === 'live' ? vary(view, change(view)) : view;
    },
  }));
}

/** Connectors whose books are wrong. */
export const brokenBooks: readonly BrokenConnector[] = [
  {
    card: 'VK-BOOK-010',
    about: 'gives the worst bid as the best',
    break: (connector) =>
      varyBook(connector, (book) => ({
        bestBid: () => {
          const view = book.read();
          return view.state === 'live' ? view.bids().at(-1) : book.bestBid();
        },
      })),
  },
  {
    card: 'VK-BOOK-010',
    about: 'hands out bids from the lowest on',
    also: ['VK-BOOK-020', 'VK-BOOK-140'],
    break: (connector) =>
      varyBook(connector, (book) => ({
        read: () => {
          const view = book.read();
          if (view.state !== 'live') return view;
          return { ...view, bids: () => view.bids().toReversed(), asks: view.asks };
        },
      })),
  },
  {
    card: 'VK-BOOK-020',
    about: 'hands out the same mutable view',
    break: (connector) =>
      varyBook(connector, (book) => ({
        whenLive: async (options) => {
          const first = await book.whenLive(options);
          const now = (): LiveBook => {
            const view = book.read();
            return view.state === 'live' ? view : first;
          };
          return vary(first, { bids: (depth) => now().bids(depth), asks: (depth) => now().asks(depth) });
        },
      })),
  },
  {
    card: 'VK-BOOK-030',
    about: 'begins with the next change',
    break: (connector) => varyBook(connector, withoutOpening),
  },
  {
    card: 'VK-BOOK-040',
    about: 'opens another pair for one that it does not know',
    break: (connector) =>
      varyMarketData(connector, ({ open }) => ({ open: (_pair, options) => open(rules.pair, options) })),
  },
  {
    card: 'VK-BOOK-050',
    about: 'has no best bid, and no error, once it is closed',
    break: (connector) =>
      varyBook(connector, (book) => ({
        bestBid: () => (book.read().state === 'closed' ? undefined : book.bestBid()),
      })),
  },
  {
    card: 'VK-BOOK-060',
    about: 'closes the pair for all when one handle is closed',
    break: (connector) => {
      const handles: MarketHandle[] = [];
      return varyHandle(connector, (handle) => {
        handles.push(handle);
        return {
          close: () => {
            for (const each of handles) each.close();
          },
        };
      });
    },
  },
  {
    card: 'VK-BOOK-070',
    about: 'keeps whoever opens before connect waiting',
    break: (connector) =>
      varyMarketData(connector, ({ open }) => ({
        open: (pair, options) => (connector.state === 'idle' ? never() : open(pair, options)),
      })),
  },
  {
    card: 'VK-BOOK-080',
    about: 'reads as live after the connector was closed',
    break: (connector) =>
      varyBook(connector, (book) => {
        let last: BookView = book.read();
        return {
          read: () => {
            if (connector.state !== 'closed') last = book.read();
            return last;
          },
          whenLive: async (options) => {
            last = await book.whenLive(options);
            return last;
          },
        };
      }),
  },
  {
    card: 'VK-BOOK-090',
    about: 'throws what a signal was aborted with',
    break: (connector) =>
      varyBook(connector, (book) => ({
        until: async function* (signal) {
          yield* book.until(signal);
          throw signal.reason;
        },
      })),
  },
  {
    card: 'VK-BOOK-100',
    about: 'says nothing of what is missing',
    break: (connector) =>
      varyBook(connector, (book) => telling(book, (event) => (event.kind === 'gap' ? [] : [event]))),
  },
  {
    card: 'VK-BOOK-100',
    about: 'notices a broken connection a second later',
    break: (connector, runtime) =>
      varyBook(connector, (book) => {
        let last: BookView | undefined;
        let lostAtMs: number | undefined;
        return {
          read: () => {
            const view = book.read();
            const now = runtime.clock.monotonic();
            if (view.state === 'stale') lostAtMs ??= now;
            else [last, lostAtMs] = [view, undefined];
            return last !== undefined && lostAtMs !== undefined && now - lostAtMs < 100 ? last : view;
          },
        };
      }),
  },
  {
    card: 'VK-BOOK-110',
    about: 'takes a book that is right for a wrong one',
    break: (connector) =>
      varyBook(connector, (book) => ({
        audit: async (options) => ({ ...(await book.audit(options)), outcome: 'repaired' }),
      })),
  },
  {
    card: 'VK-BOOK-120',
    about: 'waits as long as it takes, whatever was asked',
    break: (connector) => varyBook(connector, (book) => ({ whenLive: () => book.whenLive() })),
  },
  {
    card: 'VK-BOOK-130',
    about: 'goes on reading for a loop that was left',
    break: (connector) =>
      varyBook(connector, (book) => ({
        [Symbol.asyncIterator]: () => {
          const reader = book[Symbol.asyncIterator]();
          return { next: () => reader.next() };
        },
      })),
  },
  {
    card: 'VK-BOOK-140',
    about: 'takes the best price for the average one',
    break: (connector) =>
      varyLiveBook(connector, (view) => ({
        averagePrice: (side, amount, rounding) => ({
          ...view.averagePrice(side, amount, rounding),
          price: (side === 'buy' ? view.bestAsk : view.bestBid)?.price,
        }),
      })),
  },
  {
    card: 'VK-BOOK-140',
    about: 'says that a book is deep enough whatever is asked',
    break: (connector) =>
      varyLiveBook(connector, (view) => ({
        priceForVolume: (side, amount) => ({ ...view.priceForVolume(side, amount), isDeepEnough: true }),
      })),
  },
  {
    card: 'VK-BOOK-140',
    about: 'takes from the wrong side',
    break: (connector) =>
      varyBook(connector, (book) => ({
        volumeForPrice: (side, price) => book.volumeForPrice(side === 'buy' ? 'sell' : 'buy', price),
      })),
  },
  {
    card: 'VK-BOOK-140',
    about: 'answers after the end',
    break: (connector) =>
      varyBook(connector, (book) => {
        let last: LiveBook | undefined;
        const now = (): BookView => {
          const view = book.read();
          if (view.state === 'live') last = view;
          return view;
        };
        return {
          read: now,
          imbalance: (depth, rounding) =>
            now().state === 'live' || last === undefined
              ? book.imbalance(depth, rounding)
              : last.imbalance(depth, rounding),
        };
      }),
  },
];
