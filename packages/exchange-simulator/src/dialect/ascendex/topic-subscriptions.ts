import { settled } from '../../market/market.ts';
import { count } from '../../stats.ts';
import { type Fields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import { encodeConfirmation, encodeError, encodeRefusal, type MessageId } from './messages.ts';
import type { SessionContext } from './session-context.ts';
import { channelKind, isWholeChannel, matchesTopic, parseTopics } from './topics.ts';

/** What one client is subscribed to. */
export interface TopicSubscriptions {
  /** How many topics there are. */
  readonly size: number;
  /** True if the client is subscribed to `topic`, such as `depth:BTC/USDT`. */
  has(topic: string): boolean;
  /** Serves a `sub`. */
  subscribe(message: Fields, id: MessageId): void;
  /** Serves an `unsub`. */
  unsubscribe(message: Fields, id: MessageId): void;
  /** Ends all of them; what was not confirmed yet never is. */
  close(): void;
}

const mostSymbols = 10;

/** Makes the subscriptions of a client that has none. */
export function createTopicSubscriptions(context: SessionContext, outlet: ClientOutlet): TopicSubscriptions {
  return new Subscriptions(context, outlet);
}

class Subscriptions implements TopicSubscriptions {
  readonly #context: SessionContext;
  readonly #outlet: ClientOutlet;
  readonly #topics = new Set<string>();
  /** Confirmations that are still to come, by topic. */
  readonly #confirmations = new Map<string, Disposable[]>();

  constructor(context: SessionContext, outlet: ClientOutlet) {
    this.#context = context;
    this.#outlet = outlet;
  }

  get size(): number {
    return this.#topics.size;
  }

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  subscribe({ ch }: Fields, id: MessageId): void {
    if (typeof ch !== 'string') {
      this.#outlet.refuse(id, `sub needs "ch" as text, got ${quoted(ch)}`);
      return;
    }
    const { channel, symbols } = parseTopics(ch);
    if (!this.#isOpen(channelKind(channel === '' ? ch : channel), ch, id)) return;
    if (ch.includes(':') && !isWholeChannel(channel)) {
      this.#outlet.refuse(id, `unknown channel ${quoted(ch)}`);
      return;
    }
    count(this.#context.counters.subscribe, channel);
    if (symbols.length === 0) {
      this.#outlet.refuse(id, `sub needs a symbol after the channel, got ${quoted(ch)}`);
      return;
    }
    if (symbols.length > mostSymbols) {
      this.#outlet.refuse(id, `sub takes at most ${mostSymbols} symbols, got ${symbols.length}`);
      return;
    }
    for (const symbol of symbols) this.#subscribeOne(channel, symbol, id);
  }

  unsubscribe({ ch }: Fields, id: MessageId): void {
    if (typeof ch !== 'string') {
      this.#outlet.refuse(id, `unsub needs "ch" as text, got ${quoted(ch)}`);
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
    for (const topic of named) this.#outlet.push(encodeConfirmation('unsub', id, topic));
  }

  close(): void {
    this.#topics.clear();
    for (const topic of [...this.#confirmations.keys()]) this.#withdraw(topic);
  }

  #isOpen(kind: ReturnType<typeof channelKind>, ch: string, id: MessageId): boolean {
    if (kind === 'public') return true;
    if (kind === 'unknown') this.#outlet.refuse(id, `unknown channel ${quoted(ch)}`);
    else this.#outlet.push(encodeError(id, refusals.authorization, `${quoted(ch)} needs a login`));
    return false;
  }

  #subscribeOne(channel: string, symbol: string, id: MessageId): void {
    const { market, listed, faults } = this.#context;
    const topic = `${channel}:${symbol}`;
    const { code } = refusals.symbol;
    if (!listed.has(symbol)) {
      this.#outlet.push(encodeRefusal(id, topic, code, `there is no symbol ${symbol}`));
      return;
    }
    const admission = market.admit(channel, symbol);
    if (!admission.admitted) {
      this.#outlet.push(encodeRefusal(id, topic, code, admission.reason));
      return;
    }
    if (channel === 'depth') market.start();
    if (faults.strikesSubscription('ignored-subscription', symbol, channel)) return;
    if (faults.strikesSubscription('refused-subscription', symbol, channel)) {
      const reason = `${topic} cannot be subscribed to now`;
      this.#outlet.push(encodeRefusal(id, topic, refusals.stream.code, reason));
      return;
    }
    this.#topics.add(topic);
    this.#confirm(channel, symbol, id);
  }

  /** Confirms a subscription when the market wants it. */
  #confirm(channel: string, symbol: string, id: MessageId): void {
    const { market, faults } = this.#context;
    const topic = `${channel}:${symbol}`;
    const confirm = (): void => {
      const isLost = faults.strikesSubscription('lost-confirmation', symbol, channel);
      if (!isLost) this.#outlet.push(encodeConfirmation('sub', id, topic));
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
}
