import {
  createSymbolMap,
  encodeDepthSnapshotRequest,
  type StreamMessage,
  type SymbolMap,
  sessionLimits,
  sizeLimits,
  streamLimits,
  venueId,
} from '@venuekit/ascendex-wire';
import {
  type AsyncOptions,
  type Capabilities,
  type ConnectionState,
  type ConnectorEvent,
  contractVersion,
  type Instruments,
  type MarketData,
  type MarketDataCapabilities,
  type MarketDataConnector,
  type Pair,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '@venuekit/connector-kit/feed';
import { createHttpClient } from '@venuekit/connector-kit/http';
import { createInstruments, createLiveMarkets, type LiveMarkets } from '@venuekit/connector-kit/market-data';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import {
  createRequestBudget,
  createStreamSession,
  type RequestBudget,
  type StreamSession,
  type StreamStateChange,
} from '@venuekit/connector-kit/stream';
import { type ClockOffset, fetchClockOffset } from './clock-offset.ts';
import { createMarketData, notConnected } from './market-data.ts';
import { createMessageRouter, type MessageRouter } from './message-router.ts';
import { type AscendexSpotOptions, type ResolvedEndpoints, resolveEndpoints } from './options.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { channelOf, createStreamDialect } from './stream-dialect.ts';

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
  },
};

/** Our share of what the venue allows in a minute before it ignores a session: the rest is for others on the same address. */
const share = 0.75;
const connectTimeoutMs = 20_000;
/** Most dials in the venue's window, however much it allows: more only helps against a venue that is up. */
const mostConnects = 20;

/** AscendEX spot. Market data needs no keys. */
export interface AscendexSpot extends MarketDataConnector {
  readonly capabilities: AscendexSpotCapabilities;
  readonly marketData: MarketData;
  /**
   * How far the venue's clock is from ours, from the best of `samples` (3 by default) round trips.
   * @throws VenueError `timeout`, `transport`, `protocol`, `venue-unavailable`.
   */
  fetchClockOffset(options?: AsyncOptions & { readonly samples?: number }): Promise<ClockOffset>;
}

/**
 * Makes a connector. No I/O and no timer before `connect`.
 * @throws VenueError `invalid-options` naming the option.
 */
export function createAscendexSpot(options: AscendexSpotOptions): AscendexSpot {
  return new AscendexSpotConnector(options);
}

