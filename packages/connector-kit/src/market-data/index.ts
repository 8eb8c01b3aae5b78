/**
 * The market-data facet of a connector, over a stream session or in memory: handles, reference counts, lazy subscriptions, books
 * and flows.
 *
 * @packageDocumentation
 */
export { createInstrument, type InstrumentTerms } from './instrument.ts';
export { createInstruments } from './instrument-list.ts';
export {
  createLiveMarkets,
  type FreshnessOptions,
  type LiveMarkets,
  type LiveMarketsOptions,
  type MarketWriter,
} from './live-markets.ts';
export {
  createLocalMarkets,
  type LocalMarkets,
  type LocalMarketsOptions,
  type LocalTicker,
  type LocalTrade,
} from './local-markets.ts';
export { createMarketData, type MarketDataParts } from './market-data.ts';
export { type MarketSessions, singleSession } from './market-sessions.ts';
export type { TickerKeeper, TickerUpdate } from './ticker-keeper.ts';
export type { LatestTrade, StreamKeeper, TradesKeeper, TradeUpdate } from './trades-keeper.ts';
