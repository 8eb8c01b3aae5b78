import { type Runtime, VenueError } from '@venuekit/connector-core';
import { type Grant, isLimitError } from '@venuekit/rate-limiter';
import { finalRefusal } from '../limits/limit-refusal.ts';
import type { LimitUse } from '../limits/limit-use.ts';
import type { Topic } from './stream-dialect.ts';

/** What the owner of a topic is told. */
export interface TopicObserver {
  /** The venue confirmed the topic on the current connection. */
  confirmed(): void;
  /**
   * The connection is gone; the topic will be asked for again on the next one.
   * @param sinceMs local time of the last frame that came on it: everything before was heard.
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

type Phase = 'waiting' | 'asked' | 'confirmed';

/** What goes out next. */
type NextMessage =
  | { readonly leaving: true; readonly items: readonly { readonly topic: Topic }[] }
  | { readonly leaving: false; readonly items: readonly Entry[] };

interface Entry {
  readonly topic: Topic;
  readonly observer: TopicObserver;
  phase: Phase;
  /** The venue may be sending it: it was asked for on this connection, by this entry or by one before it. */
  isAtVenue: boolean;
  /** It was taken up again before it was left: the venue goes on sending it, also if it is refused now. */
  isInherited: boolean;
  /** Times asked on this connection. */
  tries: number;
  /** Ask in a message of its own: a message with others was refused as a whole. */
  alone: boolean;
  /** Confirmed on an earlier connection. */
  proven: boolean;
}

interface Batch {
  readonly entries: Set<Entry>;
  /** Symbols that were asked for. */
  readonly size: number;
  readonly deadline: Disposable;
}

const mostTries = 2;
/** A limiter that cannot say when there will be room is asked again after this long, in milliseconds. */
const againMs = 1_000;

function keyOf({ channel, symbol }: Topic): string {
  return `${channel}:${symbol}`;
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
    const entry: Entry = {
      topic,
      observer,
      phase: 'waiting',
      isAtVenue,
      isInherited: isAtVenue,
      tries: 0,
      alone: false,
      proven: false,
    };
    this.#entries.set(key, entry);
    this.#schedule();
    return {
      get confirmed() {
        return entry.phase === 'confirmed';
      },
      unsubscribe: () => this.#remove(entry),
    };
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
      else if (concerned.length > 1 && !entry.alone) this.#askAgain(entry, true);
      else this.#refuse(entry, error);
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
    entry.observer.confirmed();
  }

  #refuse(entry: Entry, error: VenueError): void {
    const key = keyOf(entry.topic);
    this.#entries.delete(key);
    if (entry.isInherited && this.#online) {
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
    for (const { topic } of items) this.#leaving.delete(keyOf(topic));
    const [first] = items;
    if (first === undefined) return;
    const symbols = items.map(({ topic }) => topic.symbol);
    this.#port.sendUnsubscribe(this.#port.runtime.ids.next('unsub'), first.topic.channel, symbols);
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
      if (this.#wanted(entry) && entry.phase === 'waiting') this.#refuse(entry, refusal);
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
        this.#refuse(entry, this.#unconfirmed(key, waitedMs));
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
