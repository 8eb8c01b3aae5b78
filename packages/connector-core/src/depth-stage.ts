import { VenueError } from './venue-error.ts';

/** How prices and amounts of a book are counted as whole numbers: 1.05 at scale 3 is 1050. */
export interface DepthScale {
  /** Digits after the point of prices; those of the instrument's tick do for most books. From 0 to 15. */
  priceScale: number;
  /** Digits after the point of amounts; those of the instrument's lot do for most books. From 0 to 15. */
  amountScale: number;
}

/** What {@link createDepthStage} takes. */
export interface DepthStageOptions extends Readonly<DepthScale> {
  /** Room for so many levels a side; 64 if left out. {@link growDepthStage} makes more. */
  readonly levels?: number;
}

/** One side of a {@link DepthStage}. */
export interface DepthStageSide {
  /** How many levels are staged. */
  count: number;
  /** Whole numbers below 2^53, in units of 10^-{@link DepthStage.priceScale}. Entries from `count` on mean nothing. */
  prices: Float64Array;
  /** Whole numbers below 2^53, in units of 10^-{@link DepthStage.amountScale}; 0 removes the level. */
  amounts: Float64Array;
}

/**
 * One book message between the bytes and the book, without an object for each level: a decoder fills it, a book checks the
 * whole of it and only then applies it. One stage is used again for every message.
 *
 * What does not fit (a digit beyond the scale that is not 0, a number from 2^53 on) is not staged: the decoder says so, and the message takes the
 * exact way.
 */
export interface DepthStage extends Readonly<DepthScale> {
  /** The first of the venue's numbers that the message covers; the same as `sequence` where each message has one. */
  firstSequence: number;
  /** The venue's number of the message, or the last that it covers: a whole number below 2^53. */
  sequence: number;
  /** The venue's time in milliseconds since the epoch; -1 where it gives none. */
  venueTimeMs: number;
  readonly bids: DepthStageSide;
  readonly asks: DepthStageSide;
}

/** Makes an empty stage. @throws VenueError `invalid-options` for a scale that is no whole number from 0 to 15. */
export function createDepthStage({ priceScale, amountScale, levels = 64 }: DepthStageOptions): DepthStage {
  requireDepthScale({ priceScale, amountScale }, 'createDepthStage');
  return {
    ...{ priceScale, amountScale },
    firstSequence: -1,
    sequence: -1,
    venueTimeMs: -1,
    bids: createSide(levels),
    asks: createSide(levels),
  };
}

/** Empties a stage for the next message; the room stays. */
export function clearDepthStage(stage: DepthStage): void {
  stage.firstSequence = -1;
  stage.sequence = -1;
  stage.venueTimeMs = -1;
  stage.bids.count = 0;
  stage.asks.count = 0;
}

/** Doubles the room of a side; what is staged stays. */
export function growDepthStage(side: DepthStageSide): void {
  side.prices = grown(side.prices);
  side.amounts = grown(side.amounts);
}

/** @throws VenueError `invalid-options`, in the name of `operation`, for a scale that is no whole number from 0 to 15. */
export function requireDepthScale(scale: Readonly<DepthScale>, operation: string): void {
  for (const name of ['priceScale', 'amountScale'] as const) {
    if (Number.isInteger(scale[name]) && scale[name] >= 0 && scale[name] <= 15) continue;
    const message = `expected ${name} to be a whole number from 0 to 15, got ${scale[name]}`;
    throw new VenueError({ code: 'invalid-options', operation, message });
  }
}

function createSide(levels: number): DepthStageSide {
  return { count: 0, prices: new Float64Array(levels), amounts: new Float64Array(levels) };
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(Math.max(1, values.length) * 2);
  larger.set(values);
  return larger;
}
