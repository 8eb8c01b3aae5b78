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
import { type ClockOffset, type ClockOffsetOptions, fetchClockOffset } from './clock-offset.ts';
import { createMarketData, notConnected } from './market-data.ts';
import { createMessageRouter, type MessageRouter } from './message-router.ts';
import { type AscendexSpotOptions, type ResolvedEndpoints, resolveEndpoints } from './options.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import { SharedAttempt } from './shared-attempt.ts';
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
/** Ids of snapshot requests that are remembered; a refusal comes long before there are that many newer ones. */
const mostSnapshotIds = 1_000;

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
  readonly #router: MessageRouter;
  readonly #connecting: SharedAttempt;
  readonly #events: FeedSource<ConnectorEvent>;
  /** Aborted on close: ends every request under way. */
  readonly #ending = new AbortController();
  /** What the snapshot requests of this connection were about, by their ids. */
  readonly #snapshotIds = new Map<string, Pair>();
  #state: ConnectionState = 'idle';
  #reason: string | undefined;
  #downSinceMs: number | undefined;
  #instruments: Instruments | undefined;
  #symbols: SymbolMap = createSymbolMap([]);
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
    this.#router = this.#makeRouter();
    this.#connecting = this.#makeAttempt();
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

  connect({ signal, timeoutMs = connectTimeoutMs }: AsyncOptions = {}): Promise<void> {
    if (this.#ending.signal.aborted) return Promise.reject(this.#error('closed', 'the connector is closed'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#state === 'live') return Promise.resolve();
    return this.#connecting.join({ timeoutMs, ...(signal === undefined ? {} : { signal }) });
  }

  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Known before the closing begins: a listener that hears of it may call this too.
    this.#closed = promise;
    this.#close().then(resolve, reject);
    return promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  fetchClockOffset(options: ClockOffsetOptions = {}): Promise<ClockOffset> {
    return fetchClockOffset(this.#rest, this.#runtime.timers, options);
  }

  #makeAttempt(): SharedAttempt {
    return new SharedAttempt({
      timers: this.#runtime.timers,
      label: 'connect-deadline',
      run: (signal) => this.#connect(signal),
      onTimeout: (timeoutMs) =>
        this.#error('timeout', `expected ${this.#awaited()} within ${timeoutMs} ms, got none`),
      onFailed: (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#state === 'connecting') this.#setState('idle', reason);
      },
    });
  }

  async #connect(signal: AbortSignal): Promise<void> {
    if (this.#state === 'idle') this.#setState('connecting', undefined);
    if (this.#instruments === undefined) await this.#loadInstruments(signal);
    await this.#session.connect({ signal });
  }

  /** What `connect` is waiting for. */
  #awaited(): string {
    const { restUrl, streamUrl } = this.#endpoints;
    if (this.#instruments === undefined) return `the product list of ${new URL(restUrl).host}`;
    return `a greeting on the stream of ${new URL(streamUrl).host}`;
  }

  async #close(): Promise<void> {
    const error = this.#error('closed', 'the connector was closed');
    this.#ending.abort(error);
    this.#markets.close();
    await Promise.all([this.#connecting.cancel(error), this.#session.close()]);
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
      takeSnapshotPair: (id) => this.#takeSnapshotPair(id),
      onRefused: (error) => this.#refuseData(error),
    });
  }

  /** A request is refused once. */
  #takeSnapshotPair(id: string): Pair | undefined {
    const pair = this.#snapshotIds.get(id);
    this.#snapshotIds.delete(id);
    return pair;
  }

  #requestSnapshot(pair: Pair, venueSymbol: string): boolean {
    const id = this.#runtime.ids.next('snapshot');
    if (!this.#session.send(encodeDepthSnapshotRequest(venueSymbol, id))) return false;
    this.#snapshotIds.set(id, pair);
    for (const [oldest] of this.#snapshotIds) {
      if (this.#snapshotIds.size <= mostSnapshotIds) break;
      this.#snapshotIds.delete(oldest);
    }
    return true;
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
  #follow({ state, reason, sinceMs }: StreamStateChange): void {
    if (state === 'live') {
      // First what is missing: whoever acts on `live` must know of it.
      this.#tellGap();
      this.#setState('live', undefined);
    } else if (state === 'down') {
      this.#downSinceMs ??= sinceMs ?? this.#runtime.clock.now();
      // Nothing that was asked on the lost connection is answered on the next one.
      this.#snapshotIds.clear();
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
    // While it closes nothing else happens to it, whatever the parts that end still say.
    const late = this.#ending.signal.aborted && state !== 'closed';
    if (this.#state === state || late) return;
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
