import { type Feed, type FeedStats, type SubscribeOptions, VenueError } from '@venuekit/connector-core';
import { EventQueue } from './event-queue.ts';
import { readUntil } from './reader-until.ts';

/** How a feed behaves. */
export interface FeedOptions<E> {
  /** What the feed is called in errors and messages, for example `BTC-USDT trades`. */
  readonly name: string;
  /** Venue id for errors. */
  readonly venue?: string;
  /**
   * Events that may be replaced in a reader's queue by a newer one with the same key; `undefined` for events that must not.
   * Left out: no event conflates.
   */
  readonly conflateBy?: (event: E) => string | undefined;
  /** Events that a reader may leave unread before it is ended; 10,000 by default. */
  readonly bound?: number;
  /** What a new consumer gets first: the current state, or the start of a flow. */
  readonly opening?: () => readonly E[];
  /** Called when the first consumer comes, for example to subscribe at the venue. */
  readonly onFirstConsumer?: () => void;
  /** Told of each listener that threw. */
  readonly onListenerError?: (error: unknown) => void;
}

/**
 * The writing side of a feed.
 *
 * Every consumer gets its opening first, then each event that was emitted after it came, in the order of the emits. What a
 * listener emits while it is called waits until the event (or the opening) under way has reached everybody, and an end waits for
 * those events: `emit` and `end` then return before they are heard. A consumer that leaves gets nothing more, not even what was
 * emitted while it was there.
 */
export interface FeedSource<E> {
  /** The reading side, to hand out. */
  readonly feed: Feed<E>;
  /** Gives an event to every consumer. Does nothing after the end. */
  emit(event: E): void;
  /** Ends the feed: in order, or with the error that ended it. Doing it again does nothing. */
  end(error?: VenueError): void;
  /** True if anybody listens or reads. */
  readonly hasConsumers: boolean;
}

interface Consumer<E> {
  /** False once it has left or was ended. */
  active: boolean;
  next(event: E): void;
  end(error: VenueError | undefined): void;
}

/** An event that waits for the one under way, and who was there when it was emitted. */
interface Waiting<E> {
  readonly event: E;
  readonly consumers: readonly Consumer<E>[];
}

/** Makes a feed. */
export function createFeed<E>(options: FeedOptions<E>): FeedSource<E> {
  return new FeedHub(options);
}

class FeedHub<E> implements FeedSource<E> {
  readonly feed: Feed<E>;
  readonly #options: FeedOptions<E>;
  readonly #counts = { emitted: 0, conflated: 0, slowConsumers: 0, listenerErrors: 0 };
  /** Replaced when a consumer comes or goes, never changed: an event goes to those who were there when it was emitted. */
  #consumers: readonly Consumer<E>[] = [];
  /** An event or an opening is being given out. */
  #delivering = false;
  readonly #waiting: Waiting<E>[] = [];
  /** `onFirstConsumer` was called for the consumers that are there. */
  #announced = false;
  #ended: { readonly error: VenueError | undefined } | undefined;

  constructor(options: FeedOptions<E>) {
    this.#options = options;
    const hub = this;
    this.feed = {
      subscribe: (listener, subscribeOptions) => hub.#listen(listener, subscribeOptions),
      [Symbol.asyncIterator]: () => hub.#read(),
      until: (signal) => readUntil(hub.feed, signal),
      get stats(): FeedStats {
        return { ...hub.#counts, consumers: hub.#consumers.length };
      },
    };
  }

  get hasConsumers(): boolean {
    return this.#consumers.length > 0;
  }

  emit(event: E): void {
    if (this.#ended !== undefined) return;
    this.#counts.emitted += 1;
    if (this.#delivering) {
      this.#waiting.push({ event, consumers: this.#consumers });
      return;
    }
    this.#delivering = true;
    try {
      deliver(event, this.#consumers);
    } finally {
      this.#settle();
    }
  }

  end(error?: VenueError): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    if (!this.#delivering) this.#tellEnd();
  }

  /** Gives out what was emitted meanwhile, then tells the end if it came. */
  #settle(): void {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        deliver(next.event, next.consumers);
      }
    } finally {
      this.#delivering = false;
    }
    if (this.#ended !== undefined) this.#tellEnd();
  }

  #tellEnd(): void {
    const consumers = this.#consumers;
    this.#consumers = [];
    for (const consumer of consumers) this.#tellEndTo(consumer);
  }

