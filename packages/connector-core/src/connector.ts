import type { AsyncOptions } from './async-options.ts';
import type { Candles } from './candles.ts';
import type {
  CandlesCapabilities,
  Capabilities,
  MarketDataCapabilities,
  StreamName,
  TradingCapabilities,
} from './capabilities.ts';
import type { Feed, GapEvent } from './feed.ts';
import type { Pair } from './instrument.ts';
import type { MarketData } from './market-data.ts';
import type { OrderType, StandardOrderType } from './order.ts';
import type { Trading } from './trading.ts';
import type { VenueError } from './venue-error.ts';

/** The version of this contract. */
export const contractVersion = 1;

/**
 * `idle` before `connect`, and again after one that failed; `connecting` during it; `live` while the stream is up, where each
 * book and feed says its own state; `degraded` while a part of the connection does not work; `down` while there is no stream
 * and a new one is tried; `closed` for good.
 */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'degraded' | 'down' | 'closed';

/** The connection changed. */
export interface ConnectionChanged {
  readonly kind: 'connection';
  readonly state: ConnectionState;
  /** Why, in a few words; `undefined` where the state says it all. */
  readonly reason: string | undefined;
  /** Local time in milliseconds since the epoch. */
  readonly atMs: number;
}

/** The venue refused a subscription, or never confirmed it: that stream gives no data, and its feed has ended. */
export interface SubscriptionRefused {
  readonly kind: 'subscription-refused';
  readonly pair: Pair;
  readonly stream: StreamName;
  readonly error: VenueError;
  readonly atMs: number;
}

/** A frame, or a row of an answer, that could not be understood. It was left out; the rest goes on. */
export interface DataRefused {
  readonly kind: 'data-refused';
  /** Whose data it was; `undefined` where that is not known. */
  readonly pair?: Pair;
  /** The stream in which it came; `undefined` where that is not known, and for the answer to a request. */
  readonly stream?: StreamName;
  readonly error: VenueError;
  readonly atMs: number;
}

/** What a connector tells about itself. */
export type ConnectorEvent = ConnectionChanged | SubscriptionRefused | DataRefused | GapEvent;

/** What every connector is. Facets come on top, by presence. */
export interface Connector extends AsyncDisposable {
  readonly contractVersion: typeof contractVersion;
  /** Venue id, for example `ascendex`. */
  readonly venue: string;
  /** What this connector can do. */
  readonly capabilities: Capabilities;
  /** How the connection is now. */
  readonly state: ConnectionState;
  /** Changes of state, and what went wrong. A state feed for `connection`: it begins with the current one. */
  readonly events: Feed<ConnectorEvent>;
  /**
   * Connects; nothing is read from the network before. Resolves when instruments are loaded and live data flows, and, with
   * credentials, when every answer that the venue can give about the account has been applied. Without `timeoutMs` it gives up
   * after 20 seconds.
   * @throws VenueError `authentication`, `permission` and `clock-skew` with credentials; `venue-closed`, `venue-unavailable`, `timeout`, `transport`, `protocol`, `closed`, and `rate-limited` if our own budget
   * of connections is spent. It may be called again after a failure.
   */
  connect(options?: AsyncOptions): Promise<void>;
  /** Ends everything: afterwards no timer, socket, listener or pending promise is left. Doing it again does nothing. */
  close(): Promise<void>;
}

/** A connector with public market data. */
export interface MarketDataConnector extends Connector {
  readonly capabilities: Capabilities & { readonly marketData: MarketDataCapabilities };
  readonly marketData: MarketData;
}

/** A connector that trades. `T` are the types of order that it takes: a program that needs one asks for it by type. */
export interface TradingConnector<T extends OrderType = StandardOrderType> extends Connector {
  readonly capabilities: Capabilities & { readonly trading: TradingCapabilities<OrderType> };
  readonly trading: Trading<T>;
}

/** A connector for a spot market: its data, and trading with an account. */
export interface SpotConnector<T extends OrderType = StandardOrderType>
  extends MarketDataConnector,
    TradingConnector<T> {
  readonly capabilities: MarketDataConnector['capabilities'] & TradingConnector['capabilities'];
}

/** A connector with candles. */
export interface CandlesConnector extends Connector {
  readonly capabilities: Capabilities & { readonly candles: CandlesCapabilities };
  readonly candles: Candles;
}
