const done = { done: true, value: undefined } as const;

/** A feed as it is read until a signal is aborted; see `Feed.until` of the contract. */
export function readUntil<E>(feed: AsyncIterable<E>, signal: AbortSignal): AsyncIterable<E> {
  return { [Symbol.asyncIterator]: () => new ReaderUntil(feed, signal) };
}

/** Reads a feed until the signal is aborted, and leaves nothing on the signal afterwards. */
class ReaderUntil<E> implements AsyncIterator<E, undefined> {
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#leave();
  #reader: AsyncIterator<E> | undefined;

  constructor(feed: AsyncIterable<E>, signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) return;
    this.#reader = feed[Symbol.asyncIterator]();
    // What the first consumer sets off may abort the signal, which then calls nobody.
    if (signal.aborted) this.#leave();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async next(): Promise<IteratorResult<E, undefined>> {
    try {
      const result = await this.#reader?.next();
      // The reader left meanwhile: an event that was on its way is dropped like those in the queue.
      if (this.#reader !== undefined && result !== undefined && result.done !== true) return result;
    } catch (error) {
      if (this.#reader !== undefined) {
        this.#leave();
        throw error;
      }
    }
    this.#leave();
    return done;
  }

  async return(): Promise<IteratorResult<E, undefined>> {
    this.#leave();
    return done;
  }

  #leave(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#signal.removeEventListener('abort', this.#onAbort);
    // A feed's reader is gone when this returns; the promise says nothing more.
    void reader?.return?.();
  }
}
