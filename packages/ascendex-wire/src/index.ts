/**
 * The AscendEX spot protocol as pure functions and data. No I/O, no timers, no clock.
 *
 * @packageDocumentation
 */
export type { BboMessage } from './bbo-message.ts';
export type { WireLevel } from './book-levels.ts';
export type {
  DepthContent,
  DepthKind,
  DepthMessage,
  DepthSnapshotKind,
  DepthSnapshotMessage,
} from './depth-message.ts';
export { createDepthScanner, type DepthScanner, type DepthScannerOptions } from './depth-scanner.ts';
export {
  type Endpoint,
  type EndpointName,
  endpointPath,
  endpoints,
  type GroupOptions,
  productionEndpoints,
  streamPath,
  streamPrehash,
  type VenueOrigins,
} from './endpoints.ts';
export { decodeEnvelope, type EnvelopeOptions } from './envelope.ts';
export {
  type ErrorKind,
  type ErrorRule,
  errorRules,
  findErrorRule,
  findGroupKind,
  kindCodes,
  olderErrorRules,
  type RetryAdvice,
} from './error-codes.ts';
export { deepestJson, parseExactJson } from './exact-json.ts';
export { findHttpStatusRule, type HttpStatusRule, httpStatusRules } from './http-status.ts';
export {
  type AscendexInterval,
  ascendexIntervals,
  isAscendexInterval,
  toInterval,
  toVenueInterval,
  type VenueInterval,
} from './intervals.ts';
export {
  clientLimits,
  keepAliveTimes,
  limitBreaches,
  rateLimits,
  sizeLimits,
  type VenueLimit,
  type VenueLimitId,
  type VenueLimitWindow,
} from './limits.ts';
export {
  decodeDepth,
  decodeExchangeInfo,
  decodeTrades,
  type ExchangeInfoResponse,
} from './market-responses.ts';
export { decodeProducts, type ProductsContent, type ProductsOptions } from './products-response.ts';
export { type AscendexFrameFilter, createAscendexFrameFilter, withoutRequestId } from './recorded-frames.ts';
export type {
  AuthMessage,
  ConnectedMessage,
  DisconnectedMessage,
  PingMessage,
  PongMessage,
  RequestErrorMessage,
  SubscriptionMessage,
} from './session-messages.ts';
export {
  type Credentials,
  createSigner,
  type SignedHeaders,
  type Signer,
  type StreamAuthOptions,
} from './signing.ts';
export {
  decodeStreamFrame,
  type RefusedMessage,
  type StreamMessage,
  type UnknownMessage,
} from './stream-messages.ts';
export {
  type DepthSnapshotOptions,
  encodeDepthSnapshotRequest,
  encodeMarketTradesRequest,
  encodePing,
  encodePong,
  encodeSubscribe,
  encodeUnsubscribe,
  type PublicChannel,
} from './stream-requests.ts';
export {
  createSymbolMap,
  isSpotSymbol,
  type SymbolMap,
  type SymbolParts,
  splitVenueSymbol,
} from './symbols.ts';
export { decodeTickers, type TickerResponse, type TickersContent } from './tickers-response.ts';
export type { MarketTradesMessage, TradesContent, TradesMessage, WireTrade } from './trades-message.ts';
export { venueId } from './venue.ts';
export { isRepeatedCancel, type RefusalSubject, toVenueError, type VenueRefusal } from './venue-refusal.ts';
