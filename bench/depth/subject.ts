/** The book of a subject, fed with frames. */
export interface DepthBook {
  /** Reads one frame and applies it. @throws Error if it is not the next one, or cannot be read. */
  apply(frame: Buffer): void;
  /** Price of the highest bid. */
  bestBid(): number;
  /** Price of the lowest ask. */
  bestAsk(): number;
  /** Prices and amounts of both sides, in any order. */
  levels(): SubjectLevels;
}

/** What a subject holds, as numbers of its own. */
export interface SubjectLevels {
  readonly bids: readonly SubjectLevel[];
  readonly asks: readonly SubjectLevel[];
}

/** A price and an amount. */
export type SubjectLevel = readonly [price: number, amount: number];

/** One way from a frame to a book. */
export interface DepthSubject {
  /** What its numbers are: the venue's decimals, or ticks and lots. */
  readonly unit: 'decimals' | 'units';
  /** Makes a book of a snapshot's frame. */
  open(snapshot: Buffer): DepthBook;
}

/** A frame as JSON.parse gives it. */
export interface ParsedFrame {
  readonly m: string;
  readonly symbol: string;
  readonly data: {
    readonly ts: number;
    readonly seqnum: number;
    readonly asks: readonly (readonly [price: string, amount: string])[];
    readonly bids: readonly (readonly [price: string, amount: string])[];
  };
}

/** Reads a frame the usual way. */
export function parseFrame(frame: Buffer): ParsedFrame {
  return JSON.parse(frame.toString()) as ParsedFrame;
}

/** @throws Error unless a message follows the one before. */
export function requireNext(sequence: number, last: number): void {
  if (sequence !== last + 1) throw new Error(`expected message ${last + 1}, got ${sequence}`);
}
