import { isBefore, type RequestQueue, type Waiter } from './request-queue.ts';

/** The first of every queue in which somebody waits, in the order of their turns; looked at one after the other. */
export class FirstOnes {
  readonly #first: Waiter[] = [];
  /** Whoever stands before this one has been looked at, and its queue stands still. */
  #cursor = 0;

  get queues(): readonly RequestQueue[] {
    return this.#first.map(({ queue }) => queue);
  }

  /** Begins at the front again. */
  rewind(): void {
    this.#cursor = 0;
  }

  /** The next one whose queue does not stand still in `round`. */
  next(round: number): Waiter | undefined {
    while (this.#first[this.#cursor]?.queue.stoppedInRound === round) this.#cursor += 1;
    return this.#first[this.#cursor];
  }

  /** It has become the first of its queue. Those who stand behind it are looked at after it, once more if need be. */
  add(waiter: Waiter): void {
    const at = this.#placeOf(waiter);
    this.#first.splice(at, 0, waiter);
    this.#cursor = Math.min(this.#cursor, at);
  }

  /** It has left, and was the first of its queue. */
  remove(waiter: Waiter): void {
    const at = this.#placeOf(waiter);
    this.#first.splice(at, 1);
    if (at < this.#cursor) this.#cursor -= 1;
  }

  /** Where it stands, or would stand: behind all who go before it. */
  #placeOf(waiter: Waiter): number {
    let low = 0;
    let high = this.#first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#first[middle] as Waiter, waiter)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
