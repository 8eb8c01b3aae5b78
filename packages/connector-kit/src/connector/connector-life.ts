import {
  type AsyncOptions,
  type Capabilities,
  type ConnectionState,
  type Connector,
  type ConnectorEvent,
  contractVersion,
  type Feed,
  type Pair,
  type Runtime,
  type StreamName,
  VenueError,
} from '@venuekit/connector-core';
import { createFeed, type FeedSource } from '../feed/feed.ts';
import { SharedAttempt } from './shared-attempt.ts';

/** What the life of a connector is made of. */
export interface ConnectorLifeOptions {
  readonly runtime: Runtime;
  /** Venue id. */
  readonly venue: string;
  /**
   * Connects: loads what must be loaded and brings the stream up. Called once for all who wait meanwhile, again after a failure,
   * and while the connection is down. It must end when the signal is aborted. If nothing was said of the connection when it
   * resolves, the connector is `live`, unless it was `degraded` before. If it rejects, or everybody who waited has left, the
   * connector is what it was before, whatever was said meanwhile.
   *
   * It must not wait for `close` of its own connector, which waits for it: that rejects with code `timeout` after 5 s.
   */
  readonly connect: (signal: AbortSignal) => Promise<void>;
  /**
   * Ends everything that the connector is made of. Called once, also if it was never connected. The connector is closed when it
   * and the attempt to connect have ended; an attempt that does not end within 5 s of its abort rejects `close` with code `timeout`.
   */
  readonly close: () => void | Promise<void>;
  /** What `connect` waits for at the moment, for the error of one that took too long; `a connection` by default. */
  readonly awaited?: () => string;
  /** How long `connect` waits where its caller says nothing, in milliseconds; 20,000 by default. */
  readonly connectTimeoutMs?: number;
}

/** What a connector has beside its life: what it can do, its facets, and what only this venue has. */
export interface ConnectorFacets {
  readonly capabilities: Capabilities;
}

/** The life of a connector. What its parts learn of the connection is said here; everybody else hears it from `events`. */
export interface ConnectorLife {
  readonly state: ConnectionState;
  /** As `Connector.events` of the contract. */
  readonly events: Feed<ConnectorEvent>;
  /** Aborted, with an error of code `closed`, as soon as the connector is closed: pass it to every request. */
  readonly ending: AbortSignal;
  /**
   * Gives back what is there for callers only after the connector was connected once.
   * @throws VenueError `not-connected` before, and `closed` if it was closed instead.
   */
  afterConnect<T>(value: T): T;
  /** The connection is up. What was missed while it was down is told as a gap before. */
  live(): void;
  /** A part of the connection does not work. */
  degraded(reason: string): void;
  /**
   * There is no connection, and a new one is tried.
   * @param sinceMs local time of the last good data; now, if left out. The first one of an outage counts.
   */
  down(reason: string, sinceMs?: number): void;
  /** The venue refused a subscription. */
  subscriptionRefused(pair: Pair, stream: StreamName, error: VenueError): void;
  /** Something could not be understood, and was left out. */
  dataRefused(error: VenueError, from?: { readonly pair?: Pair; readonly stream?: StreamName }): void;
  /** Makes the connector: its life and its facets in one object. Getters of the facets stay getters. */
  connectorWith<F extends ConnectorFacets>(facets: F): Connector & F;
}

/** Makes the life of a connector. Nothing happens before `connect`. */
export function createConnectorLife(options: ConnectorLifeOptions): ConnectorLife {
  return new Life(options);
}

const closed = 'the connector is closed';

class Life implements ConnectorLife {
  readonly #options: ConnectorLifeOptions;
  readonly #source: FeedSource<ConnectorEvent>;
  readonly #attempt: SharedAttempt;
  readonly #ending = new AbortController();
  #state: ConnectionState = 'idle';
  #reason: string | undefined;
  #downSinceMs: number | undefined;
  #wasLive = false;
  /** What the connector was when the attempt under way began. */
  #before: Extract<ConnectionState, 'idle' | 'degraded' | 'down'> = 'idle';
  /** True if something was said of the connection since the attempt under way began. */
  #said = false;
  #closed: Promise<void> | undefined;

