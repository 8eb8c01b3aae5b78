import {
  type AsyncOptions,
  isVenueError,
  type Runtime,
  type Socket,
  VenueError,
} from '@venuekit/connector-core';
import { toVenueError } from '../limits/limit-refusal.ts';
import { Waiters } from '../waiting/waiters.ts';
import { Backoff } from './backoff.ts';
import { DialGate, type DialTicket } from './dial-gate.ts';
import { unexpected } from './frame-error.ts';
import { KeepAlive } from './keep-alive.ts';
import { type Connection, type Loss, newConnection } from './stream-connection.ts';
import type { StreamControl, Topic } from './stream-dialect.ts';
import { messageLimiter, sendCounted } from './stream-limits.ts';
import { isFinalLoginError, sendLogin } from './stream-login.ts';
import type { StreamSessionOptions, StreamState, StreamStateChange } from './stream-options.ts';
import type { StreamSession } from './stream-session.ts';
import { type Subscription, Subscriptions, type TopicObserver } from './subscriptions.ts';

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

/** What a session has in common with others of its kind. */
export interface SessionKin {
  /** A number that no dial of any of them had before, and higher than all of them. */
  readonly nextEpoch: () => number;
}

/** The one implementation of {@link StreamSession}. */
export class ReturningSession<M> implements StreamSession {
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
  readonly #nextEpoch: () => number;

  constructor(options: StreamSessionOptions<M>, kin?: SessionKin) {
    const { runtime, limits } = options;
    this.#options = options;
    this.#nextEpoch = kin?.nextEpoch ?? (() => this.#epoch + 1);
    this.#runtime = runtime;
    this.#backoff = new Backoff(runtime.random, options.backoff ?? defaults.backoff);
    this.#gate = new DialGate(limits);
    this.#waiters = new Waiters(runtime.timers, 'stream-connect');
    this.#closing = new Waiters(runtime.timers, 'stream-close');
    this.#topics = new Subscriptions({
      runtime,
      venue: options.venue,
      limit: { limiter: messageLimiter(limits), id: limits.subscribe },
      options: options.subscriptions ?? defaults.subscriptions,
      sendSubscribe: (id, channel, symbols) =>
        this.send(options.dialect.encodeSubscribe(id, channel, symbols)),
      sendUnsubscribe: (id, channel, symbols) =>
        this.send(options.dialect.encodeUnsubscribe(id, channel, symbols)),
      distrust: (reason) => this.reconnect(reason),
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
    if (this.#isAtRest && this.#waiters.size > 0) this.#dialFirst();
    try {
      await waiting;
    } catch (error) {
      // Whoever asked has given up: a dial that nobody waits for must not become a session that nobody knows of.
      if (!this.#established && this.#waiters.size === 0) {
        this.#gate.stop();
        this.reconnect('given up');
      }
      throw error;
    }
  }

  /** Dials as after a lost connection, and comes back by itself from now on, whatever becomes of the first dial. */
  begin(): void {
    if (!this.#isAtRest || this.#closed !== undefined) return;
    this.#established = true;
    this.#dialAgain();
  }

  /** True while the venue may be sending something of a symbol on this connection, wanted or not. */
  mayBring(symbol: string): boolean {
    return this.#topics.mayBring(symbol);
  }

  /** Nothing is dialled, and nothing will be by itself. */
  get #isAtRest(): boolean {
    return !this.#established && this.#state !== 'connecting' && !this.#gate.isAsking;
  }

  subscribe(topic: Topic, observer: TopicObserver): Subscription {
    return this.#topics.add(topic, observer);
  }

  reconnect(reason: string): void {
    this.#drop(this.#lossOf(reason, 'transport'));
  }

  send(text: string): boolean {
    const socket = this.#connection?.socket;
    if (this.#state !== 'live' || socket === undefined) return false;
    return this.#sendOn(socket, text);
  }

  /** A socket of the user's own may throw: then it is of no more use. What it says may hold the text, and is not told. */
  #sendOn(socket: Socket, text: string): boolean {
    try {
      socket.send(text);
      return true;
    } catch (error) {
      this.reconnect(`the socket threw ${error instanceof Error ? error.name : typeof error} at a message`);
      return false;
    }
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
    this.#setState('closed');
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
    this.#epoch = this.#nextEpoch();
    this.#setState('connecting');
    // A listener may have closed the session.
    if (this.#closed !== undefined) {
      ticket.unused();
      return;
    }
    const { runtime, url, maxMessageBytes = defaults.maxMessageBytes } = this.#options;
    const timeoutMs = this.#options.handshakeTimeoutMs ?? defaults.handshakeTimeoutMs;
    const tooLong = () => this.#drop(this.#lossOf(`no usable session within ${timeoutMs} ms`, 'timeout'));
    const handshake = runtime.timers.setTimer(timeoutMs, tooLong, 'stream-handshake');
    const connection = newConnection(ticket, handshake, runtime.clock.now());
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
    this.#usable(connection);
  }

  /** Open, and greeted where the venue greets. */
  #usable(connection: Connection): void {
    const { dialect, limits, venue } = this.#options;
    const { encodeLogin } = dialect;
    if (encodeLogin === undefined) this.#ready(connection);
    else
      sendLogin(connection, {
        ...{ limits, venue },
        encode: () => encodeLogin.call(dialect),
        failed: (error) => this.#loginRefused(connection, error),
      });
  }

