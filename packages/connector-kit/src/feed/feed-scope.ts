import type { Feed, FeedStats, SubscribeOptions, VenueError } from '@venuekit/connector-core';
import { readUntil } from './reader-until.ts';

/** A view on a shared feed that can end before the feed does. */
export interface FeedScope<E> {
  /** The shared feed as seen through this scope, to hand out. Its `stats` are those of the shared feed. */
  readonly feed: Feed<E>;
  /**
   * Ends every listener and reader that came through this scope, in order or with an error, whoever else uses the shared feed.
   * Listeners get their `onEnd`; a reader that waits gets the end, and what it left unread is dropped. Who comes later finds the
   * end at once. Doing it again does nothing.
   */
  end(error?: VenueError): void;
}

/** How a scope behaves. */
export interface FeedScopeOptions {
  /** Told of each `onEnd` that threw when the scope ended; everything else that throws is told to the shared feed. */
  readonly onListenerError?: (error: unknown) => void;
}

/** A listener or reader of the scope. */
interface Member {
  /** Leaves the shared feed. */
  leave(): void;
  /** Hears that the scope has ended. */
  end(error: VenueError | undefined): void;
}

/** Makes a scope of a feed. */
export function createFeedScope<E>(feed: Feed<E>, options: FeedScopeOptions = {}): FeedScope<E> {
  return new Scope(feed, options);
}

const done = { done: true, value: undefined } as const;

class Scope<E> implements FeedScope<E> {
  readonly feed: Feed<E>;
  readonly #shared: Feed<E>;
  readonly #options: FeedScopeOptions;
  readonly #members = new Set<Member>();
  #ended: { readonly error: VenueError | undefined } | undefined;

  constructor(shared: Feed<E>, options: FeedScopeOptions) {
    this.#shared = shared;
    this.#options = options;
    this.feed = {
      subscribe: (listener, subscribeOptions) => this.#listen(listener, subscribeOptions),
      [Symbol.asyncIterator]: () => this.#read(),
      until: (signal) => readUntil(this.feed, signal),
      get stats(): FeedStats {
        return shared.stats;
      },
    };
  }

  end(error?: VenueError): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    const members = [...this.#members];
    // All leave before any is told: what one does on hearing of the end must not bring events to another.
    for (const member of members) member.leave();
    for (const member of members) this.#tellEnd(member, error);
  }

  #listen(listener: (event: E) => void, { onEnd }: SubscribeOptions = {}): Disposable {
    const member: ScopeListener<E> = new ScopeListener(listener, onEnd, () => this.#members.delete(member));
    if (this.#ended === undefined) {
      this.#members.add(member);
      member.join(this.#shared);
    } else {
      this.#tellEnd(member, this.#ended.error);
    }
    return { [Symbol.dispose]: () => member.dispose() };
  }

  #read(): AsyncIterator<E, undefined> {
    if (this.#ended !== undefined) return endedReader(this.#ended.error);
    const reader: ScopeReader<E> = new ScopeReader(this.#shared[Symbol.asyncIterator](), () =>
      this.#members.delete(reader),
    );
    this.#members.add(reader);
    return reader;
  }

  #tellEnd(member: Member, error: VenueError | undefined): void {
    try {
      member.end(error);
    } catch (thrown) {
      this.#report(thrown);
    }
  }

  #report(thrown: unknown): void {
    try {
      this.#options.onListenerError?.(thrown);
    } catch {
      // A report that fails must not keep the end from the others.
    }
  }
}

/** Listens to the shared feed until the scope ends. */
class ScopeListener<E> implements Member {
  readonly #listener: (event: E) => void;
  readonly #onLeft: () => void;
  /** Whom to tell of the end; nobody once that was done or the listener was disposed. */
  #onEnd: SubscribeOptions['onEnd'];
  #subscription: Disposable | undefined;
  #left = false;

  constructor(listener: (event: E) => void, onEnd: SubscribeOptions['onEnd'], onLeft: () => void) {
    this.#listener = listener;
    this.#onEnd = onEnd;
    this.#onLeft = onLeft;
  }

  join(shared: Feed<E>): void {
    this.#subscription = shared.subscribe((event) => this.#next(event), {
      onEnd: (error) => {
        this.leave();
        this.end(error);
      },
    });
    // The scope may have ended inside the opening, before there was a subscription to dispose.
    if (this.#left) this.leave();
  }

  leave(): void {
    this.#left = true;
    this.#onLeft();
    this.#subscription?.[Symbol.dispose]();
  }

  end(error: VenueError | undefined): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.(error);
  }

  dispose(): void {
    this.#onEnd = undefined;
    this.leave();
  }

  #next(event: E): void {
    if (!this.#left) this.#listener(event);
  }
}

/** Reads the shared feed until the scope ends. */
class ScopeReader<E> implements Member, AsyncIterator<E, undefined> {
  readonly #shared: AsyncIterator<E, undefined>;
  readonly #onLeft: () => void;
  /** The error with which the scope ended, until it was told. */
  #error: VenueError | undefined;

  constructor(shared: AsyncIterator<E, undefined>, onLeft: () => void) {
    this.#shared = shared;
    this.#onLeft = onLeft;
  }

  async next(): Promise<IteratorResult<E, undefined>> {
    try {
      const result = await this.#shared.next();
      if (result.done !== true) return result;
    } catch (error) {
      this.#onLeft();
      throw error;
    }
    this.#onLeft();
    const error = this.#error;
    // As in every feed, the error is told once; a reader that asks again is simply at the end.
    this.#error = undefined;
    if (error !== undefined) throw error;
    return done;
  }

  async return(): Promise<IteratorResult<E, undefined>> {
    this.#error = undefined;
    this.leave();
    return done;
  }

  leave(): void {
    this.#onLeft();
    // A feed's reader is gone when this returns; the promise says nothing more.
    void this.#shared.return?.();
  }

  end(error: VenueError | undefined): void {
    this.#error = error;
  }
}

/** A reader that comes after the end. */
function endedReader(error: VenueError | undefined): AsyncIterator<never, undefined> {
  let owed = error;
  return {
    next: async () => {
      const told = owed;
      owed = undefined;
      if (told !== undefined) throw told;
      return done;
    },
    return: async () => done,
  };
}