  constructor(options: ConnectorLifeOptions) {
    const { runtime, venue } = options;
    this.#options = options;
    this.#source = createFeed<ConnectorEvent>({
      name: 'connector events',
      venue,
      opening: () => [this.#connectionEvent()],
      onListenerError: (error) => runtime.logger.error(`a listener of events threw: ${String(error)}`),
    });
    this.#attempt = this.#makeAttempt();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get events(): Feed<ConnectorEvent> {
    return this.#source.feed;
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  afterConnect<T>(value: T): T {
    if (this.#wasLive) return value;
    if (this.ending.aborted)
      throw new VenueError({ code: 'closed', venue: this.#options.venue, message: closed });
    const message = 'expected a connected connector, got one that was never connected; call connect() first';
    throw new VenueError({ code: 'not-connected', venue: this.#options.venue, message });
  }

  live(): void {
    // A part that ends may still say so: it is not true any more.
    if (this.ending.aborted) return;
    this.#said = true;
    this.#wasLive = true;
    // First what is missing: whoever acts on `live` must know of it.
    this.#tellGap();
    this.#setState('live', undefined);
  }

  degraded(reason: string): void {
    this.#said = true;
    this.#setState('degraded', reason);
  }

  down(reason: string, sinceMs?: number): void {
    this.#said = true;
    this.#downSinceMs ??= sinceMs ?? this.#now();
    this.#setState('down', reason);
  }

  subscriptionRefused(pair: Pair, stream: StreamName, error: VenueError): void {
    this.#source.emit({ kind: 'subscription-refused', pair, stream, error, atMs: this.#now() });
  }

  dataRefused(error: VenueError, from: { readonly pair?: Pair; readonly stream?: StreamName } = {}): void {
    this.#options.runtime.meter.count('data_refused', 1, { venue: this.#options.venue });
    this.#source.emit({ kind: 'data-refused', ...from, error, atMs: this.#now() });
  }

  connectorWith<F extends ConnectorFacets>(facets: F): Connector & F {
    const life = this;
    const close = () => life.#close();
    const connector: Omit<Connector, 'capabilities'> = {
      contractVersion,
      venue: this.#options.venue,
      get state() {
        return life.#state;
      },
      events: this.events,
      connect: (options) => life.#connect(options),
      close,
      [Symbol.asyncDispose]: close,
    };
    return Object.defineProperties(connector, Object.getOwnPropertyDescriptors(facets)) as Connector & F;
  }

  #makeAttempt(): SharedAttempt {
    const { runtime, awaited = () => 'a connection' } = this.#options;
    return new SharedAttempt({
      timers: runtime.timers,
      label: 'connect-deadline',
      run: (signal) => this.#run(signal),
      onTimeout: (timeoutMs) =>
        this.#error('timeout', `expected ${awaited()} within ${timeoutMs} ms, got none`),
      onStuck: (unwindMs) =>
        this.#error(
          'timeout',
          `expected the attempt to connect to end within ${unwindMs} ms of its abort, got none`,
          'close',
        ),
      onFailed: (error) => this.#failed(error instanceof Error ? error.message : String(error)),
    });
  }

  /** Back to what it was: nobody may take a connector for live whose `connect` has rejected. */
  #failed(reason: string): void {
    if (this.#state === this.#before) return;
    // Whoever heard `live` meanwhile misses what comes from now on.
    if (this.#state === 'live') this.#downSinceMs ??= this.#now();
    this.#setState(this.#before, reason);
  }

  #connect({
    signal,
    timeoutMs = this.#options.connectTimeoutMs ?? 20_000,
  }: AsyncOptions = {}): Promise<void> {
    if (this.ending.aborted) return Promise.reject(this.#error('closed', closed));
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#state === 'live' && !this.#attempt.underWay) return Promise.resolve();
    return this.#attempt.join({ timeoutMs, ...(signal === undefined ? {} : { signal }) });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const state = this.#state;
    this.#before = state === 'down' || state === 'degraded' ? state : 'idle';
    this.#said = false;
    if (state === 'idle') this.#setState('connecting', undefined);
    // Whoever heard of the beginning may have ended it.
    signal.throwIfAborted();
    await this.#options.connect(signal);
    if (!signal.aborted && !this.#said && this.#before !== 'degraded') this.live();
  }

  #close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Known before the closing begins: a listener that hears of it may call this too.
    this.#closed = promise;
    this.#end().then(resolve, reject);
    return promise;
  }

  async #end(): Promise<void> {
    const error = this.#error('closed', 'the connector was closed');
    this.#ending.abort(error);
    const cancelled = this.#attempt.cancel(error);
    try {
      // What cannot be ended must not keep the rest, nor the last word, from everybody else.
      await Promise.all([this.#options.close(), cancelled]);
    } finally {
      await cancelled.catch(() => {});
      this.#setState('closed', undefined);
      this.#source.end();
    }
  }

  #tellGap(): void {
    const fromMs = this.#downSinceMs;
    if (fromMs === undefined) return;
    this.#downSinceMs = undefined;
    this.#source.emit({ kind: 'gap', fromMs, toMs: this.#now(), reason: 'the connection was down' });
  }

  #setState(state: ConnectionState, reason: string | undefined): void {
    // While it closes nothing else happens to it, whatever the parts that end still say.
    const late = this.ending.aborted && state !== 'closed';
    if (late || (this.#state === state && (state !== 'degraded' || this.#reason === reason))) return;
    this.#state = state;
    this.#reason = reason;
    this.#source.emit(this.#connectionEvent());
  }

  #connectionEvent(): ConnectorEvent {
    return { kind: 'connection', state: this.#state, reason: this.#reason, atMs: this.#now() };
  }

  #now(): number {
    return this.#options.runtime.clock.now();
  }

  #error(code: VenueError['code'], message: string, operation = 'connect'): VenueError {
    return new VenueError({ code, venue: this.#options.venue, operation, message });
  }
}
