import { type Runtime, VenueError } from '@venuekit/connector-core';
import { type Grant, isLimitError } from '@venuekit/rate-limiter';
import { finalRefusal } from '../limits/limit-refusal.ts';
import type { LimitUse } from '../limits/limit-use.ts';
import type { Topic } from './stream-dialect.ts';
import {
  type Batch,
  type Entry,
  isPassing,
  keyOf,
  type NextMessage,
  newEntry,
} from './subscription-entry.ts';

/** What the owner of a topic is told. */
export interface TopicObserver {
  /** The venue confirmed the topic on the current connection. */
  confirmed(): void;
  /**
   * The topic is not confirmed any more, and will be asked for again: the connection is gone, or the topic is renewed.
   * @param sinceMs local time of the last frame that came on the connection, or what {@link Subscription.renew} says: everything
   * before was heard.
   */
  lost(reason: string, sinceMs: number): void;
  /**
   * The venue refused the topic, or did not confirm it in time, or the limiter never lets it be asked for. It is given up; nothing
   * more is told.
   */
  refused(error: VenueError): void;
}

/** A topic that is wanted. */
export interface Subscription {
  readonly confirmed: boolean;
  /** Ends it; the observer hears nothing more. */
  unsubscribe(): void;
  /**
   * Leaves a topic that is confirmed and yet mute, and asks for it again on the same connection. The observer hears `lost` at once and
   * `confirmed` when the new request is answered; one that stays without an answer twice costs the connection. A topic that is
   * not confirmed is asked for anyway: then nothing happens.
   * @param sinceMs local time until which everything was heard, in milliseconds since the epoch. Only the caller knows what came for
   * the topic; without it, nothing after the confirmation is taken for heard.
   */
  renew(reason: string, sinceMs?: number): void;
}

/** How topics are asked for. */
export interface SubscriptionOptions {
  /** Most symbols in one message. */
  readonly batchSize: number;
  /** Time in which a message must be confirmed, in milliseconds. */
  readonly ackDeadlineMs: number;
}

/** What the ledger needs of its session. */
export interface SubscriptionPort {
  readonly runtime: Runtime;
  readonly venue: string;
  /** Limit of subscribe and unsubscribe messages. */
  readonly limit: LimitUse;
  readonly options: SubscriptionOptions;
  sendSubscribe(id: string, channel: string, symbols: readonly string[]): void;
  sendUnsubscribe(id: string, channel: string, symbols: readonly string[]): void;
  /** A topic that was confirmed before is not confirmed any more: this connection cannot be trusted. */
  distrust(reason: string): void;
}

const mostTries = 2;
/** A limiter that cannot say when there will be room is asked again after this long, in milliseconds. */
const againMs = 1_000;

function isUnasked({ phase }: Entry): boolean {
  return phase === 'waiting' || phase === 'leaving';
}

/**
 * The ledger of topics: which are wanted, which have been asked for, which are confirmed.
 *
 * What is wanted in one tick goes out together, a message per channel and batch of symbols. Confirmation is counted by symbol,
 * never by message, and a topic that nobody confirmed is never taken for confirmed.
 */
export class Subscriptions {
  readonly #port: SubscriptionPort;
  readonly #entries = new Map<string, Entry>();
  readonly #batches = new Map<string, Batch>();
  readonly #leaving = new Map<string, Topic>();
  #online = false;
  #flush: Disposable | undefined;
  /** Set while a message waits for room; there is never more than one. */
  #asking: AbortController | undefined;

  constructor(port: SubscriptionPort) {
    this.#port = port;
  }