  #tellEndTo(consumer: Consumer<E>): void {
    if (!consumer.active) return;
    consumer.active = false;
    consumer.end(this.#ended?.error);
  }

  #add(consumer: Consumer<E>): void {
    if (this.#ended !== undefined) {
      this.#tellEndTo(consumer);
      return;
    }
    const outermost = !this.#delivering;
    this.#delivering = true;
    try {
      this.#open(consumer);
    } catch (error) {
      // Whoever asked gets the error and nothing to dispose: it must not stay.
      this.#remove(consumer);
      throw error;
    } finally {
      if (outermost) this.#settle();
    }
  }

  /** The consumer is known before it gets its opening, so that nothing emitted meanwhile is lost for it: that waits. */
  #open(consumer: Consumer<E>): void {
    const opening = this.#options.opening?.() ?? [];
    this.#consumers = [...this.#consumers, consumer];
    for (const event of opening) if (consumer.active) consumer.next(event);
    if (this.#announced || this.#ended !== undefined || !this.hasConsumers) return;
    this.#announced = true;
    this.#options.onFirstConsumer?.();
  }

  #remove(consumer: Consumer<E>): void {
    if (!consumer.active) return;
    consumer.active = false;
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
    if (!this.hasConsumers) this.#announced = false;
  }

  #listen(listener: (event: E) => void, { onEnd }: SubscribeOptions = {}): Disposable {
    const consumer: Consumer<E> = {
      active: true,
      next: (event) => {
        try {
          listener(event);
        } catch (error) {
          this.#listenerThrew(error);
        }
      },
      end: (error) => {
        try {
          onEnd?.(error);
        } catch (thrown) {
          this.#listenerThrew(thrown);
        }
      },
    };
    this.#add(consumer);
    return { [Symbol.dispose]: () => this.#remove(consumer) };
  }

  #listenerThrew(error: unknown): void {
    this.#counts.listenerErrors += 1;
    try {
      this.#options.onListenerError?.(error);
    } catch {
      // The error is counted. A report that fails must not keep the event from the other consumers either.
    }
  }

  #read(): AsyncIterator<E, undefined> {
    const { conflateBy, bound = 10_000 } = this.#options;
    const queue = new EventQueue<E>({ bound, ...(conflateBy === undefined ? {} : { conflateBy }) });
    const consumer: Consumer<E> = {
      active: true,
      next: (event) => this.#enqueue(consumer, queue, event),
      end: (error) => queue.end(error),
    };
    this.#add(consumer);
    return {
      next: () => queue.next(),
      return: async () => {
        this.#remove(consumer);
        queue.discard();
        return { done: true, value: undefined };
      },
    };
  }

  #enqueue(consumer: Consumer<E>, queue: EventQueue<E>, event: E): void {
    const outcome = queue.push(event);
    if (outcome === 'conflated') this.#counts.conflated += 1;
    if (outcome !== 'full') return;
    this.#counts.slowConsumers += 1;
    this.#remove(consumer);
    queue.end(this.#slowConsumer(queue.length));
  }

  #slowConsumer(unread: number): VenueError {
    const { name, venue } = this.#options;
    return new VenueError({
      code: 'slow-consumer',
      ...(venue === undefined ? {} : { venue }),
      operation: name,
      message: `the reader left ${unread} events unread, which is the bound; later events were not delivered`,
    });
  }
}

function deliver<E>(event: E, consumers: readonly Consumer<E>[]): void {
  for (const consumer of consumers) if (consumer.active) consumer.next(event);
}