  #loginRefused(connection: Connection, error: VenueError): void {
    if (connection !== this.#connection) return;
    const reason = `the login was refused: ${error.message}`;
    this.#drop({ reason, error, isFinal: isFinalLoginError(error) });
  }

  #ready(connection: Connection): void {
    if (connection.liveAt !== undefined) return;
    connection.handshake[Symbol.dispose]();
    connection.liveAt = this.#runtime.clock.monotonic();
    connection.keepAlive = new KeepAlive(this.#runtime, this.#options.keepAlive ?? defaults.keepAlive, {
      ping: () => this.#sendCounted(connection, this.#options.dialect.encodePing()),
      dead: (silentMs) =>
        this.reconnect(`the venue was silent for ${Math.round(silentMs)} ms, also after a ping`),
    });
    this.#established = true;
    this.#setState('live');
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
      if (connection.liveAt !== undefined && this.#options.takeBytes?.(bytes, receivedAtMs))
        connection.gotData = true;
      else this.#read(connection, bytes, receivedAtMs);
    } catch (error) {
      this.#options.onRefusedFrame(isVenueError(error) ? error : unexpected(this.#options.venue, error));
    }
  }

  #read(connection: Connection, bytes: Uint8Array, receivedAtMs: number): void {
    const { dialect } = this.#options;
    const message = dialect.decode(bytes);
    const control = dialect.control(message);
    if (control === undefined) connection.gotData = true;
    else this.#obey(connection, control);
    this.#options.onMessage(message, receivedAtMs);
  }

  #obey(connection: Connection, control: StreamControl): void {
    if (control.type === 'ready') this.#usable(connection);
    else if (control.type === 'login') this.#loggedIn(connection, control.error);
    else if (control.type === 'ping') this.#sendCounted(connection, this.#options.dialect.encodePong());
    else if (control.type === 'ack') this.#topics.acknowledge(control.id, control.topics, control.error);
    else if (control.type === 'closing') this.reconnect(`the venue ends the session: ${control.reason}`);
  }

  /** The venue may also say later that the login holds no more. */
  #loggedIn(connection: Connection, error: VenueError | undefined): void {
    if (connection.login !== 'sent') return;
    if (error === undefined) this.#ready(connection);
    else this.#loginRefused(connection, error);
  }

  /** One that waits answers for all of its kind. */
  #sendCounted({ left, socket, waitingControls }: Connection, text: string): void {
    if (waitingControls.has(text)) return;
    waitingControls.add(text);
    const ended = (): boolean => waitingControls.delete(text);
    const send = (): void => {
      ended();
      if (socket !== undefined) this.#sendOn(socket, text);
    };
    const { limits } = this.#options;
    sendCounted(limits, limits.ping, send, left.signal).then(ended, ended);
  }

  /** Ends the current connection at once, because it is of no more use. */
  #drop(loss: Loss): void {
    const connection = this.#connection;
    if (connection?.socket === undefined || connection.ending !== undefined) return;
    connection.ending = loss.reason;
    // The owner is told now; the socket's own close may come later, and is then old news.
    this.#leave(connection, loss);
    connection.socket.terminate();
  }

  #lost(connection: Connection, code: number, reason: string, httpStatus: number | undefined): void {
    const waitMs = this.#gate.ended(connection.ticket, httpStatus);
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#closing.resolve();
    if (connection !== this.#connection) return;
    const text =
      reason === '' ? `connection closed with code ${code}` : `connection closed: ${reason} (${code})`;
    const loss = this.#lossOf(text, httpStatus === undefined ? 'transport' : 'venue-unavailable');
    this.#leave(connection, { ...loss, waitMs });
  }

  #lossOf(reason: string, code: VenueError['code']): Loss {
    return { reason, error: this.#error(code, reason) };
  }

  #leave(connection: Connection, { reason, error, waitMs = 0, isFinal = false }: Loss): void {
    connection.left.abort();
    connection.handshake[Symbol.dispose]();
    connection.keepAlive?.stop();
    this.#connection = undefined;
    const { liveAt, gotData, lastFrameAtMs } = connection;
    const upMs = liveAt === undefined ? 0 : this.#runtime.clock.monotonic() - liveAt;
    if (gotData && upMs >= healthyAfterMs) this.#backoff.reset();
    this.#waiters.reject(error);
    // First the owners of topics, then everyone: whoever hears that the connection is down must find no live book.
    this.#state = this.#established || isFinal ? 'down' : 'idle';
    if (isFinal) this.#established = false;
    this.#topics.offline(reason, lastFrameAtMs);
    // A listener may close the session: then nothing is dialled any more.
    if (this.#closed === undefined && this.#established) this.#scheduleDial(waitMs);
    const why = isFinal ? { error } : {};
    // Or it may have asked for another dial already.
    if (this.#closed === undefined && this.#connection === undefined)
      this.#setState(this.#state, reason, { sinceMs: lastFrameAtMs, ...why });
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

  #setState(
    state: StreamState,
    reason?: string,
    more: Pick<StreamStateChange, 'sinceMs' | 'error'> = {},
  ): void {
    this.#state = state;
    this.#options.onState({ state, reason, ...more });
  }

  #error(code: VenueError['code'], message: string): VenueError {
    const { venue, url } = this.#options;
    const { host } = new URL(url);
    return new VenueError({ code, venue, operation: 'stream', message: `${host}: ${message}` });
  }
}
