import { type AsyncOptions, isVenueError, type Runtime, VenueError } from '@venuekit/connector-core';
import { toVenueError } from '../limits/limit-refusal.ts';
import { requireLimits } from '../limits/limit-use.ts';
import { Waiters } from '../waiting/waiters.ts';
import { Backoff } from './backoff.ts';
import { DialGate, type DialTicket } from './dial-gate.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Connection } from './stream-connection.ts';
import type { StreamControl, Topic } from './stream-dialect.ts';
import { sendCounted } from './stream-limits.ts';
import type { StreamSessionOptions, StreamState } from './stream-options.ts';
import { checkStreamUrl } from './stream-url.ts';
import { type Subscription, Subscriptions, type TopicObserver } from './subscriptions.ts';

/** A connection to a venue's stream that comes back by itself. */
export interface StreamSession {
  readonly state: StreamState;
  /** Rises with every dial: what belongs to an old connection can be told by it. */
  readonly epoch: number;
  /** True while the session waits for room in the limit of dials. */
  readonly isWaitingForRoom: boolean;
  /**
   * Dials once. Without room in the limit of dials it is refused at once with `rate-limited` and the time to wait; only a session
   * that was live before waits for room by itself.
   * @throws VenueError `timeout`, `transport`, `venue-unavailable`, `rate-limited`, `closed`.
   */
  connect(options?: AsyncOptions): Promise<void>;
  /** Wants a topic from now on, on every connection to come. */
  subscribe(topic: Topic, observer: TopicObserver): Subscription;
  /** Ends the current connection, which is of no more use, and dials again as after any other loss. */
  reconnect(reason: string): void;
  /** Sends one message if the session is live; says whether it did. */
  send(text: string): boolean;
  /** Ends everything at once; leaves no timer and no socket. */
  close(): Promise<void>;
}

const defaults = {
  keepAlive: { pingAfterMs: 8_000, deadlineMs: 5_000 },
  subscriptions: { batchSize: 10, ackDeadlineMs: 5_000 },
  backoff: { firstMs: 500, maxMs: 30_000 },
  handshakeTimeoutMs: 10_000,
  maxMessageBytes: 4 * 1024 * 1024,
} as const;

/** A connection that was up this long and brought data starts the backoff anew. */
const healthyAfterMs = 60_000;
/** Time given to the closing handshake before the socket is dropped. */
const closingMs = 1_000;

/**
 * Makes a session. Nothing is dialled before `connect`.
 * @throws VenueError `invalid-options` for a bad URL, or a limit that its limiter does not have.
 */
export function createStreamSession<M>(options: StreamSessionOptions<M>): StreamSession {
  const { limits, url, venue } = options;
  checkStreamUrl(url, venue);
  const ids = [limits.dial, limits.subscribe, ...(limits.ping === undefined ? [] : [limits.ping])];
  requireLimits(limits.limiter, { ids, scopes: [limits.scope] }, { venue, operation: 'stream' });
  return new Session(options);
}

class Session<M> implements StreamSession {
  readonly #options: StreamSessionOptions<M>;
  readonly #runtime: Runtime;
  readonly #topics: Subscriptions;
  readonly #backoff: Backoff;
  readonly #gate: DialGate;
  readonly #waiters: Waiters<void>;
  readonly #closing: Waiters<void>;
  #state: StreamState = 'idle';
  #epoch = 0;
  #connection: Connection | undefined;
  #redial: Disposable | undefined;
  #closed: Promise<void> | undefined;
  /** Dials whose sockets have not said goodbye yet, dropped ones included. */
  readonly #open = new Set<Connection>();
  /** True once a connection was live: from then on the session comes back by itself. */
  #established = false;

