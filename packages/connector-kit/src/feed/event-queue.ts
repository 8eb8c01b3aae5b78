/** What became of a pushed event. */
export type PushOutcome = 'delivered' | 'queued' | 'conflated' | 'full';

/** How a queue behaves. */
export interface EventQueueOptions<E> {
  readonly bound: number;
  readonly conflateBy?: (event: E) => string | undefined;
}

interface Waiter<E> {
  resolve(result: IteratorResult<E, undefined>): void;
  reject(error: unknown): void;
}

const done = { done: true, value: undefined } as const;

/**
 * One reader's bounded queue. A newer event takes the place of an unread one with the same key, but only at the end of the
 * queue or over events of other keys: an event without a key (a gap) is a fence that conflation never crosses, so that order
 * around it is kept.
 */
export class EventQueue<E> {
  readonly #options: EventQueueOptions<E>;
  #events: E[] = [];
  #head = 0;
  /** Position in `#events` of the unread event of each key, since the last fence. */
  readonly #places = new Map<string, number>();
  readonly #waiters: Waiter<E>[] = [];
  #ended: { readonly error: unknown } | undefined;

  constructor(options: EventQueueOptions<E>) {
    this.#options = options;
  }

  /** Unread events. */
  get length(): number {
    return this.#events.length - this.#head;
  }

  /** Gives an event to the waiting reader, or keeps it. `full`: it was not kept. */
  push(event: E): PushOutcome {
    if (this.#ended !== undefined) return 'full';
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: event });
      return 'delivered';
    }
    const key = this.#options.conflateBy?.(event);
    const place = key === undefined ? undefined : this.#places.get(key);
    if (place !== undefined && place >= this.#head) {
      this.#events[place] = event;
      return 'conflated';
    }
    if (this.length >= this.#options.bound) return 'full';
    if (key === undefined) this.#places.clear();
    else this.#places.set(key, this.#events.length);
    this.#events.push(event);
    return 'queued';
  }

  /** The next event; the unread ones still come after the end. */
  next(): Promise<IteratorResult<E, undefined>> {
    if (this.length > 0) return Promise.resolve({ done: false, value: this.#shift() });
    if (this.#ended === undefined) {
      return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
    }
    const { error } = this.#ended;
    // The error is told once; a reader that asks again is simply at the end.
    this.#ended = { error: undefined };
    return error === undefined ? Promise.resolve(done) : Promise.reject(error);
  }

  /** No more events will come. */
  end(error?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    for (const waiter of this.#waiters.splice(0)) {
      if (error === undefined) waiter.resolve(done);
      else waiter.reject(error);
      this.#ended = { error: undefined };
    }
  }

  /** The reader has gone: forgets what is unread. */
  discard(): void {
    this.end();
    this.#ended = { error: undefined };
    this.#events = [];
    this.#head = 0;
    this.#places.clear();
  }

  #shift(): E {
    const event = this.#events[this.#head] as E;
    this.#head += 1;
    if (this.#head === this.#events.length || this.#head > 1_024) this.#compact();
    return event;
  }

  #compact(): void {
    const removed = this.#head;
    this.#events = this.#events.slice(removed);
    this.#head = 0;
    for (const [key, place] of this.#places) {
      if (place < removed) this.#places.delete(key);
      else this.#places.set(key, place - removed);
    }
  }
}
