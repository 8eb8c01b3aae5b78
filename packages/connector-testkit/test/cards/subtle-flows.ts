import {
  type BookSnapshot,
  decimal,
  type MarketData,
  type TickerEvent,
  type Trade,
  type TradeEvent,
  VenueError,
} from '@venuekit/connector-core';
import {
  type BrokenConnector,
  telling,
  vary,
  varyHandle,
  varyMarketData,
  varyTrades,
} from './broken-connector.ts';
import { failing, fault, otherCode, refusing } from './one-fault.ts';

/** Tells trades in another way; each subscription on its own. */
const tellingTrades =
  (change: () => (event: TradeEvent) => readonly unknown[]): BrokenConnector['break'] =>
  (connector) =>
    varyTrades(connector, (trades) => ({
      subscribe: (listener, options) => telling(trades, change()).subscribe(listener, options),
    }));

/** Changes every trade that is told. */
const trading = (change: (trade: Trade) => object) =>
  tellingTrades(() => (event) => [event.kind === 'trade' ? { ...event, ...change(event) } : event]);

/** Changes every ticker. */
const ticking =
  (change: (event: TickerEvent & { readonly kind: 'ticker' }) => object): BrokenConnector['break'] =>
  (connector) =>
    varyHandle(connector, ({ ticker }) => ({
      ticker: vary(
        ticker,
        telling(ticker, (event) => [event.kind === 'ticker' ? { ...event, ...change(event) } : event]),
      ),
    }));

/** Answers with other trades. */
const fetchingTrades =
  (change: (trades: readonly Trade[]) => readonly Trade[]): BrokenConnector['break'] =>
  (connector) =>
    varyMarketData(connector, ({ fetchTrades }) => ({
      fetchTrades: async (pair, options) => change(await fetchTrades(pair, options)),
    }));

/** Answers with another book, made of the one that was asked for and of the whole one. */
const fetchingBook =
  (change: (book: BookSnapshot, whole: BookSnapshot) => object): BrokenConnector['break'] =>
  (connector) =>
    varyMarketData(connector, ({ fetchBook }) => ({
      fetchBook: async (pair, options) => {
        const book = await fetchBook(pair, options);
        return { ...book, ...change(book, await fetchBook(pair)) };
      },
    }));

const refusingData =
  (name: keyof MarketData, code: 'market-unavailable' | 'not-connected'): BrokenConnector['break'] =>
  (connector) =>
    varyMarketData(connector, (marketData) => refusing(marketData, name, otherCode, code));

/** Reads trades in another way. */
const readingTrades =
  (
    change: (reader: AsyncIterator<TradeEvent>) => Partial<AsyncIterator<TradeEvent>>,
  ): BrokenConnector['break'] =>
  (connector) =>
    varyTrades(connector, (trades) => ({
      [Symbol.asyncIterator]: () => {
        const reader = trades[Symbol.asyncIterator]();
        return vary(reader, { next: () => reader.next(), ...change(reader) });
      },
    }));

const [nothing, elsewhere] = [decimal('0'), 'OTHER-COIN'];

