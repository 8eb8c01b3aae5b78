import type { Clock, Timers } from '@venuekit/connector-core';
import type { FaultControl } from '../../faults/fault-control.ts';
import { type BookAnswer, type Market, settled } from '../../market/market.ts';
import { type Counters, count } from '../../stats.ts';
import type { StreamSink } from '../dialect.ts';
import { type Fields, isFields, messageId, parseMessage, quoted } from './client-message.ts';
import { refusals } from './error-codes.ts';
import { createKeepAlive, type KeepAlive } from './keep-alive.ts';
import {
  encodeBook,
  encodeConfirmation,
  encodeError,
  encodeFarewell,
  encodeLoginRefusal,
  encodePing,
  encodePong,
  encodeRefusal,
  encodeTradesReply,
  greeting,
  type MessageId,
} from './messages.ts';
import { channelKind, isWholeChannel, matchesTopic, parseTopics } from './topics.ts';

/** What a session serves from. */
export interface SessionContext {
  readonly market: Market;
  /** Symbols that the venue lists. */
  readonly listed: ReadonlySet<string>;
  readonly faults: FaultControl;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly timers: Timers;
}

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

const mostSymbols = 10;
const mostLevels = 500;
const mostTrades = 100;
/** A client that lets more than this pile up does not read: it is cut before it takes the process down. */
const mostBufferedBytes = 1 << 26;

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
  readonly #keepAlive: KeepAlive;
  readonly #topics = new Set<string>();
  readonly #books = new Set<string>();
  /** Books that are still to come. */
  readonly #pending = new Set<Disposable>();
  /** Confirmations that are still to come, by topic. */
  readonly #confirmations = new Map<string, Disposable[]>();
  #closed = false;

  constructor(context: SessionContext, sink: StreamSink, onClosed: (session: StreamSession) => void) {
    this.#context = context;
    this.#sink = sink;
    this.#onClosed = onClosed;
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
    return this.#sink.bufferedBytes;
  }

  get isSubscriber(): boolean {
    return this.#topics.size > 0;
  }

  follows(topic: string): boolean {
    return this.#topics.has(topic);
  }

  hasBook(symbol: string): boolean {
    return this.#books.has(symbol);
  }

  push(text: string): void {
    const { faults, counters } = this.#context;
    if (this.#closed) return;
    if (faults.silent) {
      counters.withheld += 1;
      return;
    }
    counters.sent += 1;
    this.#sink.send(text);
    this.#checkBuffer();
  }

  pinged(data: Uint8Array): void {
    if (this.#closed || this.#context.faults.silent) return;
    this.#sink.pong(data);
    this.#checkBuffer();
  }

  cut(): void {
    if (this.#closed) return;
    this.#context.counters.cut += 1;
    this.closed();
    this.#sink.cut();
  }

  #checkBuffer(): void {
    if (this.#sink.bufferedBytes > mostBufferedBytes) this.cut();
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
    this.#keepAlive.close();
    this.#topics.clear();
    for (const pending of this.#pending) pending[Symbol.dispose]();
    for (const topic of [...this.#confirmations.keys()]) this.#withdraw(topic);
    this.#onClosed(this);
  }

  #serve(message: Fields, id: MessageId): void {
    switch (message.op) {
      case 'sub':
        this.#subscribe(message, id);
        return;
      case 'unsub':
        this.#unsubscribe(message, id);
        return;
      case 'req':
        this.#request(message, id);
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
        this.#refuse(id, `unknown op ${quoted(message.op)}`);
    }
  }

  #subscribe(message: Fields, id: MessageId): void {
    const { ch } = message;
    if (typeof ch !== 'string') {
      this.#refuse(id, `sub needs "ch" as text, got ${quoted(ch)}`);
      return;
    }
    const { channel, symbols } = parseTopics(ch);
    if (!this.#isOpen(channelKind(channel === '' ? ch : channel), ch, id)) return;
    if (ch.includes(':') && !isWholeChannel(channel)) {
      this.#refuse(id, `unknown channel ${quoted(ch)}`);
      return;
    }
    count(this.#context.counters.subscribe, channel);
    if (symbols.length === 0) {
      this.#refuse(id, `sub needs a symbol after the channel, got ${quoted(ch)}`);
      return;
    }
    if (symbols.length > mostSymbols) {
      this.#refuse(id, `sub takes at most ${mostSymbols} symbols, got ${symbols.length}`);
      return;
    }
    for (const symbol of symbols) this.#subscribeOne(channel, symbol, id);
  }

  #isOpen(kind: ReturnType<typeof channelKind>, ch: string, id: MessageId): boolean {
    if (kind === 'public') return true;
    if (kind === 'unknown') this.#refuse(id, `unknown channel ${quoted(ch)}`);
    else this.push(encodeError(id, refusals.authorization, `${quoted(ch)} needs a login`));
    return false;
  }

  #subscribeOne(channel: string, symbol: string, id: MessageId): void {
    const { market, listed, faults } = this.#context;
    const topic = `${channel}:${symbol}`;
    const { code } = refusals.symbol;
    if (!listed.has(symbol)) {
      this.push(encodeRefusal(id, topic, code, `there is no symbol ${symbol}`));
      return;
    }
    const admission = market.admit(channel, symbol);
    if (!admission.admitted) {
      this.push(encodeRefusal(id, topic, code, admission.reason));
      return;
    }
    if (channel === 'depth') market.start();
    if (faults.strikesSubscription('ignored-subscription', symbol, channel)) return;
    if (faults.strikesSubscription('refused-subscription', symbol, channel)) {
      this.push(encodeRefusal(id, topic, refusals.stream.code, `${topic} cannot be subscribed to now`));
      return;
    }
    this.#topics.add(topic);
    const confirm = (): void => {
      const isLost = faults.strikesSubscription('lost-confirmation', symbol, channel);
      if (!isLost) this.push(encodeConfirmation('sub', id, topic));
    };
    const pending = market.acknowledge(channel, symbol, confirm);
    if (pending === settled) return;
    this.#confirmations.set(topic, [...(this.#confirmations.get(topic) ?? []), pending]);
  }

  /** What is unsubscribed before its confirmation came is not confirmed any more. */
  #withdraw(topic: string): void {
    for (const pending of this.#confirmations.get(topic) ?? []) pending[Symbol.dispose]();
    this.#confirmations.delete(topic);
  }

  #unsubscribe(message: Fields, id: MessageId): void {
    const { ch } = message;
    if (typeof ch !== 'string') {
      this.#refuse(id, `unsub needs "ch" as text, got ${quoted(ch)}`);
      return;
    }
    if (!this.#isOpen(channelKind(ch), ch, id)) return;
    const { channel, symbols } = parseTopics(ch);
    count(this.#context.counters.unsubscribe, channel);
    for (const topic of [...this.#topics]) {
      if (!matchesTopic(ch, topic)) continue;
      this.#topics.delete(topic);
      this.#withdraw(topic);
    }
    this.#context.market.reconsider();
    const named = symbols.length > 1 ? symbols.map((symbol) => `${channel}:${symbol}`) : [ch];
    for (const topic of named) this.push(encodeConfirmation('unsub', id, topic));
  }

  #request(message: Fields, id: MessageId): void {
    const { action, args } = message;
    if (typeof action !== 'string') {
      this.#refuse(id, `req needs "action" as text, got ${quoted(action)}`);
      return;
    }
    const name = action.toLowerCase();
    const fields = isFields(args) ? args : {};
    switch (name) {
      case 'depth-snapshot':
        this.#requestBook(name, fields, id, mostLevels);
        return;
      case 'depth-snapshot-top100':
        this.#requestBook(name, fields, id, 100);
        return;
      case 'market-trades':
        this.#requestTrades(name, fields, id);
        return;
      default:
        this.#refuseAction(name, id);
    }
  }

  #refuseAction(name: string, id: MessageId): void {
    if (!privateActions.has(name)) {
      this.#refuse(id, `unknown action ${quoted(name)}`);
      return;
    }
    this.push(encodeError(id, refusals.authorization, `${quoted(name)} needs a login`));
  }

  #requestBook(action: string, args: Fields, id: MessageId, levels: number): void {
    const symbol = this.#symbolOf(action, args, id);
    if (symbol === undefined) return;
    const { market, timers, faults } = this.#context;
    const answer = (reply: BookAnswer): void => {
      if (faults.losesSnapshot(symbol)) return;
      const old = faults.oldSnapshot(symbol);
      const give = (): void => {
        this.#giveBook(symbol, old === undefined ? reply : { book: old }, levels);
        // Whoever has an old book cannot tell what goes wrong with the present one.
        if (old !== undefined) this.#books.delete(symbol);
      };
      const delayMs = faults.snapshotDelayMs(symbol);
      if (delayMs === 0) give();
      else this.#await(give, (late) => timers.setTimer(delayMs, late, 'slow book'));
    };
    this.#await(answer, (given) => market.requestBook(symbol, given));
  }

  #giveBook(symbol: string, { book, text }: BookAnswer, levels: number): void {
    const shortened = { ...book, asks: book.asks.slice(0, levels), bids: book.bids.slice(0, levels) };
    const frame = levels === mostLevels && text !== undefined ? text : encodeBook(symbol, shortened);
    if (!this.#context.faults.silent) this.#books.add(symbol);
    this.push(frame);
  }

  #requestTrades(action: string, args: Fields, id: MessageId): void {
    const symbol = this.#symbolOf(action, args, id);
    if (symbol === undefined) return;
    const level = args.level ?? mostTrades;
    if (typeof level !== 'number' || !Number.isInteger(level) || level < 1) {
      this.#refuse(id, `${action} needs "level" as a whole number from 1 up, got ${quoted(level)}`);
      return;
    }
    const trades = this.#context.market.trades(symbol).slice(-Math.min(level, mostTrades));
    this.push(encodeTradesReply(id, symbol, trades));
  }

  /** The symbol of a request; if it cannot be served, the refusal has been sent. */
  #symbolOf(action: string, args: Fields, id: MessageId): string | undefined {
    const { symbol } = args;
    const { market, counters } = this.#context;
    count(counters.action, action);
    if (typeof symbol !== 'string') {
      this.#refuse(id, `${action} needs "args.symbol" as text, got ${quoted(symbol)}`);
      return undefined;
    }
    if (market.book(symbol, 0) !== undefined) return symbol;
    this.push(encodeError(id, refusals.symbol, `there is no market ${symbol}`));
    return undefined;
  }

  #refuse(id: MessageId, info: string): void {
    this.push(encodeError(id, refusals.stream, info));
  }

  #giveUp(): void {
    this.push(encodeFarewell(refusals.stream, 'no answer to two pings'));
    this.#sink.close(1000, 'no answer to two pings');
    this.closed();
  }

  /** Keeps what is to come until it has come; some of it comes at once. */
  #await<A extends unknown[]>(
    act: (...args: A) => void,
    begin: (act: (...args: A) => void) => Disposable,
  ): void {
    const wait: { came: boolean; pending: Disposable | undefined } = { came: false, pending: undefined };
    const pending = begin((...args) => {
      wait.came = true;
      if (wait.pending !== undefined) this.#pending.delete(wait.pending);
      act(...args);
    });
    if (wait.came || pending === settled) return;
    wait.pending = pending;
    this.#pending.add(pending);
  }
}

/** Actions that need a login; until there are accounts, nobody has one. */
const privateActions: ReadonlySet<string> = new Set([
  'place-order',
  'cancel-order',
  'cancel-all',
  'open-order',
  'balance',
  'margin-risk',
  'depth-snapshot-realtime',
]);
