import type { DepthUpdate } from '@venuekit/connector-core';

/** What became of a change that was to be kept. */
export type Kept = 'kept' | 'repeated' | 'old' | 'counts-anew';

/** Changes kept while a snapshot is awaited; the oldest go first, which only makes one more snapshot necessary. */
const mostKept = 10_000;
/** Old numbers in a row that prove that the venue counts anew: one may be an old message again. */
const proof = 3;

/** The changes that wait for a snapshot: ascending, without repeats, and with a memory of the highest number seen. */
export class WaitingChanges {
  #changes: DepthUpdate[] = [];
  /** A run of numbers below what the book already had. */
  #anew: DepthUpdate[] = [];
  /** A snapshot must reach this number, alone or with the changes that wait. */
  #due: bigint | undefined;

  get length(): number {
    return this.#changes.length;
  }

  /** The highest number that is known to exist. */
  get due(): bigint | undefined {
    return this.#due;
  }

  /** Forgets everything. */
  clear(): void {
    this.#changes = [];
    this.#anew = [];
    this.#due = undefined;
  }

  /** A message of this number is known to exist: no snapshot that does not reach it is good enough. */
  expect(sequence: bigint | undefined): void {
    if (sequence !== undefined && (this.#due === undefined || sequence > this.#due)) this.#due = sequence;
  }

  /** The message after the newest one came, and could not be read. False if nobody knows which that is. */
  skipOne(): boolean {
    if (this.#due === undefined) return false;
    this.#due += 1n;
    return true;
  }

  /**
   * Keeps a change in its place.
   * @param floor number of the last message that the book had: below it are old messages, or a new count.
   */
  keep(update: DepthUpdate, floor: bigint | undefined): Kept {
    if (floor !== undefined && update.sequence < floor) return this.#keepOld(update);
    this.expect(update.sequence);
    const newest = this.#changes.at(-1);
    if (newest === undefined || update.sequence > newest.sequence) {
      this.#changes.push(update);
      if (this.#changes.length > mostKept) this.#changes.shift();
      return 'kept';
    }
    const at = this.#changes.findIndex(({ sequence }) => sequence >= update.sequence);
    const known = this.#changes[at];
    if (known?.sequence !== update.sequence) {
      this.#changes.splice(at, 0, update);
      if (this.#changes.length > mostKept) this.#changes.shift();
      return 'kept';
    }
    if (known.venueTimeMs === update.venueTimeMs) return 'repeated';
    // Two messages of one number: the venue counts anew, and what waits is of the old count.
    this.#beginAnew([update]);
    return 'counts-anew';
  }

  /** The kept changes after a snapshot of this number. */
  after(sequence: bigint): readonly DepthUpdate[] {
    return this.#changes.filter((update) => update.sequence > sequence);
  }

  /** The first number that a snapshot of this number and the kept changes lack; `undefined` if they lack none. */
  missingAfter(sequence: bigint): bigint | undefined {
    let next = sequence + 1n;
    for (const update of this.after(sequence)) {
      if ((update.firstSequence ?? update.sequence) > next) return next;
      next = update.sequence + 1n;
    }
    return this.#due !== undefined && next <= this.#due ? next : undefined;
  }

  #keepOld(update: DepthUpdate): Kept {
    const follows = this.#anew.at(-1)?.sequence === update.sequence - 1n;
    this.#anew = follows ? [...this.#anew, update] : [update];
    if (this.#anew.length < proof) return 'old';
    this.#beginAnew(this.#anew);
    return 'counts-anew';
  }

  #beginAnew(changes: DepthUpdate[]): void {
    this.#changes = changes;
    this.#anew = [];
    this.#due = changes.at(-1)?.sequence;
  }
}
