import { settled } from '../../market/market.ts';
import { count } from '../../stats.ts';
import type { BarFeed } from './bar-feed.ts';
import { type Fields, quoted } from './client-message.ts';
import type { ClientOutlet } from './client-outlet.ts';
import { refusals } from './error-codes.ts';
import type { Login } from './login.ts';
import { encodeConfirmation, encodeRefusal, type MessageId } from './messages.ts';
import { accountNamed, type OrderChannel } from './order-channel.ts';
import type { RealtimeBooks } from './realtime-books.ts';
import type { SessionContext } from './session-context.ts';
import { createTopicConfirmations, type TopicConfirmations } from './topic-confirmations.ts';
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

/** Where the parts of a session get what they are subscribed to. */
export interface SubscriptionSources {
  readonly outlet: ClientOutlet;
  readonly login: Login;
  readonly bars: BarFeed;
  readonly orders: OrderChannel;
  readonly books: RealtimeBooks;
}

const mostSymbols = 10;

/** Makes the subscriptions of a client that has none. */
export function createTopicSubscriptions(
  context: SessionContext,
  sources: SubscriptionSources,
): TopicSubscriptions {
  return new Subscriptions(context, sources);
}

/** A part of a `sub`: a symbol, or an account. */
interface Part {
  readonly channel: string;
  readonly name: string;
  readonly id: MessageId;
  readonly confirmations: TopicConfirmations;
}

class Subscriptions implements TopicSubscriptions {
  readonly #context: SessionContext;
  readonly #sources: SubscriptionSources;
  /** What each topic needs to be given back. */
  readonly #topics = new Map<string, Disposable>();
  /** Confirmations that are still to come, by topic. */
  readonly #confirmations = new Map<string, Set<Disposable>>();

  constructor(context: SessionContext, sources: SubscriptionSources) {
    this.#context = context;
    this.#sources = sources;
  }

