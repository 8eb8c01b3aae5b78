import type { Runtime } from '@venuekit/connector-core';
import type { ReturningSession } from './returning-session.ts';
import type { Topic } from './stream-dialect.ts';
import type { StreamStateChange } from './stream-options.ts';
import type { Subscription, TopicObserver } from './subscriptions.ts';

/** What a shard is made of. */
export interface StreamShardOptions<M> {
  readonly runtime: Runtime;
  readonly session: ReturningSession<M>;
  /** Most symbols. */
  readonly size: number;
  /** The first or the last topic has come or gone. */
  readonly onWanted: () => void;
  /** No symbol has had a place for a while. */
  readonly onEmpty: () => void;
}

/** A symbol on a session. */
interface Place {
  topics: number;
  /** Set while the symbol has no topic. */
  freeing: Disposable | undefined;
}

/** How long a symbol keeps its place after it was left: what was on its way has come by then, in milliseconds. */
const heldMs = 5_000;
/** How long a session without symbols is kept: dials are scarce, and who closes one market often opens another, in milliseconds. */
const emptyMs = 60_000;

/** One of several sessions, and the symbols that it carries. */
export class StreamShard<M> {
  readonly session: ReturningSession<M>;
  /** What the session last told of itself. */
  change: StreamStateChange = { state: 'idle', reason: undefined };
  readonly #options: StreamShardOptions<M>;
  readonly #places = new Map<string, Place>();
  #emptying: Disposable | undefined;
  #topics = 0;
  #stopped = false;

  constructor(options: StreamShardOptions<M>) {
    this.#options = options;
    this.session = options.session;
  }

  get hasRoom(): boolean {
    return this.#places.size < this.#options.size;
  }

  /** True if it has topics. */
  get isWanted(): boolean {
    return this.#topics > 0;
  }

  /** True if the symbol has its place here. */
  has(symbol: string): boolean {
    return this.#places.has(symbol);
  }

  /** Wants a topic here; its symbol takes a place, unless it has one. */
  subscribe(topic: Topic, observer: TopicObserver): Subscription {
    let isWanted = true;
    const leave = (): void => {
      if (isWanted) this.#give(topic.symbol);
      isWanted = false;
    };
    const inner = this.session.subscribe(topic, {
      confirmed: () => observer.confirmed(),
      lost: (reason, sinceMs) => observer.lost(reason, sinceMs),
      refused: (error) => {
        leave();
        observer.refused(error);
      },
    });
    this.#take(topic.symbol);
    return {
      get confirmed() {
        return inner.confirmed;
      },
      unsubscribe: () => {
        inner.unsubscribe();
        leave();
      },
      renew: (reason, sinceMs) => inner.renew(reason, sinceMs),
    };
  }

  /** Leaves no timer. The session is closed by whoever made it. */
  stop(): void {
    this.#stopped = true;
    this.#emptying?.[Symbol.dispose]();
    for (const place of this.#places.values()) place.freeing?.[Symbol.dispose]();
    this.#places.clear();
  }

  #take(symbol: string): void {
    const place = this.#places.get(symbol) ?? { topics: 0, freeing: undefined };
    this.#places.set(symbol, place);
    place.freeing?.[Symbol.dispose]();
    this.#emptying?.[Symbol.dispose]();
    place.topics += 1;
    this.#topics += 1;
    if (this.#topics === 1) this.#options.onWanted();
  }

  #give(symbol: string): void {
    const place = this.#places.get(symbol);
    // After the end nothing is kept.
    if (place === undefined || this.#stopped) return;
    place.topics -= 1;
    this.#topics -= 1;
    if (place.topics === 0) this.#hold(symbol, place);
    if (this.#topics === 0) this.#options.onWanted();
  }

  /** While it may still bring something, the symbol must not be on another session: its data would come twice. */
  #hold(symbol: string, place: Place): void {
    const isLeft = !this.session.mayBring(symbol);
    const next = (): void => (isLeft ? this.#free(symbol) : this.#hold(symbol, place));
    place.freeing = this.#options.runtime.timers.setTimer(heldMs, next, 'stream-place');
  }

  #free(symbol: string): void {
    this.#places.delete(symbol);
    if (this.#places.size > 0) return;
    const { runtime, onEmpty } = this.#options;
    this.#emptying = runtime.timers.setTimer(emptyMs, onEmpty, 'stream-empty');
  }
}
