import { type Feed, type FeedStats, type SubscribeOptions, VenueError } from '@venuekit/connector-core';
import { EventQueue } from './event-queue.ts';

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

/** The writing side of a feed. */
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
  next(event: E): void;
  end(error: VenueError | undefined): void;
}

/** Makes a feed. */
export function createFeed<E>(options: FeedOptions<E>): FeedSource<E> {
  return new FeedHub(options);
}

class FeedHub<E> implements FeedSource<E> {
  readonly feed: Feed<E>;
  readonly #options: FeedOptions<E>;
  readonly #consumers = new Set<Consumer<E>>();
  readonly #counts = { emitted: 0, conflated: 0, slowConsumers: 0, listenerErrors: 0 };
  #ended: { readonly error: VenueError | undefined } | undefined;

  constructor(options: FeedOptions<E>) {
    this.#options = options;
    const hub = this;
    this.feed = {
      subscribe: (listener, subscribeOptions) => hub.#listen(listener, subscribeOptions),
      [Symbol.asyncIterator]: () => hub.#read(),
      get stats(): FeedStats {
        return { ...hub.#counts, consumers: hub.#consumers.size };
      },
    };
  }

  get hasConsumers(): boolean {
    return this.#consumers.size > 0;
  }

  emit(event: E): void {
    if (this.#ended !== undefined) return;
    this.#counts.emitted += 1;
    for (const consumer of this.#consumers) consumer.next(event);
  }

  end(error?: VenueError): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    const consumers = [...this.#consumers];
    this.#consumers.clear();
    for (const consumer of consumers) consumer.end(error);
  }

  #add(consumer: Consumer<E>): void {
    if (this.#ended !== undefined) {
      consumer.end(this.#ended.error);
      return;
    }
    // The opening comes first and the consumer is known only after it, so that an event it causes is not given twice.
    for (const event of this.#options.opening?.() ?? []) consumer.next(event);
    this.#consumers.add(consumer);
    if (this.#consumers.size === 1) this.#options.onFirstConsumer?.();
  }

  #listen(listener: (event: E) => void, { onEnd }: SubscribeOptions = {}): Disposable {
    const consumer: Consumer<E> = {
      next: (event) => this.#isolate(() => listener(event)),
      end: (error) => this.#isolate(() => onEnd?.(error)),
    };
    this.#add(consumer);
    return { [Symbol.dispose]: () => void this.#consumers.delete(consumer) };
  }

  #isolate(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#counts.listenerErrors += 1;
      this.#options.onListenerError?.(error);
    }
  }

  #read(): AsyncIterator<E, undefined> {
    const { conflateBy, bound = 10_000 } = this.#options;
    const queue = new EventQueue<E>({ bound, ...(conflateBy === undefined ? {} : { conflateBy }) });
    const consumer: Consumer<E> = {
      next: (event) => this.#enqueue(consumer, queue, event),
      end: (error) => queue.end(error),
    };
    this.#add(consumer);
    return {
      next: () => queue.next(),
      return: async () => {
        this.#consumers.delete(consumer);
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
    this.#consumers.delete(consumer);
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