  get size(): number {
    return this.#topics.size;
  }

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  subscribe({ ch }: Fields, id: MessageId): void {
    const { outlet } = this.#sources;
    if (typeof ch !== 'string') {
      outlet.refuse(id, `sub needs "ch" as text, got ${quoted(ch)}`);
      return;
    }
    const { channel, symbols } = parseTopics(ch);
    if (!this.#isOpen(channelKind(channel === '' ? ch : channel), ch, id)) return;
    if (ch.includes(':') && !isWholeChannel(channel)) {
      outlet.refuse(id, `unknown channel ${quoted(ch)}`);
      return;
    }
    count(this.#context.counters.subscribe, channel);
    if (symbols.length === 0) {
      const what = channel === 'order' ? 'an account' : 'a symbol';
      outlet.refuse(id, `sub needs ${what} after the channel, got ${quoted(ch)}`);
      return;
    }
    if (symbols.length > mostSymbols) {
      outlet.refuse(id, `sub takes at most ${mostSymbols} symbols, got ${symbols.length}`);
      return;
    }
    this.#subscribeAll(channel, symbols, id);
  }

  unsubscribe({ ch }: Fields, id: MessageId): void {
    const { outlet } = this.#sources;
    if (typeof ch !== 'string') {
      outlet.refuse(id, `unsub needs "ch" as text, got ${quoted(ch)}`);
      return;
    }
    if (!this.#isKnown(channelKind(ch), ch, id)) return;
    const { channel, symbols } = parseTopics(ch);
    count(this.#context.counters.unsubscribe, channel);
    const pattern = channel === 'order' ? this.#accountPattern(symbols) : ch;
    for (const topic of [...this.#topics.keys()]) {
      if (!matchesTopic(pattern, topic)) continue;
      this.#leave(topic);
      this.#withdraw(topic);
    }
    this.#context.market.reconsider();
    const named = symbols.length > 1 ? symbols.map((symbol) => `${channel}:${symbol}`) : [ch];
    const { confirmations, unsubscribeCode } = this.#context.options;
    for (const topic of confirmations === 'together' ? [ch] : named)
      outlet.push(encodeConfirmation('unsub', id, topic, unsubscribeCode), { channel: 'unsub' });
  }

  close(): void {
    for (const topic of [...this.#topics.keys()]) this.#leave(topic);
    for (const topic of [...this.#confirmations.keys()]) this.#withdraw(topic);
  }

  /** True if there is such a channel, and a login where it needs one. */
  #isKnown(kind: ReturnType<typeof channelKind>, ch: string, id: MessageId): boolean {
    const { outlet, login } = this.#sources;
    if (kind === 'public') return true;
    if (kind === 'unknown') outlet.refuse(id, `unknown channel ${quoted(ch)}`);
    else if (login.identity === undefined)
      outlet.error(id, refusals.authorization, `${quoted(ch)} needs a login`);
    else return true;
    return false;
  }

  /** True if the client may hear of a channel now. Nobody looks at its key again while it does, nor when it leaves. */
  #isOpen(kind: ReturnType<typeof channelKind>, ch: string, id: MessageId): boolean {
    if (!this.#isKnown(kind, ch, id)) return false;
    const { outlet, login } = this.#sources;
    const verified = kind === 'public' ? undefined : login.recheck('view');
    if (verified?.refusal === undefined) return true;
    outlet.error(id, verified.refusal, verified.message);
    return false;
  }

  #subscribeAll(channel: string, names: readonly string[], id: MessageId): void {
    const { faults, options } = this.#context;
    const confirmations = createTopicConfirmations(
      options.confirmations === 'together',
      (name) => faults.strikesSubscription('lost-confirmation', name, channel),
      (confirmed) =>
        this.#pushTo(channel, confirmed[0] ?? '', encodeConfirmation('sub', id, `${channel}:${confirmed}`)),
    );
    for (const name of names) {
      const part: Part = { channel, name, id, confirmations };
      if (channel === 'order') this.#subscribeAccount(part);
      else this.#subscribeSymbol(part);
    }
    confirmations.complete();
  }

  #subscribeSymbol(part: Part): void {
    const { channel, name, id } = part;
    const { market, listed } = this.#context;
    const topic = `${channel}:${name}`;
    const { code } = refusals.symbol;
    if (!listed.has(name)) {
      this.#pushTo(channel, name, encodeRefusal(id, topic, code, `there is no symbol ${name}`));
      return;
    }
    const admission = market.admit(channel, name);
    if (!admission.admitted) {
      this.#pushTo(channel, name, encodeRefusal(id, topic, code, admission.reason));
      return;
    }
    if (channel === 'depth') market.start();
    if (this.#isStruck(part)) return;
    this.#enter(topic, () => this.#open(channel, name));
    this.#await(topic, name, part.confirmations, (confirm) => market.acknowledge(channel, name, confirm));
    if (channel === 'depth-realtime') this.#sources.books.give(name);
  }

  #subscribeAccount(part: Part): void {
    const { name, id } = part;
    const { login, orders } = this.#sources;
    const account = login.identity && accountNamed(login.identity.user, name);
    if (account === undefined) {
      const topic = `order:${name}`;
      const text = encodeRefusal(id, topic, refusals.account.code, `there is no account ${quoted(name)}`);
      this.#pushTo(part.channel, name, text);
      return;
    }
    if (this.#isStruck(part)) return;
    const { accountId } = account;
    const shown = this.#context.options.orderChannelName === 'id' ? accountId : name;
    const topic = `order:${accountId}`;
    this.#enter(topic, () => orders.join(account));
    this.#await(topic, shown, part.confirmations, (confirm) => {
      confirm();
      return settled;
    });
  }

  /** True if a fault befalls a subscription. */
  #isStruck({ channel, name, id }: Part): boolean {
    const { faults } = this.#context;
    if (faults.strikesSubscription('ignored-subscription', name, channel)) return true;
    if (!faults.strikesSubscription('refused-subscription', name, channel)) return false;
    const topic = `${channel}:${name}`;
    const reason = `${topic} cannot be subscribed to now`;
    this.#pushTo(channel, name, encodeRefusal(id, topic, refusals.stream.code, reason));
    return true;
  }

  #open(channel: string, symbol: string): Disposable {
    const [word, length = ''] = channel.split(':');
    return word === 'bar' ? this.#sources.bars.join(length, symbol) : settled;
  }

  #pushTo(channel: string, name: string, text: string): void {
    this.#sources.outlet.push(text, { channel: 'sub', ...(channel === 'order' ? {} : { symbol: name }) });
  }

  #enter(topic: string, open: () => Disposable): void {
    if (!this.#topics.has(topic)) this.#topics.set(topic, open());
  }

  #leave(topic: string): void {
    this.#topics.get(topic)?.[Symbol.dispose]();
    this.#topics.delete(topic);
  }

  #await(
    topic: string,
    name: string,
    confirmations: TopicConfirmations,
    begin: (confirm: () => void) => Disposable,
  ): void {
    const waiting = this.#confirmations.get(topic) ?? new Set();
    let pending: Disposable | undefined;
    let isConfirmed = false;
    pending = confirmations.await(name, (confirm) =>
      begin(() => {
        isConfirmed = true;
        if (pending !== undefined) waiting.delete(pending);
        confirm();
      }),
    );
    if (pending === settled || isConfirmed) return;
    this.#confirmations.set(topic, waiting.add(pending));
  }

  /** What is unsubscribed before its confirmation came is not confirmed any more. */
  #withdraw(topic: string): void {
    for (const pending of this.#confirmations.get(topic) ?? []) pending[Symbol.dispose]();
    this.#confirmations.delete(topic);
  }

  /** Accounts are subscribed to by their ids, whatever a client calls them. */
  #accountPattern(names: readonly string[]): string {
    const { identity } = this.#sources.login;
    const ids = names.map((name) => (identity && accountNamed(identity.user, name))?.accountId ?? name);
    return ids.length === 0 ? 'order' : `order:${ids}`;
  }
}
