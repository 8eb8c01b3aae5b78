import type { TickerEvent, TradeEvent } from '@venuekit/connector-core';
import {
  type BrokenConnector,
  telling,
  vary,
  varyHandle,
  varyMarketData,
  varyTrades,
  withoutOpening,
} from './broken-connector.ts';

/** Changes trades, and leaves the rest as it is. */
function trading(change: (trade: TradeEvent & { readonly kind: 'trade' }) => readonly unknown[]) {
  return (event: TradeEvent) => (event.kind === 'trade' ? change(event) : [event]);
}

/** Connectors whose trades, best prices or answers are wrong. */
export const brokenFlows: readonly BrokenConnector[] = [
  {
    card: 'VK-TRADE-010',
    about: 'counts trades downwards',
    also: ['VK-TRADE-050'],
    break: (connector) =>
      varyTrades(connector, (trades) =>
        telling(
          trades,
          trading((trade) => [{ ...trade, tradeId: `${1_000_000 - Number(trade.tradeId)}` }]),
        ),
      ),
  },
  {
    card: 'VK-TRADE-010',
    about: 'tells each trade twice',
    also: ['VK-TRADE-030', 'VK-TRADE-050'],
    break: (connector) =>
      varyTrades(connector, (trades) =>
        telling(
          trades,
          trading((trade) => [trade, trade]),
        ),
      ),
  },
  {
    card: 'VK-TRADE-020',
    about: 'tells a later listener the past',
    break: (connector) =>
      varyTrades(connector, (trades) => {
        const past: TradeEvent[] = [];
        return {
          subscribe: (listener, options) => {
            for (const event of past) listener(event);
            return trades.subscribe((event) => {
              if (event.kind === 'trade') past.push(event);
              listener(event);
            }, options);
          },
        };
      }),
  },
  {
    card: 'VK-TRADE-030',
    about: 'says nothing of missing trades',
    break: (connector) =>
      varyTrades(connector, (trades) => telling(trades, (event) => (event.kind === 'gap' ? [] : [event]))),
  },
  {
    card: 'VK-TRADE-030',
    about: 'does not say from when on trades are complete again',
    break: (connector) =>
      varyTrades(connector, (trades) => {
        let starts = 0;
        return telling(trades, (event) => {
          if (event.kind === 'start') starts += 1;
          return event.kind === 'start' && starts > 1 ? [] : [event];
        });
      }),
    also: ['VK-TRADE-020'],
  },
  {
    card: 'VK-TRADE-040',
    about: "gives the venue's time as its own",
    break: (connector) =>
      varyTrades(connector, (trades) =>
        telling(
          trades,
          trading((trade) => [{ ...trade, receivedAtMs: trade.venueTimeMs }]),
        ),
      ),
  },
  {
    card: 'VK-TRADE-040',
    about: "gives the venue's time in seconds",
    break: (connector) =>
      varyTrades(connector, (trades) =>
        telling(
          trades,
          trading((trade) => [{ ...trade, venueTimeMs: Math.floor((trade.venueTimeMs ?? 0) / 1_000) }]),
        ),
      ),
  },
  {
    card: 'VK-TRADE-050',
    about: 'keeps everything for a reader that does not read',
    break: (connector) =>
      varyTrades(connector, (trades) => ({
        [Symbol.asyncIterator]: () => {
          const kept: TradeEvent[] = [];
          trades.subscribe((event) => kept.push(event));
          return {
            next: async () => {
              const value = kept.shift();
              return value === undefined ? { done: true, value } : { done: false, value };
            },
          };
        },
      })),
  },
  {
    card: 'VK-TICK-010',
    about: 'takes the ask for the bid',
    break: (connector) =>
      varyHandle(connector, ({ ticker }) => ({
        ticker: vary(
          ticker,
          telling(ticker, (event: TickerEvent) =>
            event.kind === 'ticker' ? [{ ...event, bid: event.ask, ask: event.bid }] : [event],
          ),
        ),
      })),
  },
  {
    card: 'VK-TICK-020',
    about: 'begins with the next ticker',
    break: (connector) =>
      varyHandle(connector, ({ ticker }) => ({ ticker: vary(ticker, withoutOpening(ticker)) })),
  },
  {
    card: 'VK-FETCH-010',
    about: 'gives all tickers for none',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTickers }) => ({
        fetchTickers: (pairs = [], options) => fetchTickers(pairs.length > 0 ? pairs : undefined, options),
      })),
  },
  {
    card: 'VK-FETCH-020',
    about: 'leaves out pairs that it does not know',
    break: (connector) =>
      varyMarketData(connector, (marketData) => ({
        fetchTickers: async (pairs, options) => {
          const known = pairs?.filter((pair) => marketData.instruments.get(pair) !== undefined);
          return marketData.fetchTickers(known, options);
        },
      })),
  },
  {
    card: 'VK-FETCH-030',
    about: 'gives more trades than were asked for',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTrades }) => ({
        fetchTrades: (pair, { limit: _, ...options } = {}) => fetchTrades(pair, options),
      })),
  },
  {
    card: 'VK-FETCH-030',
    about: 'gives the newest trades first',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTrades }) => ({
        fetchTrades: async (pair, options) => (await fetchTrades(pair, options)).toReversed(),
      })),
  },
  {
    card: 'VK-FETCH-040',
    about: 'gives a deeper book than was asked for',
    break: (connector) =>
      varyMarketData(connector, ({ fetchBook }) => ({
        fetchBook: (pair, { depth: _, ...options } = {}) => fetchBook(pair, options),
      })),
  },
  {
    card: 'VK-FETCH-040',
    about: 'gives a book that is not sorted',
    break: (connector) =>
      varyMarketData(connector, ({ fetchBook }) => ({
        fetchBook: async (pair, options) => {
          const book = await fetchBook(pair, options);
          return { ...book, asks: [...book.asks.slice(0, 1), ...book.asks.slice(1).toReversed()] };
        },
      })),
  },
  {
    card: 'VK-FETCH-100',
    about: 'does not look at the signal of a question for tickers',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTickers }) => ({ fetchTickers: (pairs) => fetchTickers(pairs) })),
  },
  {
    card: 'VK-FETCH-110',
    about: 'has no tickers, and no error, before it is connected',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTickers }) => ({
        fetchTickers: async (pairs, options) =>
          connector.state === 'idle' ? [] : fetchTickers(pairs, options),
      })),
  },
  {
    card: 'VK-FETCH-120',
    about: 'does not look at the signal of a question for trades',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTrades }) => ({
        fetchTrades: (pair, { signal: _, ...options } = {}) => fetchTrades(pair, options),
      })),
  },
  {
    card: 'VK-FETCH-130',
    about: 'has no trades, and no error, before it is connected',
    break: (connector) =>
      varyMarketData(connector, ({ fetchTrades }) => ({
        fetchTrades: async (pair, options) => (connector.state === 'idle' ? [] : fetchTrades(pair, options)),
      })),
  },
  {
    card: 'VK-FETCH-140',
    about: 'does not look at the signal of a question for a book',
    break: (connector) =>
      varyMarketData(connector, ({ fetchBook }) => ({
        fetchBook: (pair, { signal: _, ...options } = {}) => fetchBook(pair, options),
      })),
  },
  {
    card: 'VK-FETCH-150',
    about: 'fails before it is connected with whatever went wrong',
    break: (connector) =>
      varyMarketData(connector, ({ fetchBook }) => ({
        fetchBook: async (pair, options) => {
          if (connector.state === 'idle') throw new TypeError('instruments is undefined');
          return fetchBook(pair, options);
        },
      })),
  },
];