/** Connectors with trades, best prices or answers that only one assertion finds out. */
export const subtleFlows: readonly BrokenConnector[] = [
  fault(
    'VK-TRADE-010',
    'tells of trades of another pair',
    trading(() => ({ pair: elsewhere })),
  ),
  fault(
    'VK-TRADE-010',
    'tells of trades of nothing',
    trading(() => ({ amount: nothing })),
  ),
  fault(
    'VK-TRADE-010',
    'knows no side of a trade',
    trading(() => ({ side: 'unknown' })),
  ),
  fault(
    'VK-TRADE-010',
    'does not begin with a start',
    tellingTrades(() => {
      let starts = 0;
      return (event) => {
        if (event.kind === 'start') starts += 1;
        return event.kind === 'start' && starts === 1 ? [] : [event];
      };
    }),
    'VK-TRADE-020',
  ),
  fault(
    'VK-TRADE-010',
    'tells of five trades and no more',
    tellingTrades(() => {
      let told = 0;
      return (event) => {
        if (event.kind === 'trade') told += 1;
        return event.kind === 'trade' && told > 5 ? [] : [event];
      };
    }),
    ...['VK-TRADE-030', 'VK-TRADE-050'],
  ),
  fault('VK-TRADE-020', 'tells a later listener nothing but the start', (connector) =>
    varyTrades(connector, (trades) => {
      let listeners = 0;
      return {
        subscribe: (listener, options) => {
          listeners += 1;
          const isLate = listeners > 1;
          return telling(trades, (event) => (isLate && event.kind === 'trade' ? [] : [event])).subscribe(
            listener,
            options,
          );
        },
      };
    }),
  ),
  fault(
    'VK-TRADE-020',
    'tells a later listener the past behind its start',
    (connector) =>
      varyTrades(connector, (trades) => {
        const past: TradeEvent[] = [];
        trades.subscribe((event) => {
          if (event.kind === 'trade') past.push(event);
        });
        return telling(trades, (event) => (event.kind === 'start' ? [event, ...past] : [event]));
      }),
    'VK-TRADE-030',
  ),
  fault(
    'VK-TRADE-030',
    'has a gap that ends before it begins',
    tellingTrades(() => (event) => [event.kind === 'gap' ? { ...event, fromMs: event.toMs + 1 } : event]),
  ),
  fault(
    'VK-TRADE-040',
    'has bytes that arrived before anybody asked',
    trading(({ receivedAtMs }) => ({ receivedAtMs: receivedAtMs - 60_000 })),
  ),
  ...(
    [
      ['between two milliseconds', (venueTimeMs) => venueTimeMs + 0.5],
      ['in microseconds', (venueTimeMs) => venueTimeMs * 1_000],
    ] as const satisfies readonly (readonly [string, (venueTimeMs: number) => number])[]
  ).map(([how, change]) =>
    fault(
      'VK-TRADE-040',
      `gives the venue's time ${how}`,
      trading(({ venueTimeMs = 0 }) => ({ venueTimeMs: change(venueTimeMs) })),
    ),
  ),
  fault('VK-TRADE-050', 'counts each reader that fell behind twice', (connector) =>
    varyTrades(connector, (trades) => ({
      get stats() {
        return { ...trades.stats, slowConsumers: 2 * trades.stats.slowConsumers };
      },
    })),
  ),
  fault(
    'VK-TRADE-050',
    'ends a reader that fell behind without an error',
    readingTrades((reader) => ({
      next: () => reader.next().catch(() => ({ done: true, value: undefined })),
    })),
  ),
  fault(
    'VK-TRADE-050',
    'has another code for a reader that fell behind',
    readingTrades((reader) =>
      failing(reader, 'next', () => new VenueError({ code: 'closed', message: 'behind' })),
    ),
  ),
  fault(
    'VK-TRADE-050',
    'throws away what came before a reader fell behind',
    readingTrades((reader) => ({
      next: async () => {
        for (;;) await reader.next();
      },
    })),
  ),
  fault(
    'VK-TICK-010',
    'tells of tickers of another pair',
    ticking(() => ({ pair: elsewhere })),
  ),
  fault(
    'VK-TICK-010',
    'bids for nothing',
    ticking(({ bid }) => ({ bid: bid && { ...bid, amount: nothing } })),
  ),
  fault(
    'VK-TICK-010',
    'has tickers without a price',
    ticking(() => ({ bid: undefined, ask: undefined })),
  ),
  fault('VK-TICK-020', 'begins with a start in the place of the newest ticker', (connector) =>
    varyHandle(connector, ({ ticker }) => ({
      ticker: vary(ticker, {
        subscribe: (listener, options) => {
          let isOpening = true;
          const told = telling(ticker, (event) => [isOpening ? { ...event, kind: 'start' } : event]);
          const listening = told.subscribe(listener, options);
          isOpening = false;
          return listening;
        },
      }),
    })),
  ),
  fault('VK-TICK-020', 'begins with an old ticker', (connector) =>
    varyHandle(connector, ({ ticker }) => {
      let first: TickerEvent | undefined;
      return {
        ticker: vary(ticker, {
          subscribe: (listener, options) => {
            let isOpening = true;
            const told = telling(ticker, (event) => {
              if (event.kind === 'ticker') first ??= event;
              return [isOpening ? (first ?? event) : event];
            });
            const listening = told.subscribe(listener, options);
            isOpening = false;
            return listening;
          },
        }),
      };
    }),
  ),
  fault('VK-FETCH-010', 'gives the ticker of another pair', (connector) =>
    varyMarketData(connector, ({ fetchTickers }) => ({
      fetchTickers: async (pairs, options) =>
        (await fetchTickers(pairs, options)).map((ticker) => ({ ...ticker, pair: elsewhere })),
    })),
  ),
  fault(
    'VK-FETCH-020',
    'refuses tickers of an unknown pair with another code',
    refusingData('fetchTickers', 'market-unavailable'),
  ),
  fault(
    'VK-FETCH-030',
    'has no trades',
    fetchingTrades(() => []),
  ),
  fault(
    'VK-FETCH-030',
    'gives trades of another pair',
    fetchingTrades((trades) => trades.map((trade) => ({ ...trade, pair: elsewhere }))),
  ),
  fault(
    'VK-FETCH-030',
    'gives one trade twice',
    fetchingTrades((trades) => trades.map((trade, at) => trades[at === 1 ? 0 : at] ?? trade)),
  ),
  fault(
    'VK-FETCH-040',
    'gives the book of another pair',
    fetchingBook(() => ({ pair: elsewhere })),
  ),
  fault(
    'VK-FETCH-040',
    'gives bids deeper than asked for',
    fetchingBook((_book, { bids }) => ({ bids })),
  ),
  fault(
    'VK-FETCH-040',
    'gives asks deeper than asked for',
    fetchingBook((_book, { asks }) => ({ asks })),
  ),
  fault(
    'VK-FETCH-040',
    'gives a book without a price',
    fetchingBook(() => ({ bids: [], asks: [] })),
  ),
  fault(
    'VK-FETCH-040',
    'gives bids from the lowest on',
    fetchingBook(({ bids }) => ({ bids: bids.toReversed() })),
  ),
  fault(
    'VK-FETCH-040',
    'gives a best bid above the best ask',
    fetchingBook(({ bids }) => ({
      bids: bids.map((bid, at) => (at === 0 ? { ...bid, price: bid.price.times('2') } : bid)),
    })),
  ),
  ...(['fetchTickers', 'fetchTrades', 'fetchBook'] as const).map((name, at) =>
    fault(
      `VK-FETCH-${110 + 20 * at}`,
      `refuses ${name} before connect with another code`,
      refusingData(name, 'not-connected'),
    ),
  ),
];
