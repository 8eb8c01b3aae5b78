import type { LevelsEvent } from '../../market/market.ts';
import type { FrameLabel, StreamRequest, StreamSink } from '../dialect.ts';
import type { BarFeed } from './bar-feed.ts';
import { type Fields, messageId, parseMessage, quoted } from './client-message.ts';
import { type ClientOutlet, createClientOutlet } from './client-outlet.ts';
import { type ClientRequests, createClientRequests } from './client-requests.ts';
import { refusals } from './error-codes.ts';
import { createKeepAlive, type KeepAlive } from './keep-alive.ts';
import { groupsOf } from './limit-groups.ts';
import { createLogin, groupInPath, type Login } from './login.ts';
import { encodeFarewell, encodeGreeting, encodePing, encodePong, type MessageId } from './messages.ts';
import { createOrderChannel } from './order-channel.ts';
import { createRealtimeBooks, type RealtimeBooks } from './realtime-books.ts';
import type { SessionContext } from './session-context.ts';
import type { StreamGate } from './stream-gate.ts';
import { createTopicSubscriptions, type TopicSubscriptions } from './topic-subscriptions.ts';

/** One client of the stream. */
export interface StreamSession {
  /** Takes one message of the client. */
  receive(text: string): void;
  /** Answers a ping of the client's WebSocket. */
  pinged(data: Uint8Array): void;
  /** The client is gone. Doing it again does nothing. */
  closed(): void;
  /** Gives a client up that does not read. */
  cut(): void;
  /** True if the client is subscribed to anything. */
  readonly isSubscriber: boolean;
  /** Bytes that the client has not read yet. */
  readonly bufferedBytes: number;
  /** True if the client is subscribed to `topic`, such as `depth:BTC/USDT`. */
  follows(topic: string): boolean;
  /** True if the client was given the book of `symbol` on this connection. */
  hasBook(symbol: string): boolean;
  /** Sends one frame, unless the simulator has fallen silent. */
  push(text: string, label: FrameLabel): void;
  /** Tells of a change of a book that the client wants at once; if `sides` is left out, it is lost on its way. */
  tellLevels(event: LevelsEvent, sides: string | undefined): void;
}

/** What the sessions of a stream share besides what they serve from. */
export interface SessionGround {
  readonly context: SessionContext;
  readonly bars: BarFeed;
  readonly gate: StreamGate;
  /** Does what may change who follows what. */
  readonly changeTopics: (act: () => void) => void;
}

/**
 * Opens a session: the greeting is sent at once.
 * @param onClosed is told once, when the client is gone.
 */
export function openStreamSession(
  ground: SessionGround,
  request: StreamRequest,
  sink: StreamSink,
  onClosed: (session: StreamSession) => void,
): StreamSession {
  return new Session(ground, request, sink, onClosed);
}

class Session implements StreamSession {
  readonly #context: SessionContext;
  readonly #changeTopics: (act: () => void) => void;
  readonly #address: string;
  readonly #sink: StreamSink;
  readonly #onClosed: (session: StreamSession) => void;
  readonly #outlet: ClientOutlet;
  readonly #login: Login;
  readonly #books: RealtimeBooks;
  readonly #subscriptions: TopicSubscriptions;
  readonly #requests: ClientRequests;
  readonly #keepAlive: KeepAlive;
  /** Its place among the open sessions of its address. */
  readonly #place: Disposable;
  #closed = false;

  constructor(
    ground: SessionGround,
    request: StreamRequest,
    sink: StreamSink,
    onClosed: (session: StreamSession) => void,
  ) {
    const { context } = ground;
    this.#context = context;
    this.#changeTopics = ground.changeTopics;
    this.#address = request.address;
    this.#sink = sink;
    this.#onClosed = onClosed;
    this.#place = context.limits.enter(request.address, groupInPath(request.path));
    const outlet = createClientOutlet(context, sink, () => this.cut());
    const login = createLogin(context, outlet, request);
    const books = createRealtimeBooks(context, outlet);
    const orders = createOrderChannel(context, { outlet, login, gate: ground.gate });
    this.#outlet = outlet;
    this.#login = login;
    this.#books = books;
    this.#subscriptions = createTopicSubscriptions(context, { ...ground, outlet, login, books, orders });
    this.#requests = createClientRequests(context, { ...ground, outlet, login, books });
    this.#keepAlive = createKeepAlive({
      clock: context.clock,
      timers: context.timers,
      isPaused: () => context.market.pingsAhead || context.faults.silent,
      ping: (hp) => this.push(encodePing(hp), { channel: 'ping' }),
      giveUp: () => this.#giveUp(),
    });
    const greeting = encodeGreeting(
      context.options.greetingKey,
      login.identity === undefined ? 'unauth' : 'auth',
    );
    this.push(greeting, { channel: 'connected' });
  }

  get bufferedBytes(): number {
    return this.#outlet.bufferedBytes;
  }

  get isSubscriber(): boolean {
    return this.#subscriptions.size > 0;
  }

  follows(topic: string): boolean {
    return this.#subscriptions.has(topic);
  }

  hasBook(symbol: string): boolean {
    return this.#requests.hasBook(symbol);
  }

  push(text: string, label: FrameLabel): void {
    this.#outlet.push(text, label);
  }

  tellLevels(event: LevelsEvent, sides: string | undefined): void {
    if (sides === undefined) this.#books.skip(event.symbol);
    else this.#books.tell(event, sides);
  }

  pinged(data: Uint8Array): void {
    this.#outlet.pong(data);
  }

  cut(): void {
    if (this.#closed) return;
    this.#context.counters.cut += 1;
    this.closed();
    this.#sink.cut();
  }

  receive(text: string): void {
    if (this.#closed) return;
    this.#context.counters.received += 1;
    this.#keepAlive.heard();
    const message = parseMessage(text);
    // One known client answers pings with the bare word.
    const { op, action } = message ?? { op: text.trim() };
    const verdict = this.#context.limits.judge(this.#address, groupsOf(op, action));
    if (verdict === 'ignore') return;
    if (verdict === 'end') {
      this.closed();
      this.#sink.cut();
    } else if (message === undefined) this.#outlet.error(undefined, refusals.json, 'expected a JSON object');
    else this.#serve(message, messageId(message.id));
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outlet.close();
    this.#keepAlive.close();
    this.#subscriptions.close();
    this.#requests.close();
    this.#place[Symbol.dispose]();
    this.#onClosed(this);
  }

  #serve(message: Fields, id: MessageId): void {
    switch (message.op) {
      case 'sub':
        this.#changeTopics(() => this.#subscriptions.subscribe(message, id));
        return;
      case 'unsub':
        this.#changeTopics(() => this.#subscriptions.unsubscribe(message, id));
        return;
      case 'req':
        this.#requests.serve(message, id);
        return;
      case 'ping':
        this.#keepAlive.pinged();
        this.push(encodePong(id, this.#context.clock.now(), this.#keepAlive.hp), { channel: 'pong' });
        return;
      case 'pong':
        return;
      case 'auth':
        this.#login.serve(message, id);
        return;
      default:
        this.#outlet.refuse(id, `unknown op ${quoted(message.op)}`);
    }
  }

  #giveUp(): void {
    this.push(encodeFarewell(refusals.stream, 'no answer to two pings'), { channel: 'disconnected' });
    this.#sink.close(1000, 'no answer to two pings');
    this.closed();
  }
}
