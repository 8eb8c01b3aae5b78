import { type Book, type BookEvent, type BookLevel, decimal, type LiveBook } from '@venuekit/connector-core';
import {
  type BrokenConnector,
  type Spot,
  telling,
  varyBook,
  varyHandle,
  varyMarketData,
} from './broken-connector.ts';
import { fault, opening, otherCode, refusing } from './one-fault.ts';

type Change = (view: LiveBook) => Partial<LiveBook>;
type Sides = readonly [bids: readonly BookLevel[], asks: readonly BookLevel[]];

const books =
  (change: (book: Book, connector: Spot) => Partial<Book>): BrokenConnector['break'] =>
  (connector) =>
    varyBook(connector, (book) => change(book, connector));

function changed(view: LiveBook, change: Change): LiveBook {
  const { bids, asks } = view;
  return { ...view, bids, asks, ...change(view) };
}

/** Another view whenever one is read. */
const reading = (change: Change) =>
  books((book) => ({
    read: () => {
      const view = book.read();
      return view.state === 'live' ? changed(view, change) : view;
    },
  }));

/** Another view for who waits for the nth time. */
const waiting = (nth: number, change: Change) =>
  books((book) => {
    let count = 0;
    return {
      whenLive: async (options) => {
        const view = await book.whenLive(options);
        count += 1;
        return count === nth ? changed(view, change) : view;
      },
    };
  });

/** Other sides, with the best prices that belong to them. */
function sides(change: (...sides: Sides) => Sides): Change {
  return (view) => {
    const [bids, asks] = change(view.bids(), view.asks());
    const side = (levels: readonly BookLevel[]) => (depth?: number) => levels.slice(0, depth);
    return { bids: side(bids), asks: side(asks), bestBid: bids[0], bestAsk: asks[0] };
  };
}

const deepReversed = (levels: readonly BookLevel[]) => [
  ...levels.slice(0, 1),
  ...levels.slice(1).toReversed(),
];
const level = (price: string, amount: string): BookLevel => ({
  price: decimal(price),
  amount: decimal(amount),
});

/** What is wrong with the first view that somebody waits for. */
const wrongViews: readonly (readonly [about: string, change: Change])[] = [
  ['has deep bids from the lowest on', sides((bids, asks) => [deepReversed(bids), asks])],
  ['has deep asks from the highest on', sides((bids, asks) => [bids, deepReversed(asks)])],
  ['has a view with the second bid as its best', (view) => ({ bestBid: view.bids()[1] })],
  ['has a view with the second ask as its best', (view) => ({ bestAsk: view.asks()[1] })],
  [
    'has a best bid above the best ask',
    sides((bids, asks) => [[{ ...asks[1], ...level('500', '1') }, ...bids], asks]),
  ],
  ['has a bid at a price of zero', sides((bids, asks) => [[...bids, level('0', '1')], asks])],
  ['has an ask for nothing', sides((bids, asks) => [bids, [...asks, level('500', '0')]])],
];

/** Remembers which handles were closed, and how many. */
function afterClose(
  change: (book: Book, isClosed: () => boolean) => Partial<Book>,
): BrokenConnector['break'] {
  return (connector) => {
    let closed = 0;
    return varyHandle(
      varyBook(connector, (book) => change(book, () => closed > 0)),
      (handle) => ({
        close: () => {
          closed += 1;
          handle.close();
        },
      }),
    );
  };
}

/** Tells events of a book in another way. */
const tellingBook = (change: () => (event: BookEvent) => readonly unknown[]) =>
  books((book) => telling(book, change()));

const counting = (change: (stats: Book['stats']) => Partial<Book['stats']>) =>
  books((book) => ({
    get stats() {
      return { ...book.stats, ...change(book.stats) };
    },
  }));

