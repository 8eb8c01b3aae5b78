/** A mistake put into one source file while it loads. A suite that does not notice it would not notice the real one either. */
export interface Mutant {
  readonly name: string;
  /** Path of the source file, from the root of the repository. */
  readonly file: string;
  /** Text that occurs in the file exactly once. */
  readonly find: string;
  /** What is put in its place. */
  readonly replace: string;
  /** What is wrong then. */
  readonly about: string;
}

/** Every mutant of this repository. */
export const mutants: readonly Mutant[] = [
  {
    name: 'gap-ignored',
    file: 'packages/connector-kit/src/book/book-sync.ts',
    find: 'if (update.sequence > last + 1n) {',
    replace: 'if (update.sequence > last + 1_000_000_000n) {',
    about: 'a book applies a change although its number is not the next one (I5)',
  },
  {
    name: 'epoch-ignored',
    file: 'packages/connector-kit/src/stream/stream-session.ts',
    find: `bytes: Uint8Array): void {
    if (connection !== this.#connection) return;`,
    replace: 'bytes: Uint8Array): void {',
    about: 'frames of an old connection are handled as if they came on the present one (I14, epoch)',
  },
  {
    name: 'old-end-heard',
    file: 'packages/connector-kit/src/stream/stream-session.ts',
    find: `    if (connection !== this.#connection) return;
    const text =`,
    replace: '    const text =',
    about: 'the end of an old connection is taken for the end of the present one (I14, epoch)',
  },
  {
    name: 'no-jitter',
    file: 'packages/connector-kit/src/stream/backoff.ts',
    find: "Math.floor(this.#random.next('stream-backoff') * bound)",
    replace: 'bound',
    about: 'clients that lost the venue together come back together (jitter)',
  },
];
