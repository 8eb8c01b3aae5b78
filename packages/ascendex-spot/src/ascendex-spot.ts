import {
  createSymbolMap,
  encodeDepthSnapshotRequest,
  encodeMarketTradesRequest,
  limitBreaches,
  type StreamMessage,
  type SymbolMap,
  sizeLimits,
  type VenueLimitId,
  venueId,
} from '@venuekit/ascendex-wire';
import {
  type AsyncOptions,
  type Capabilities,
  type Instruments,
  type MarketData,
  type MarketDataCapabilities,
  type MarketDataConnector,
  type Pair,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';
import { type ConnectorLife, createConnectorLife } from '@venuekit/connector-kit/connector';
import { createHttpClient } from '@venuekit/connector-kit/http';
import { type LimitUse, sendIfRoom } from '@venuekit/connector-kit/limits';
import { createInstruments, createLiveMarkets, type LiveMarkets } from '@venuekit/connector-kit/market-data';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import {
  createStreamShards,
  type StreamShards,
  type StreamStateChange,
} from '@venuekit/connector-kit/stream';
import { type ClockOffset, type ClockOffsetOptions, fetchClockOffset } from './clock-offset.ts';
import { createDepthRoute, type DepthRoute } from './depth-route.ts';
import { createAscendexMarketData, notLoaded } from './market-data.ts';
import { createMessageRouter, type MessageRouter } from './message-router.ts';
import { type AscendexSpotOptions, type ResolvedEndpoints, resolveEndpoints } from './options.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { SnapshotIds } from './snapshot-ids.ts';
import { channelOf, createStreamDialect } from './stream-dialect.ts';
import { type StreamAccess, streamAccess } from './stream-login.ts';
import { findLimiters, type Limiters } from './venue-limits.ts';

/** What this connector can do. */
export interface AscendexSpotCapabilities extends Capabilities {
  readonly marketData: MarketDataCapabilities;
}

const capabilities: AscendexSpotCapabilities = {
  marketData: {
    streams: ['book', 'trades', 'ticker'],
    fetches: ['tickers', 'trades', 'book'],
    bookDepth: sizeLimits.snapshotLevels,
    bookIntegrity: 'sequence',
    live: 'stream',
  },
};

/** Symbols on one connection. */
const symbolsPerSession = 200;
/** Within a minute of anything that is lost without a trace, with the answer to come, a book is found out; as long as there is room for it. */
const auditEveryMs = 50_000;
/** Trades that are asked for to find out whether a quiet stream is mute. */
const tradesOfProbe = 10;

/** AscendEX spot. Market data needs no keys. */
export interface AscendexSpot extends MarketDataConnector {
  readonly capabilities: AscendexSpotCapabilities;
  readonly marketData: MarketData;
  /**
   * As the contract says. Calls that overlap share one attempt, and each has its own `signal` and `timeoutMs`, 20,000 by default;
   * the attempt is given up when the last of them has left. Within it, the product list and the stream have 10 s each.
   */
  connect(options?: AsyncOptions): Promise<void>;
  /**
   * How far the venue's clock is from ours, from the best of `samples` round trips: 3 by default, from 1 to 20. `timeoutMs` is
   * for all of them together, 10,000 by default.
   * @throws VenueError `timeout`, `transport`, `protocol`, `venue-unavailable`, `invalid-request`.
   */
  fetchClockOffset(options?: ClockOffsetOptions): Promise<ClockOffset>;
}

/**
 * Makes a connector. No I/O and no timer before `connect`.
 * @throws VenueError `invalid-options` naming the option.
 */
export function createAscendexSpot(options: AscendexSpotOptions): AscendexSpot {
  return new AscendexSpotParts(options).connector();
}

/** What the connector is made of. */
class AscendexSpotParts {
  readonly #options: AscendexSpotOptions;
  readonly #endpoints: ResolvedEndpoints;
  readonly #runtime: Runtime;
  readonly #access: StreamAccess;
  readonly #life: ConnectorLife;
  readonly #rest: RestClient;
  readonly #limiters: Limiters;
  readonly #sessions: StreamShards;
  readonly #markets: LiveMarkets;
  readonly #router: MessageRouter;
  readonly #snapshotIds = new SnapshotIds((symbol) => this.#sessions.epoch(symbol));
  #instruments: Instruments | undefined;
  #symbols: SymbolMap = createSymbolMap([]);
  #depth: DepthRoute | undefined;

  constructor(options: AscendexSpotOptions) {
    this.#options = options;
    this.#endpoints = resolveEndpoints(options);
    this.#runtime = options.runtime ?? createSystemRuntime();
    this.#access = streamAccess(options, this.#runtime);
    this.#life = createConnectorLife({
      runtime: this.#runtime,
      venue: venueId,
      connect: (signal) => this.#connect(signal),
      close: () => this.#close(),
      awaited: () => this.#awaited(),
    });
    this.#limiters = findLimiters(this.#runtime, this.#endpoints, options);
    this.#rest = this.#makeRest();
    this.#sessions = this.#makeSessions();
    this.#markets = this.#makeMarkets();
    this.#router = this.#makeRouter();
  }

  connector(): AscendexSpot {
    const marketData = createAscendexMarketData({
      rest: this.#rest,
      markets: this.#markets,
      instruments: () => this.#loaded(),
      symbols: () => this.#symbols,
      onRefused: (error) => this.#life.dataRefused(error),
    });
    return this.#life.connectorWith({
      capabilities,
      marketData,
      fetchClockOffset: (options: ClockOffsetOptions = {}) =>
        fetchClockOffset(this.#rest, this.#runtime.timers, options),
    });
  }

  async #connect(signal: AbortSignal): Promise<void> {
    if (this.#instruments === undefined) await this.#loadInstruments(signal);
    await this.#sessions.connect({ signal });
  }

  /** What `connect` is waiting for. */
  #awaited(): string {
    const { restUrl, streamUrl } = this.#endpoints;
    if (this.#instruments === undefined) return `the product list of ${new URL(restUrl).host}`;
    const { host } = new URL(streamUrl);
    return this.#sessions.isWaitingForRoom
      ? `room in the rate limits for one more connection to ${host}`
      : `a greeting on the stream of ${host}`;
  }

  async #close(): Promise<void> {
    this.#markets.close();
    await this.#sessions.close();
  }

  async #loadInstruments(signal: AbortSignal): Promise<void> {
    const { raw = false, venueOptions: { includeLeveraged = false } = {} } = this.#options;
    const { content } = await this.#rest.products({ raw, includeLeveraged, signal });
    for (const error of content.refused) this.#life.dataRefused(error);
    if (content.instruments.length === 0) throw this.#noProducts();
    this.#symbols = createSymbolMap(content.instruments);
    this.#instruments = createInstruments(venueId, content.instruments);
    this.#depth = createDepthRoute(content.instruments, this.#markets, this.#access.depth);
  }

  #noProducts(): VenueError {
    const { host } = new URL(this.#endpoints.restUrl);
    return new VenueError({
      code: 'protocol',
      venue: venueId,
      operation: 'connect',
      message: `${host}: expected products, got an empty list`,
    });
  }

  #makeRest(): RestClient {
    const runtime = this.#runtime;
    const { unstatedPenaltyMs } = limitBreaches;
    const http = createHttpClient({
      ...{ runtime, venue: venueId, baseUrl: this.#endpoints.restUrl },
      limits: { limiter: this.#limiters.rest, scope: 'ip', unstatedPenaltyMs },
    });
    return createRestClient({ http, now: () => runtime.clock.now(), ending: this.#life.ending });
  }

  #makeSessions(): StreamShards {
    return createStreamShards<StreamMessage>({
      runtime: this.#runtime,
      venue: venueId,
      url: this.#endpoints.streamUrl,
      dialect: createStreamDialect(this.#access.encodeLogin),
      symbolsPerSession: this.#options.venueOptions?.symbolsPerSession ?? symbolsPerSession,
      // Whether the venue counts messages by connection or by address is not said: together is safe either way.
      limitsOf: () => ({
        ...{ limiter: this.#limiters.stream, scope: 'ip' },
        ...{ dial: 'dial', subscribe: 'stream-ops', ping: 'admin-ops' },
      }),
      takeBytes: (bytes, receivedAtMs) => this.#depth?.take(bytes, receivedAtMs) ?? false,
      onMessage: (message, receivedAtMs) => this.#router.message(message, receivedAtMs),
      onState: (change) => this.#follow(change),
      onRefusedFrame: (error) => this.#router.refusedFrame(error),
    });
  }

  #makeMarkets(): LiveMarkets {
    return createLiveMarkets({
      runtime: this.#runtime,
      venue: venueId,
      instruments: () => this.#loaded(),
      session: this.#sessions,
      streams: capabilities.marketData.streams,
      toTopic: (stream, { venueSymbol: symbol }) => ({
        channel: channelOf(stream, this.#access.depth),
        symbol,
      }),
      requestSnapshot: ({ pair, venueSymbol }) => this.#requestSnapshot(pair, venueSymbol),
      snapshotLimit: this.#limitOf('snapshot-requests'),
      freshness: { auditEveryMs, requestTrades: ({ venueSymbol }) => this.#requestTrades(venueSymbol) },
      snapshotDepth: sizeLimits.snapshotLevels,
      onRefused: (pair, stream, error) => this.#life.subscriptionRefused(pair, stream, error),
    });
  }

  #makeRouter(): MessageRouter {
    return createMessageRouter({
      symbols: () => this.#symbols,
      markets: this.#markets,
      depth: this.#access.depth,
      takeSnapshotPair: (id) => this.#snapshotIds.take(id),
      onRefused: (error) => this.#life.dataRefused(error),
    });
  }

  #requestSnapshot(pair: Pair, venueSymbol: string): boolean {
    const id = this.#runtime.ids.next('snapshot');
    const realtime = this.#access.depth === 'depth-realtime';
    const text = encodeDepthSnapshotRequest(venueSymbol, id, { realtime });
    // Before it is sent: a venue in memory answers within the call.
    this.#snapshotIds.sent(id, pair, venueSymbol);
    if (this.#sessions.send(venueSymbol, text)) return true;
    this.#snapshotIds.take(id);
    return false;
  }

  #requestTrades(venueSymbol: string): void {
    const id = this.#runtime.ids.next('trades');
    const text = encodeMarketTradesRequest(venueSymbol, tradesOfProbe, id);
    sendIfRoom(this.#limitOf('market-trades'), () => this.#sessions.send(venueSymbol, text));
  }

  #limitOf(id: VenueLimitId): LimitUse {
    return { limiter: this.#limiters.stream, id };
  }

  #loaded(): Instruments {
    if (this.#instruments === undefined) throw notLoaded(this.#life.ending.aborted);
    return this.#instruments;
  }

  /** The stream's state is the connector's, but that a redial is still `down`. */
  #follow({ state, reason = 'no connection', sinceMs }: StreamStateChange): void {
    if (state === 'live') {
      this.#life.live();
    } else if (state === 'down') {
      this.#life.down(reason, sinceMs);
    }
  }
}
