/**
 * The market-data facet of a connector, over a stream session: handles, reference counts, lazy subscriptions, books and flows.
 *
 * @packageDocumentation
 */
export { createInstruments } from './instrument-list.ts';
export {
  createLiveMarkets,
  type LiveMarkets,
  type LiveMarketsOptions,
  type MarketWriter,
} from './live-markets.ts';
export type { TickerKeeper, TickerUpdate } from './ticker-keeper.ts';
export type { StreamKeeper, TradesKeeper, TradeUpdate } from './trades-keeper.ts';
