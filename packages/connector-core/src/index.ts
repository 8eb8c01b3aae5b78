/**
 * The contract between trading programs and exchange connectors: domain types, exact decimals, typed errors. No I/O.
 *
 * @packageDocumentation
 */
export type { AsyncOptions } from './async-options.ts';
export type { Capabilities, MarketDataCapabilities, StreamName } from './capabilities.ts';
export {
  type ConnectionChanged,
  type ConnectionState,
  type Connector,
  type ConnectorEvent,
  contractVersion,
  type DataRefused,
  type MarketDataConnector,
  type SubscriptionRefused,
} from './connector.ts';
export {
  type Decimal,
  type DecimalInput,
  type DivideOptions,
  decimal,
  isDecimal,
  type Rounding,
} from './decimal.ts';
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
export {
  type CommandOutcome,
  isVenueError,
  VenueError,
  type VenueErrorCode,
  type VenueErrorInit,
} from './venue-error.ts';
