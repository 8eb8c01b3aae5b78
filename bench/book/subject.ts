import type { ParsedFrame, SubjectLevels } from '../depth/subject.ts';

/** How many levels of each side are read where more than the best one is. */
export const topLevels = 10;

/** A book that is fed with what a library likes best. */
export interface FedBook<Update> {
  apply(update: Update): void;
  /** Price of the highest bid. */
  bestBid(): number;
  /** Price of the lowest ask. */
  bestAsk(): number;
  /** Fills in price and amount of the best ten bids and then of the best ten asks, best first. */
  readTop(into: Float64Array): void;
  /** Prices and amounts of both sides, in any order. */
  levels(): SubjectLevels;
}

/** A book of some library. */
export interface BookSubject<Update> {
  /** What its numbers are: the venue's decimals, or ticks and lots. */
  readonly unit: 'decimals' | 'units';
  /** Makes of a message what the book takes; this is not measured. */
  prepare(message: ParsedFrame): Update;
  /** Makes a book of a snapshot. */
  open(snapshot: ParsedFrame): FedBook<Update>;
}