  constructor(options: StreamSessionOptions<M>) {
    const { runtime } = options;
    this.#options = options;
    this.#runtime = runtime;
    this.#backoff = new Backoff(runtime.random, options.backoff ?? defaults.backoff);
    this.#gate = new DialGate(options.limits);
    this.#waiters = new Waiters(runtime.timers, 'stream-connect');
    this.#closing = new Waiters(runtime.timers, 'stream-close');
    this.#topics = new Subscriptions({
      runtime,
      venue: options.venue,
      limit: { limiter: options.limits.limiter, id: options.limits.subscribe },
      options: options.subscriptions ?? defaults.subscriptions,
      sendSubscribe: (id, channel, symbols) =>
        this.send(options.dialect.encodeSubscribe(id, channel, symbols)),
      sendUnsubscribe: (id, channel, symbols) =>
        this.send(options.dialect.encodeUnsubscribe(id, channel, symbols)),
      distrust: (reason) => this.#drop(reason),
    });
  }

  get isWaitingForRoom(): boolean {
    return this.#gate.isAsking;
  }

  get state(): StreamState {
    return this.#state;
  }

  get epoch(): number {
    return this.#epoch;
  }

  async connect(options: AsyncOptions = {}): Promise<void> {
    if (this.#state === 'closed') throw this.#error('closed', 'the session is closed');
    if (this.#state === 'live') return;
    const onTimeout = (ms: number) =>
      this.#error('timeout', `expected a live session within ${ms} ms, got none`);
    const waiting = this.#waiters.wait({ ...options, onTimeout });
    if (this.#state === 'idle' && this.#waiters.size > 0 && !this.#gate.isAsking) this.#dialFirst();
    try {
      await waiting;
    } catch (error) {
      // Whoever asked has given up: a dial that nobody waits for must not become a session that nobody knows of.
      if (!this.#established && this.#waiters.size === 0) {
        this.#gate.stop();
        this.#drop('given up');
      }
      throw error;
    }
  }

  subscribe(topic: Topic, observer: TopicObserver): Subscription {
    return this.#topics.add(topic, observer);
  }

  reconnect(reason: string): void {
    this.#drop(reason);
  }

  send(text: string): boolean {
    const socket = this.#connection?.socket;
    if (this.#state !== 'live' || socket === undefined) return false;
    socket.send(text);
    return true;
  }

  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    // Known before anyone is told, so that whoever closes again from a callback finds it.
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#closed = promise;
    this.#end().then(resolve, reject);
    return promise;
  }

  async #end(): Promise<void> {
    this.#redial?.[Symbol.dispose]();
    this.#gate.stop();
    this.#topics.clear();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.left.abort();
    this.#setState('closed', undefined);
    this.#waiters.reject(this.#error('closed', 'the session was closed'));
    connection?.handshake[Symbol.dispose]();
    connection?.keepAlive?.stop();
    if (connection?.liveAt === undefined) connection?.socket?.terminate();
    else connection.socket?.close(1000, '');
    await this.#farewell();
  }

  /** Waits until every socket is gone, and drops those whose peers do not answer in time. */
  async #farewell(): Promise<void> {
    if (this.#open.size === 0) return;
    const onTimeout = () => this.#error('timeout', `the peer did not close within ${closingMs} ms`);
    try {
      await this.#closing.wait({ timeoutMs: closingMs, onTimeout });
    } catch {
      for (const connection of this.#open) connection.socket?.terminate();
    }
  }

  /** Whoever asks for a first dial can decide for himself whether to wait. */
  #dialFirst(): void {
    const { limits, venue } = this.#options;
    this.#gate.ask({
      dial: (ticket) => this.#dial(ticket),
      refused: (error) => this.#waiters.reject(toVenueError(error, { venue, operation: 'stream' })),
      deadlineMs: limits.limiter.now(),
    });
  }

  #dial(ticket: DialTicket): void {
    this.#epoch += 1;
    this.#setState('connecting', undefined);
    // A listener may have closed the session.
    if (this.#closed !== undefined) {
      ticket.unused();
      return;
    }
    const { runtime, url, maxMessageBytes = defaults.maxMessageBytes } = this.#options;
    const timeoutMs = this.#options.handshakeTimeoutMs ?? defaults.handshakeTimeoutMs;
    const tooLong = () => this.#drop(`no usable session within ${timeoutMs} ms`, 'timeout');
    const connection: Connection = {
      ticket,
      left: new AbortController(),
      waitingControls: new Set(),
      socket: undefined,
      handshake: runtime.timers.setTimer(timeoutMs, tooLong, 'stream-handshake'),
      keepAlive: undefined,
      liveAt: undefined,
      lastFrameAtMs: runtime.clock.now(),
      gotData: false,
      ending: undefined,
    };
    this.#connection = connection;
    this.#open.add(connection);
    const handlers = {
      opened: () => this.#opened(connection),
      message: (bytes: Uint8Array) => this.#received(connection, bytes),
      closed: (code: number, reason: string, httpStatus?: number) =>
        this.#lost(connection, code, reason, httpStatus),
    };
    try {
      connection.socket = runtime.openSocket(url, { maxMessageBytes }, handlers);
    } catch (error) {
      this.#lost(connection, 1006, error instanceof Error ? error.message : String(error), undefined);
    }
  }

  #opened(connection: Connection): void {
    connection.ticket.replied();
    if (connection !== this.#connection || this.#options.dialect.readyOn !== 'open') return;
    this.#ready(connection);
  }

  #ready(connection: Connection): void {
    if (connection.liveAt !== undefined) return;
    connection.handshake[Symbol.dispose]();
    connection.liveAt = this.#runtime.clock.monotonic();
    connection.keepAlive = new KeepAlive(this.#runtime, this.#options.keepAlive ?? defaults.keepAlive, {
      ping: () => this.#sendCounted(connection, this.#options.dialect.encodePing()),
      dead: (silentMs) =>
        this.#drop(`the venue was silent for ${Math.round(silentMs)} ms, also after a ping`),
    });
    this.#established = true;
    this.#setState('live', undefined);
    // A listener may have closed the session, or asked for another connection.
    if (connection !== this.#connection) return;
    this.#topics.online();
    this.#waiters.resolve();
  }

  #received(connection: Connection, bytes: Uint8Array): void {
    if (connection !== this.#connection) return;
    const receivedAtMs = this.#runtime.clock.now();
    connection.lastFrameAtMs = receivedAtMs;
    connection.keepAlive?.frame();
    try {
      const message = this.#options.dialect.decode(bytes);
      const control = this.#options.dialect.control(message);
      if (control === undefined) connection.gotData = true;
      else this.#obey(connection, control);
      this.#options.onMessage(message, receivedAtMs);
    } catch (error) {
      this.#options.onRefusedFrame(isVenueError(error) ? error : this.#unexpected(error));
    }
  }

  #obey(connection: Connection, control: StreamControl): void {
    if (control.type === 'ready') this.#ready(connection);
    else if (control.type === 'ping') this.#sendCounted(connection, this.#options.dialect.encodePong());
    else if (control.type === 'ack') this.#topics.acknowledge(control.id, control.topics, control.error);
    else if (control.type === 'closing') this.#drop(`the venue ends the session: ${control.reason}`);
  }

  /** One that waits answers for all of its kind. */
  #sendCounted({ left, socket, waitingControls }: Connection, text: string): void {
    if (waitingControls.has(text)) return;
    waitingControls.add(text);
    const ended = (): boolean => waitingControls.delete(text);
    const send = (): void => {
      ended();
      socket?.send(text);
    };
    sendCounted(this.#options.limits, send, left.signal).then(ended, ended);
  }

  /** Ends the current connection at once, because it is of no more use. */
  #drop(reason: string, code: 'timeout' | 'transport' = 'transport'): void {
    const connection = this.#connection;
    if (connection?.socket === undefined || connection.ending !== undefined) return;
    connection.ending = reason;
    // The owner is told now; the socket's own close may come later, and is then old news.
    this.#leave(connection, reason, this.#error(code, reason), 0);
    connection.socket.terminate();
  }

  #lost(connection: Connection, code: number, reason: string, httpStatus: number | undefined): void {
    const refusedMs = this.#gate.ended(connection.ticket, httpStatus);
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#closing.resolve();
    if (connection !== this.#connection) return;
    const text =
      reason === '' ? `connection closed with code ${code}` : `connection closed: ${reason} (${code})`;
    const refused = httpStatus !== undefined;
    this.#leave(connection, text, this.#error(refused ? 'venue-unavailable' : 'transport', text), refusedMs);
  }

  #leave(connection: Connection, reason: string, error: VenueError, refusedMs: number): void {
    connection.left.abort();
    connection.handshake[Symbol.dispose]();
    connection.keepAlive?.stop();
    this.#connection = undefined;
    const { liveAt, gotData, lastFrameAtMs } = connection;
    const upMs = liveAt === undefined ? 0 : this.#runtime.clock.monotonic() - liveAt;
    if (gotData && upMs >= healthyAfterMs) this.#backoff.reset();
    // First the owners of topics, then everyone: whoever hears that the connection is down must find no live book.
    this.#state = this.#established ? 'down' : 'idle';
    this.#topics.offline(reason, lastFrameAtMs);
    this.#waiters.reject(error);
    // A listener may close the session: then nothing is dialled any more.
    if (this.#closed === undefined && this.#established) this.#scheduleDial(refusedMs);
    if (this.#closed === undefined) this.#setState(this.#state, reason, lastFrameAtMs);
  }

  /** The wait is also for chance to set those apart whom a refusal has stopped together. */
  #scheduleDial(leastMs: number): void {
    const delayMs = leastMs + this.#backoff.next();
    this.#redial = this.#runtime.timers.setTimer(delayMs, () => this.#dialAgain(), 'stream-redial');
  }

  #dialAgain(): void {
    const { runtime, venue } = this.#options;
    this.#gate.ask({
      dial: (ticket) => this.#dial(ticket),
      refused: (error) => {
        runtime.logger.warn(`${venue}: no leave to dial again: ${String(error)}`);
        this.#scheduleDial(0);
      },
    });
  }

  #setState(state: StreamState, reason: string | undefined, sinceMs?: number): void {
    this.#state = state;
    this.#options.onState({ state, reason, ...(sinceMs === undefined ? {} : { sinceMs }) });
  }

  #unexpected(error: unknown): VenueError {
    return new VenueError({
      code: 'protocol',
      venue: this.#options.venue,
      operation: 'stream',
      message: 'a frame could not be handled',
      cause: error,
    });
  }

  #error(code: VenueError['code'], message: string): VenueError {
    const { venue, url } = this.#options;
    const { host } = new URL(url);
    return new VenueError({ code, venue, operation: 'stream', message: `${host}: ${message}` });
  }
}
