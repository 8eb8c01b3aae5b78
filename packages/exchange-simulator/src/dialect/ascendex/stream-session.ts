import type { StreamSink } from '../dialect.ts';
import { type Fields, messageId, parseMessage, quoted } from './client-message.ts';
import { type ClientOutlet, createClientOutlet } from './client-outlet.ts';
import { type ClientRequests, createClientRequests } from './client-requests.ts';
import { refusals } from './error-codes.ts';
import { createKeepAlive, type KeepAlive } from './keep-alive.ts';
import {
  encodeError,
  encodeFarewell,
  encodeLoginRefusal,
  encodePing,
  encodePong,
  greeting,
  type MessageId,
} from './messages.ts';
import type { SessionContext } from './session-context.ts';
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
  push(text: string): void;
}

/**
 * Opens a session: the greeting is sent at once.
 * @param onClosed is told once, when the client is gone.
 */
export function openStreamSession(
  context: SessionContext,
  sink: StreamSink,
  onClosed: (session: StreamSession) => void,
): StreamSession {
  return new Session(context, sink, onClosed);
}

class Session implements StreamSession {
  readonly #context: SessionContext;
  readonly #sink: StreamSink;
  readonly #onClosed: (session: StreamSession) => void;
  readonly #outlet: ClientOutlet;
  readonly #subscriptions: TopicSubscriptions;
  readonly #requests: ClientRequests;
  readonly #keepAlive: KeepAlive;
  #closed = false;

  constructor(context: SessionContext, sink: StreamSink, onClosed: (session: StreamSession) => void) {
    this.#context = context;
    this.#sink = sink;
    this.#onClosed = onClosed;
    this.#outlet = createClientOutlet(context, sink, () => this.cut());
    this.#subscriptions = createTopicSubscriptions(context, this.#outlet);
    this.#requests = createClientRequests(context, this.#outlet);
    this.#keepAlive = createKeepAlive({
      clock: context.clock,
      timers: context.timers,
      isPaused: () => context.market.pingsAhead || context.faults.silent,
      ping: (hp) => this.push(encodePing(hp)),
      giveUp: () => this.#giveUp(),
    });
    this.push(greeting);
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

  push(text: string): void {
    this.#outlet.push(text);
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
    if (message === undefined) {
      this.push(encodeError(undefined, refusals.json, 'expected a JSON object'));
      return;
    }
    this.#serve(message, messageId(message.id));
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outlet.close();
    this.#keepAlive.close();
    this.#subscriptions.close();
    this.#requests.close();
    this.#onClosed(this);
  }

  #serve(message: Fields, id: MessageId): void {
    switch (message.op) {
      case 'sub':
        this.#subscriptions.subscribe(message, id);
        return;
      case 'unsub':
        this.#subscriptions.unsubscribe(message, id);
        return;
      case 'req':
        this.#requests.serve(message, id);
        return;
      case 'ping':
        this.#keepAlive.pinged();
        this.push(encodePong(id, this.#context.clock.now(), this.#keepAlive.hp));
        return;
      case 'pong':
        return;
      case 'auth':
        this.push(encodeLoginRefusal(id, refusals.authentication, 'this simulator has no accounts'));
        return;
      default:
        this.#outlet.refuse(id, `unknown op ${quoted(message.op)}`);
    }
  }

  #giveUp(): void {
    this.push(encodeFarewell(refusals.stream, 'no answer to two pings'));
    this.#sink.close(1000, 'no answer to two pings');
    this.closed();
  }
}