/** Connectors with books that only one assertion finds out. */
export const subtleBooks: readonly BrokenConnector[] = [
  ...wrongViews.map(([about, change]) => fault('VK-BOOK-010', about, waiting(1, change))),
  fault(
    'VK-BOOK-010',
    'reads deep asks from the highest on',
    reading(({ asks }) => ({ asks: (depth) => deepReversed(asks()).slice(0, depth) })),
    'VK-BOOK-020',
    'VK-BOOK-140',
  ),
  fault(
    'VK-BOOK-010',
    'has a live book without a price',
    books((book) => ({
      bestBid: () => (book.read().state === 'live' ? undefined : book.bestBid()),
      bestAsk: () => (book.read().state === 'live' ? undefined : book.bestAsk()),
      read: () => {
        const view = book.read();
        return view.state === 'live'
          ? changed(
              view,
              sides(() => [[], []]),
            )
          : view;
      },
    })),
    'VK-BOOK-140',
  ),
  fault(
    'VK-BOOK-010',
    'gives the second ask as the best',
    books((book) => ({
      bestAsk: () => {
        const view = book.read();
        return view.state === 'live' ? view.asks()[1] : book.bestAsk();
      },
    })),
  ),
  fault(
    'VK-BOOK-030',
    'begins with a state that is over',
    books((book) => opening(book, (event) => (event.kind === 'book' ? { ...event, state: 'stale' } : event))),
  ),
  ...(
    [
      ['VK-BOOK-040', 'market-unavailable', 'of an unknown pair'],
      ['VK-BOOK-070', 'not-connected', 'before connect'],
      ['VK-BOOK-080', 'closed', 'after close'],
    ] as const
  ).map(([card, code, when]) =>
    fault(card, `refuses the opening ${when} with another code`, (connector) =>
      varyMarketData(connector, (marketData) => refusing(marketData, 'open', otherCode, code)),
    ),
  ),
  fault(
    'VK-BOOK-050',
    'calls a handle that was closed stale',
    books((book, connector) => ({
      read: () => {
        const view = book.read();
        return view.state === 'closed' && connector.state === 'live' ? { ...view, state: 'stale' } : view;
      },
    })),
  ),
  fault(
    'VK-BOOK-050',
    'does not tell listeners of the end',
    books((book) => ({ subscribe: (listener) => book.subscribe(listener) })),
  ),
  fault(
    'VK-BOOK-050',
    'has another code for the price of a closed book',
    books((book) => refusing(book, 'bestBid', otherCode, 'closed')),
  ),
  fault(
    'VK-BOOK-050',
    'has another code for who waits for a closed book',
    books((book) => refusing(book, 'whenLive', otherCode, 'closed')),
  ),
  fault(
    'VK-BOOK-050',
    'gives an old view to who waits for a closed book',
    books((book) => {
      let last: LiveBook | undefined;
      return {
        whenLive: async (options) => {
          if (book.read().state !== 'closed' || last === undefined) last = await book.whenLive(options);
          return last;
        },
      };
    }),
  ),
  fault(
    'VK-BOOK-060',
    'loses the second book for a moment when the first is closed',
    afterClose((book, isClosed) => {
      let asked = 0;
      return {
        read: () => {
          const view = book.read();
          const { pair, state } = view;
          if (isClosed() && state === 'live') asked += 1;
          return asked === 1 && state === 'live'
            ? { ...{ pair, state: 'stale', reason: 'closed' }, sinceMs: 0 }
            : view;
        },
      };
    }),
  ),
  fault(
    'VK-BOOK-060',
    'tells no change of the second book once the first is closed',
    afterClose((book, isClosed) => telling(book, (event) => (isClosed() ? [] : [event]))),
  ),
  fault(
    'VK-BOOK-060',
    'tells of changes of the second book that it does not make',
    afterClose((book, isClosed) => {
      let last = book.read();
      return {
        whenLive: async (options) => {
          const view = await book.whenLive(options);
          last = view;
          return view;
        },
        read: () => {
          const view = book.read();
          return isClosed() && view.state === 'live' ? last : view;
        },
      };
    }),
  ),
  fault('VK-BOOK-080', 'opens markets after it was closed', (connector) => {
    let last: ReturnType<Spot['marketData']['open']> | undefined;
    return varyMarketData(connector, ({ open }) => ({
      open: (pair, options) => {
        if (connector.state !== 'closed' || last === undefined) last = open(pair, options);
        return last;
      },
    }));
  }),
  fault(
    'VK-BOOK-090',
    'ends a reading before its signal is aborted',
    books((book) => ({
      until: async function* (signal) {
        let left = 2;
        for await (const event of book.until(signal)) {
          yield event;
          left -= 1;
          if (left === 0) return;
        }
      },
    })),
  ),
  fault(
    'VK-BOOK-100',
    'reads as live without a connection',
    books((book) => {
      let last = book.read();
      return {
        read: () => {
          const view = book.read();
          if (view.state === 'live' || view.state === 'closed') last = view;
          return last;
        },
      };
    }),
    'VK-BOOK-120',
  ),
  fault(
    'VK-BOOK-100',
    'has no best ask, and no error, without a connection',
    books((book) => ({ bestAsk: () => (book.read().state === 'stale' ? undefined : book.bestAsk()) })),
  ),
  fault(
    'VK-BOOK-100',
    'has another code for the price of a stale book',
    books((book) => refusing(book, 'bestAsk', otherCode, 'stale')),
  ),
  fault(
    'VK-BOOK-100',
    'has another code for the audit of a stale book',
    books((book) => refusing(book, 'audit', otherCode, 'stale')),
  ),
  fault(
    'VK-BOOK-100',
    'finds a stale book equal',
    books((book) => {
      const result = { outcome: 'equal' } as Awaited<ReturnType<Book['audit']>>;
      return {
        audit: async (options) => (book.read().state === 'live' ? book.audit(options) : result),
      };
    }),
  ),
  fault(
    'VK-BOOK-100',
    'comes back with deep bids from the lowest on',
    waiting(
      2,
      sides((bids, asks) => [deepReversed(bids), asks]),
    ),
  ),
  fault(
    'VK-BOOK-100',
    'has a gap that ends before it begins',
    tellingBook(() => (event) => [event.kind === 'gap' ? { ...event, fromMs: event.toMs + 1 } : event]),
  ),
  fault(
    'VK-BOOK-100',
    'tells of a gap, but not of the loss before it',
    tellingBook(
      () => (event) =>
        event.kind === 'gap' || event.state === 'live' || event.state === 'closed' ? [event] : [],
    ),
  ),
  fault(
    'VK-BOOK-100',
    'tells of a gap when the book is live again',
    tellingBook(() => {
      let late: readonly BookEvent[] = [];
      return (event) => {
        if (event.kind !== 'gap' && event.state !== 'live') return [event];
        const told = event.kind === 'gap' ? [] : [event, ...late];
        late = event.kind === 'gap' ? [event] : [];
        return told;
      };
    }),
  ),
  fault(
    'VK-BOOK-110',
    'does not count audits',
    counting(() => ({ audits: 0 })),
  ),
  fault(
    'VK-BOOK-110',
    'counts a gap for each audit',
    counting(({ audits }) => ({ gaps: audits })),
  ),
  fault(
    'VK-BOOK-120',
    'has another code for a wait that was too long',
    books((book) => refusing(book, 'whenLive', otherCode, 'timeout')),
  ),
  fault(
    'VK-BOOK-130',
    'does not count its readers',
    counting(() => ({ consumers: 0 })),
  ),
];