class AscendexSpotConnector implements AscendexSpot {
  readonly contractVersion: typeof contractVersion = contractVersion;
  readonly venue: string = venueId;
  readonly capabilities: AscendexSpotCapabilities = capabilities;
  readonly marketData: MarketData;
  readonly #options: AscendexSpotOptions;
  readonly #endpoints: ResolvedEndpoints;
  readonly #runtime: Runtime;
  readonly #rest: RestClient;
  readonly #session: StreamSession;
  readonly #markets: LiveMarkets;
  readonly #route: MessageRouter;
  readonly #events: FeedSource<ConnectorEvent>;
  /** Aborted on close: ends every request under way. */
  readonly #ending = new AbortController();
  /** The newest snapshot request of each pair. */
  readonly #snapshotIds = new Map<Pair, string>();
  #state: ConnectionState = 'idle';
  #reason: string | undefined;
  #downSinceMs: number | undefined;
  #instruments: Instruments | undefined;
  #symbols: SymbolMap = createSymbolMap([]);
  #connecting: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: AscendexSpotOptions) {
    this.#options = options;
    this.#endpoints = resolveEndpoints(options.endpoints);
    this.#runtime = options.runtime ?? createSystemRuntime();
    this.#events = createFeed<ConnectorEvent>({
      name: 'connector events',
      venue: venueId,
      opening: () => [this.#connectionEvent()],
      onListenerError: (error) => this.#runtime.logger.error(`a listener of events threw: ${String(error)}`),
    });
    const { restUrl } = this.#endpoints;
    const http = createHttpClient({ runtime: this.#runtime, venue: venueId, baseUrl: restUrl });
    this.#rest = createRestClient({
      http,
      now: () => this.#runtime.clock.now(),
      ending: this.#ending.signal,
    });
    this.#session = this.#makeSession();
    this.#markets = this.#makeMarkets();
    this.#route = this.#makeRouter();
    this.marketData = createMarketData({
      rest: this.#rest,
      markets: this.#markets,
      instruments: () => this.#loaded(),
      symbols: () => this.#symbols,
      onRefused: (error) => this.#refuseData(error),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get events(): MarketDataConnector['events'] {
    return this.#events.feed;
  }

  connect(options: AsyncOptions = {}): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#error('closed', 'the connector is closed'));
    this.#connecting ??= this.#connect(options).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  fetchClockOffset(options: AsyncOptions & { readonly samples?: number } = {}): Promise<ClockOffset> {
    return fetchClockOffset(this.#rest, options);
  }

  async #connect({ signal, timeoutMs = connectTimeoutMs }: AsyncOptions): Promise<void> {
    if (this.#state === 'live') return;
    signal?.throwIfAborted();
    const deadline = new AbortController();
    const late = () =>
      deadline.abort(this.#error('timeout', `expected ${this.#awaited()} within ${timeoutMs} ms, got none`));
    const timer = this.#runtime.timers.setTimer(timeoutMs, late, 'connect-deadline');
    const until = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
    try {
      if (this.#session.state === 'idle') this.#setState('connecting', undefined);
      if (this.#instruments === undefined) await this.#loadInstruments(until);
      await this.#session.connect({ signal: until });
    } catch (error) {
      if (this.#state === 'connecting')
        this.#setState('idle', error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      timer[Symbol.dispose]();
    }
  }

  /** What `connect` is waiting for. */
  #awaited(): string {
    const { restUrl, streamUrl } = this.#endpoints;
    if (this.#instruments === undefined) return `the product list of ${new URL(restUrl).host}`;
    return `a greeting on the stream of ${new URL(streamUrl).host}`;
  }

  async #close(): Promise<void> {
    this.#ending.abort(this.#error('closed', 'the connector was closed'));
    this.#markets.close();
    await this.#session.close();
    this.#setState('closed', undefined);
    this.#events.end();
  }

  async #loadInstruments(signal: AbortSignal): Promise<void> {
    const { raw = false, venueOptions = {} } = this.#options;
    const { content } = await this.#rest.products({ raw, ...venueOptions, signal });
    for (const error of content.refused) this.#refuseData(error);
    if (content.instruments.length === 0) {
      throw this.#error(
        'protocol',
        `${new URL(this.#endpoints.restUrl).host}: expected products, got an empty list`,
      );
    }
    this.#symbols = createSymbolMap(content.instruments);
    this.#instruments = createInstruments(venueId, content.instruments);
  }

  #makeSession(): StreamSession {
    const { connectBudget } = this.#options;
    const { clock } = this.#runtime;
    return createStreamSession<StreamMessage>({
      runtime: this.#runtime,
      venue: venueId,
      url: this.#endpoints.streamUrl,
      dialect: createStreamDialect(),
      requestBudget: this.#sharedBudget('stream-ops', streamLimits.streamOps.level1),
      connectBudget:
        connectBudget === undefined
          ? this.#sharedConnects()
          : createRequestBudget({ clock, ...connectBudget }),
      onMessage: (message, receivedAtMs) => this.#route(message, receivedAtMs),
      onState: (change) => this.#follow(change),
      onRefusedFrame: (error) => this.#refuseData(error),
    });
  }

  #makeMarkets(): LiveMarkets {
    return createLiveMarkets({
      runtime: this.#runtime,
      venue: venueId,
      instruments: () => this.#loaded(),
      session: this.#session,
      streams: capabilities.marketData.streams,
      toTopic: (stream, { venueSymbol }) => ({ channel: channelOf[stream], symbol: venueSymbol }),
      requestSnapshot: ({ pair, venueSymbol }) => this.#requestSnapshot(pair, venueSymbol),
      snapshotBudget: this.#sharedBudget('snapshot-requests', streamLimits.snapshotRequests.level1),
      snapshotDepth: sizeLimits.snapshotLevels,
      onRefused: (pair, stream, error) =>
        this.#events.emit({
          kind: 'subscription-refused',
          pair,
          stream,
          error,
          atMs: this.#runtime.clock.now(),
        }),
    });
  }

  #makeRouter(): MessageRouter {
    return createMessageRouter({
      symbols: () => this.#symbols,
      markets: this.#markets,
      snapshotPair: (id) => [...this.#snapshotIds].find(([, asked]) => asked === id)?.[0],
      onRefused: (error) => this.#refuseData(error),
    });
  }

  #requestSnapshot(pair: Pair, venueSymbol: string): boolean {
    const id = this.#runtime.ids.next('snapshot');
    this.#snapshotIds.set(pair, id);
    return this.#session.send(encodeDepthSnapshotRequest(venueSymbol, id));
  }

  /** One budget for all connectors of this process that talk to the same host. */
  #sharedBudget(scope: string, level1: number): RequestBudget {
    const count = Math.floor(level1 * share);
    return this.#shared(scope, count, streamLimits.windowMs);
  }

  #sharedConnects(): RequestBudget {
    const { count, windowMs } = sessionLimits.connectsPerIp;
    return this.#shared('connects', Math.min(Math.floor(count * share), mostConnects), windowMs);
  }

  #shared(scope: string, count: number, windowMs: number): RequestBudget {
    const { clock } = this.#runtime;
    const { host } = new URL(this.#endpoints.streamUrl);
    const create = () => createRequestBudget({ clock, count, windowMs });
    return this.#runtime.shared(`${venueId}:${host}:${scope}`, create);
  }

  #loaded(): Instruments {
    if (this.#instruments === undefined) throw notConnected();
    return this.#instruments;
  }

  /** The stream's state is the connector's, but that a redial is still `down`. */
  #follow({ state, reason }: StreamStateChange): void {
    if (state === 'live') {
      this.#setState('live', undefined);
      this.#tellGap();
    } else if (state === 'down') {
      this.#downSinceMs ??= this.#runtime.clock.now();
      this.#setState('down', reason);
    }
  }

  #tellGap(): void {
    const fromMs = this.#downSinceMs;
    if (fromMs === undefined) return;
    this.#downSinceMs = undefined;
    const toMs = this.#runtime.clock.now();
    this.#events.emit({ kind: 'gap', fromMs, toMs, reason: 'the connection was down' });
  }

  #setState(state: ConnectionState, reason: string | undefined): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#reason = reason;
    this.#events.emit(this.#connectionEvent());
  }

  #connectionEvent(): ConnectorEvent {
    const atMs = this.#runtime.clock.now();
    return { kind: 'connection', state: this.#state, reason: this.#reason, atMs };
  }

  #refuseData(error: VenueError): void {
    this.#runtime.meter.count('data_refused', 1, { venue: venueId });
    this.#events.emit({ kind: 'data-refused', error, atMs: this.#runtime.clock.now() });
  }

  #error(code: VenueError['code'], message: string): VenueError {
    return new VenueError({ code, venue: venueId, operation: 'connect', message });
  }
}
