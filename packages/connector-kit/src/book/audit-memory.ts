import type { DepthUpdate } from '@venuekit/connector-core';

/** Changes that an audit remembers at most; one that takes longer is given up, and begun anew by whoever wants it. */
const mostRemembered = 10_000;

interface Audit {
  /** Number of the book when the audit began. */
  readonly from: bigint;
  /** Changes applied since. */
  readonly applied: DepthUpdate[];
  /** The snapshot, while the messages have not come as far. */
  ahead: DepthUpdate | undefined;
}

/** What a book remembers to be compared with a snapshot that says what it was a moment ago, or will be. */
export class AuditMemory {
  #audit: Audit | undefined;

  /** True while an audit waits for its snapshot, or for messages to reach it. */
  get isUnderWay(): boolean {
    return this.#audit !== undefined;
  }

  /** The snapshot, while the messages have not come as far. */
  get ahead(): DepthUpdate | undefined {
    return this.#audit?.ahead;
  }

  /** Begins at a number of the book, unless an audit is under way. */
  begin(from: bigint): void {
    this.#audit ??= { from, applied: [], ahead: undefined };
  }

  /** Keeps a snapshot until the messages have come as far. */
  waitFor(ahead: DepthUpdate): void {
    if (this.#audit !== undefined) this.#audit.ahead = ahead;
  }

  /** A change was applied. */
  remember(update: DepthUpdate): void {
    if (this.#audit === undefined) return;
    if (this.#audit.applied.length < mostRemembered) this.#audit.applied.push(update);
    else this.#audit = undefined;
  }

  /** True if everything after a number is remembered. */
  reaches(sequence: bigint): boolean {
    return this.#audit !== undefined && sequence >= this.#audit.from;
  }

  /** The changes after a number. */
  after(sequence: bigint): readonly DepthUpdate[] {
    return (this.#audit?.applied ?? []).filter((update) => update.sequence > sequence);
  }

  /** Forgets everything. */
  end(): void {
    this.#audit = undefined;
  }
}
