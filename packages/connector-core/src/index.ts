/**
 * The contract between trading programs and exchange connectors: domain types, exact decimals, typed errors. No I/O.
 *
 * @packageDocumentation
 */
export type {
  Account,
  Balance,
  BalanceState,
  Balances,
  KeyPermission,
} from './account.ts';
export type {
  AccountEvent,
  AccountWarning,
  BalanceChanged,
  OrderAcked,
  OrderAdopted,
  OrderAnomaly,
  OrderCancelChanged,
  OrderCanceled,
  OrderCorrected,
  OrderDenied,
  OrderEvent,
  OrderEventBase,
  OrderEventKind,
  OrderExpired,
  OrderExternal,
  OrderFilled,
  OrderFillRefined,
  OrderFillTold,
  OrderNotPlaced,
  OrderOpened,
  OrderRecovered,
  OrderRejected,
  OrderSent,
  OrderSettled,
  OrderTriggered,
  OrderUncertain,
  TradingStateChanged,
} from './account-events.ts';
export type { AsyncOptions } from './async-options.ts';
export type {
  AveragePrice,
  BookQueries,
  BookSideName,
  Imbalance,
  PriceForQuoteVolume,
  PriceForVolume,
  VolumeForPrice,
} from './book-queries.ts';
export { addIntervalsMs, intervalStartMs, intervalsBetween } from './calendar.ts';
export type {
  Candle,
  CandleClosed,
  CandleColumns,
  CandleDownload,
  CandleEvent,
  CandleForming,
  CandleHandle,
  CandleProgress,
  CandleQuery,
  CandleRevised,
  CandleSeries,
  CandleSubscription,
  Candles,
  EmptyIntervals,
  TimeRange,
} from './candles.ts';
export type {
  CandlesCapabilities,
  Capabilities,
  MarketDataCapabilities,
  StreamName,
  TradingCapabilities,
} from './capabilities.ts';
export {
  type CandlesConnector,
  type ConnectionChanged,
  type ConnectionState,
  type Connector,
  type ConnectorEvent,
  contractVersion,
  type DataRefused,
  type MarketDataConnector,
  type SpotConnector,
  type SubscriptionRefused,
  type TradingConnector,
} from './connector.ts';
export {
  type Decimal,
  type DecimalInput,
  type DivideOptions,
  decimal,
  isDecimal,
  type Rounding,
} from './decimal.ts';
export {
  clearDepthStage,
  createDepthStage,
  type DepthScale,
  type DepthStage,
  type DepthStageOptions,
  type DepthStageSide,
  growDepthStage,
  requireDepthScale,
} from './depth-stage.ts';
export { type DepthUpdate, type PriceLevelText, stageDepthUpdate, toDepthUpdate } from './depth-update.ts';
export { hasCandles, hasMarketData, hasTrading } from './facets.ts';
export type { Feed, FeedStats, GapEvent, StartEvent, SubscribeOptions } from './feed.ts';
export type { FeeAsset, Instrument, InstrumentStatus, Instruments, Pair } from './instrument.ts';
export {
  type Interval,
  type IntervalParts,
  type IntervalUnit,
  isInterval,
  parseInterval,
} from './interval.ts';
export type {
  AuditResult,
  Book,
  BookChanged,
  BookEvent,
  BookLevel,
  BookSnapshot,
  BookState,
  BookStats,
  BookView,
  EventTimes,
  FeeRates,
  LiveBook,
  MarketData,
  MarketHandle,
  OpenOptions,
  Side,
  Ticker,
  TickerChanged,
  TickerEvent,
  Trade,
  TradeEvent,
  UnavailableBook,
} from './market-data.ts';
export {
  type ExternalOrder,
  endedStatuses,
  type FeeCharge,
  type Fill,
  isEnded,
  type LimitMakerOrderRequest,
  type LimitOrderRequest,
  type MarketOrderRequest,
  type MoneyInput,
  type Order,
  type OrderKnowledge,
  type OrderRequest,
  type OrderStatus,
  type OrderType,
  type PendingCommand,
  type StandardOrderType,
  type StopLimitOrderRequest,
  type StopMarketOrderRequest,
  type TimeInForce,
  type TrackedOrder,
} from './order.ts';
export { type OrderEvidence, orderEvidence } from './order-evidence.ts';
export type { Emission, OrderTransition } from './order-transition.ts';
export { type OrderTransitionRow, orderTransitions } from './order-transitions.ts';
export type {
  Clock,
  Ids,
  LogFields,
  Logger,
  Meter,
  OpenSocket,
  Random,
  Runtime,
  Socket,
  SocketHandlers,
  SocketOptions,
  Timers,
} from './runtime.ts';
export type {
  CancelAllResult,
  FillQuery,
  OrderHistoryQuery,
  OrderReference,
  OrderState,
  Orders,
  PlaceOptions,
  PlaceResult,
  Trading,
  TradingState,
  UnknownDecision,
} from './trading.ts';
export { unexpectedKind } from './unexpected-kind.ts';
export {
  type CommandOutcome,
  isVenueError,
  type OrderRule,
  VenueError,
  type VenueErrorInit,
} from './venue-error.ts';
export { type VenueErrorCode, type VenueErrorCodeInfo, venueErrorCodes } from './venue-error-codes.ts';
export type {
  AnyName,
  CandlesConnectorOf,
  CandlesName,
  CandlesOptionsOf,
  OptionsArgument,
  SpotConnectorOf,
  SpotName,
  SpotOptionsOf,
} from './venue-names.ts';
export type {
  CandlesFactory,
  ComponentStatus,
  SpotFactory,
  VenueInfo,
  VenuePlugin,
  VenueState,
  VenueWrap,
} from './venue-plugin.ts';
export { createVenueRegistry, type VenueEntry, type VenueRegistry } from './venue-registry.ts';
