import type { BookReading, LoadAddress } from './load-plan.ts';

/** What hears of a book at one of its numbers, at which nothing else has happened yet. */
export type Look = (symbol: string, sequence: bigint, book: () => LookedAt) => void;

/** A level as something that prints itself. */
export interface PrintedLevel {
  readonly price: { toString(): string };
  readonly amount: { toString(): string };
}

/** A book, best levels first. */
export interface LookedAt {
  bids(): Iterable<PrintedLevel>;
  asks(): Iterable<PrintedLevel>;
}

/** What a subject has seen. */
export interface SubjectReading {
  /** Depth messages. */
  readonly received: number;
  /** Whatever was no plain message: gaps, resyncs, silences, repeats, lost connections. */
  readonly troubles: number;
  /** Comparisons with a snapshot of the venue that the client made by itself. */
  readonly ownAudits: number;
}

/** A client that follows every book. */
export interface LoadClient {
  read(): SubjectReading;
  books(): readonly BookReading[];
  /** Calls `look` for each book as it is. */
  visit(look: Look): void;
}

/** One way to follow books. */
export interface LoadSubject {
  /**
   * Resolves when every book is right, if there are books.
   * @param look is called after each message that was applied.
   */
  open(address: LoadAddress, look: Look): Promise<LoadClient>;
}