  /** Wants a topic. A topic has one owner; wanting it twice is a mistake of the caller. */
  add(topic: Topic, observer: TopicObserver): Subscription {
    const key = keyOf(topic);
    if (this.#entries.has(key)) throw new Error(`topic ${key} is subscribed already`);
    // One that is taken up again before it was left is still at the venue.
    const isAtVenue = this.#leaving.delete(key);
    const entry = newEntry(topic, observer, isAtVenue);
    this.#entries.set(key, entry);
    this.#schedule();
    return {
      get confirmed() {
        return entry.phase === 'confirmed';
      },
      unsubscribe: () => this.#remove(entry),
      renew: (reason, sinceMs) => this.#renew(entry, reason, sinceMs),
    };
  }

  /** True while the venue may be sending something of a symbol, wanted or not. */
  mayBring(symbol: string): boolean {
    for (const topic of this.#leaving.values()) if (topic.symbol === symbol) return true;
    for (const { topic, isAtVenue } of this.#entries.values())
      if (isAtVenue && topic.symbol === symbol) return true;
    return false;
  }

  /** The connection can be used: asks for everything that is wanted. */
  online(): void {
    this.#online = true;
    this.#schedule();
  }

  /** The connection is gone: what was asked or confirmed on it is so no more. */
  offline(reason: string, sinceMs: number): void {
    this.#online = false;
    this.#stopSending();
    for (const batch of this.#batches.values()) batch.deadline[Symbol.dispose]();
    this.#batches.clear();
    this.#leaving.clear();
    for (const entry of [...this.#entries.values()]) {
      // An observer that hears of the loss may give up others.
      if (!this.#wanted(entry)) continue;
      const before = entry.phase;
      Object.assign(entry, {
        phase: 'waiting',
        isAtVenue: false,
        isInherited: false,
        tries: 0,
        alone: false,
      });
      if (before === 'confirmed') entry.observer.lost(reason, sinceMs);
    }
  }

  /** Gives everything up, without telling the observers. */
  clear(): void {
    this.#entries.clear();
    this.offline('closed', 0);
  }

  /**
   * The venue's answer to a subscribe message. One with an id is about that message and no other; only one without an id goes by
   * the names in it. A late answer counts as long as its topic is still wanted and unconfirmed.
   */
  acknowledge(id: string | undefined, topics: readonly Topic[], error: VenueError | undefined): void {
    const concerned = this.#concernedBy(id, topics);
    for (const entry of concerned) {
      if (!this.#wanted(entry) || entry.phase === 'confirmed') continue;
      this.#settle(entry);
      if (error === undefined) this.#confirm(entry);
      else if (isPassing(error)) this.#refuseForNow(entry, error);
      else if (concerned.length > 1 && !entry.alone) this.#askAgain(entry, true);
      else this.#refuse(entry, error);
    }
  }

  /** One that was confirmed before is not given up for it: the connection is, and asks again after its backoff. */
  #refuseForNow(entry: Entry, error: VenueError): void {
    if (!entry.proven) this.#refuse(entry, error);
    else {
      entry.phase = 'waiting';
      this.#port.distrust(`${keyOf(entry.topic)} was not confirmed again: ${error.message}`);
    }
  }

  #concernedBy(id: string | undefined, topics: readonly Topic[]): readonly Entry[] {
    const named = topics.flatMap((topic) => this.#entries.get(keyOf(topic)) ?? []);
    if (id === undefined) return named.filter(({ phase }) => phase === 'asked');
    const batch = this.#batches.get(id);
    return batch === undefined ? [] : this.#concerned(batch, named, topics.length);
  }

  #wanted(entry: Entry): boolean {
    return this.#entries.get(keyOf(entry.topic)) === entry;
  }

  /**
   * Topics of a message that an answer is about. An answer that names nothing is about the whole message; one that names the
   * topic of a single-topic message in other words (an account's own name) is about that topic.
   */
  #concerned(batch: Batch, named: readonly Entry[], count: number): readonly Entry[] {
    const own = named.filter((entry) => batch.entries.has(entry));
    if (own.length > 0) return own;
    return count === 0 || batch.size === 1 ? [...batch.entries] : [];
  }

  #confirm(entry: Entry): void {
    entry.phase = 'confirmed';
    entry.proven = true;
    entry.confirmedAtMs = this.#port.runtime.clock.now();
    entry.observer.confirmed();
  }

  #refuse(entry: Entry, error: VenueError, mayCome = entry.isInherited): void {
    const key = keyOf(entry.topic);
    this.#entries.delete(key);
    if (mayCome && this.#online) {
      this.#leaving.set(key, entry.topic);
      this.#schedule();
    }
    entry.observer.refused(error);
  }

  #askAgain(entry: Entry, alone: boolean): void {
    entry.phase = 'waiting';
    entry.alone = alone;
    this.#schedule();
  }

  #remove(entry: Entry): void {
    const key = keyOf(entry.topic);
    if (!this.#wanted(entry)) return;
    this.#entries.delete(key);
    this.#settle(entry);
    if (!entry.isAtVenue || !this.#online) return;
    this.#leaving.set(key, entry.topic);
    this.#schedule();
  }

  /** An observer that hears of a loss may want to renew another topic of the same connection: that is asked for again anyway. */
  #renew(entry: Entry, reason: string, sinceMs = entry.confirmedAtMs): void {
    if (!this.#online || !this.#wanted(entry) || entry.phase !== 'confirmed') return;
    entry.phase = 'leaving';
    this.#leaving.set(keyOf(entry.topic), entry.topic);
    this.#schedule();
    entry.observer.lost(reason, sinceMs);
  }

  /** Takes an entry out of the message that it waits for. */
  #settle(entry: Entry): void {
    for (const [id, batch] of this.#batches) {
      if (!batch.entries.delete(entry)) continue;
      if (batch.entries.size > 0) continue;
      batch.deadline[Symbol.dispose]();
      this.#batches.delete(id);
    }
  }

  #schedule(delayMs = 0): void {
    if (!this.#online || this.#flush !== undefined || this.#asking !== undefined) return;
    this.#flush = this.#port.runtime.timers.setTimer(delayMs, () => this.#send(), 'subscribe-batch');
  }

  #stopSending(): void {
    this.#flush?.[Symbol.dispose]();
    this.#flush = undefined;
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.abort();
  }

  /** Sends what there is room for. A message is put together when it leaves, of what is wanted then. */
  #send(): void {
    this.#flush = undefined;
    while (this.#online && this.#asking === undefined && this.#hasMore()) this.#askForRoom();
  }

  #hasMore(): boolean {
    if (this.#leaving.size > 0) return true;
    for (const { phase } of this.#entries.values()) if (phase === 'waiting') return true;
    return false;
  }

  #askForRoom(): void {
    const { limiter, id } = this.#port.limit;
    const asking = new AbortController();
    this.#asking = asking;
    let waits = false;
    const leave = (grant: Grant): void => {
      this.#asking = undefined;
      const message = this.#next();
      if (message === undefined) grant.release();
      else if (message.leaving) this.#tellLeft(message.items);
      else this.#ask(message.items);
      // Whoever asks again goes behind the others who wait: so sessions take turns.
      if (waits) this.#send();
    };
    limiter
      .run(id, leave, { lane: 'query', signal: asking.signal })
      .catch((error) => this.#noRoom(asking, error));
    waits = true;
  }

  /** The next message: what is to be left goes before what is to be asked for. */
  #next(): NextMessage | undefined {
    const left = this.#batch([...this.#leaving.values()].map((topic) => ({ topic, alone: false })));
    if (left.length > 0) return { leaving: true, items: left };
    const asked = this.#batch([...this.#entries.values()].filter(({ phase }) => phase === 'waiting'));
    return asked.length > 0 ? { leaving: false, items: asked } : undefined;
  }

  #tellLeft(items: readonly { readonly topic: Topic }[]): void {
    for (const { topic } of items) this.#left(keyOf(topic));
    const [first] = items;
    if (first === undefined) return;
    const symbols = items.map(({ topic }) => topic.symbol);
    this.#port.sendUnsubscribe(this.#port.runtime.ids.next('unsub'), first.topic.channel, symbols);
  }

  /** What is left to be renewed is asked for from now on. */
  #left(key: string): void {
    this.#leaving.delete(key);
    const entry = this.#entries.get(key);
    if (entry?.phase !== 'leaving') return;
    Object.assign(entry, { phase: 'waiting', isAtVenue: false, isInherited: false, tries: 0 });
  }

  /** The limiter refuses: it is asked again, unless it never will have room. */
  #noRoom(asking: AbortController, error: unknown): void {
    if (!isLimitError(error)) throw error;
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    const refusal = finalRefusal(error, { venue: this.#port.venue, operation: 'subscribe' });
    if (refusal === undefined) this.#schedule(error.retryAfterMs ?? againMs);
    else this.#refuseWaiting(refusal);
  }

  #refuseWaiting(refusal: VenueError): void {
    for (const entry of [...this.#entries.values()])
      if (this.#wanted(entry) && isUnasked(entry)) this.#refuse(entry, refusal);
  }

  /** What goes into the next message, of one channel; what was refused with others goes alone. */
  #batch<T extends { readonly topic: Topic; readonly alone: boolean }>(wanted: readonly T[]): readonly T[] {
    for (const channel of this.#channels()) {
      const items = wanted.filter(({ topic }) => topic.channel === channel);
      const single = items.find(({ alone }) => alone);
      if (single !== undefined) return [single];
      if (items.length > 0) return items.slice(0, this.#port.options.batchSize);
    }
    return [];
  }

  /** In the order in which they were first wanted: one whose turn it is keeps it, also when some of it has been asked for. */
  #channels(): ReadonlySet<string> {
    const topics = [...this.#leaving.values(), ...[...this.#entries.values()].map(({ topic }) => topic)];
    return new Set(topics.map(({ channel }) => channel));
  }

  #ask(entries: readonly Entry[]): void {
    const [first] = entries;
    if (first === undefined) return;
    const { runtime, options } = this.#port;
    const id = runtime.ids.next('sub');
    const expire = () => this.#expire(id);
    const deadline = runtime.timers.setTimer(options.ackDeadlineMs, expire, 'subscribe-deadline');
    this.#batches.set(id, { entries: new Set(entries), size: entries.length, deadline });
    for (const entry of entries) {
      entry.phase = 'asked';
      entry.isAtVenue = true;
      entry.tries += 1;
    }
    const symbols = entries.map(({ topic }) => topic.symbol);
    this.#port.sendSubscribe(id, first.topic.channel, symbols);
  }

  #expire(id: string): void {
    // The message stays known: its answer may still come, and then it counts.
    const batch = this.#batches.get(id);
    const waitedMs = this.#port.options.ackDeadlineMs;
    for (const entry of [...(batch?.entries ?? [])]) {
      const key = keyOf(entry.topic);
      if (!this.#wanted(entry) || entry.phase !== 'asked') continue;
      if (entry.tries < mostTries) this.#askAgain(entry, entry.alone);
      else if (entry.proven) {
        this.#port.distrust(`${key} was not confirmed again within ${waitedMs} ms, twice`);
        return;
      } else {
        this.#settle(entry);
        // What was not answered may have been heard all the same.
        this.#refuse(entry, this.#unconfirmed(key, waitedMs), true);
      }
    }
  }

  #unconfirmed(key: string, waitedMs: number): VenueError {
    return new VenueError({
      code: 'timeout',
      venue: this.#port.venue,
      operation: 'subscribe',
      message: `expected a confirmation of ${key} within ${waitedMs} ms, got none, twice`,
    });
  }
}
