/** One side of a {@link DepthStage}. */
export interface DepthStageSide {
  /** How many levels are staged. */
  count: number;
  /** Prices in ticks: whole numbers below 2^53. Entries from `count` on mean nothing. */
  prices: Float64Array;
  /** Amounts in lots: whole numbers below 2^53; 0 removes the level. */
  amounts: Float64Array;
}

/**
 * One book message between the bytes and the book, without an object for each level: a decoder fills it, a book checks the
 * whole of it and only then applies it. One stage is used again for every message.
 *
 * What does not fit (a price off its tick, a number from 2^53 on) is not staged: the decoder says so, and the message takes the exact way.
 */
export interface DepthStage {
  /** The first of the venue's numbers that the message covers; the same as `sequence` where each message has one. */
  firstSequence: number;
  /** The venue's number of the message, or the last that it covers: a whole number below 2^53. */
  sequence: number;
  /** The venue's time in milliseconds since the epoch; -1 where it gives none. */
  venueTimeMs: number;
  readonly bids: DepthStageSide;
  readonly asks: DepthStageSide;
}

/** Makes an empty stage with room for `levels` a side; {@link growDepthStage} makes more. */
export function createDepthStage(levels = 64): DepthStage {
  return {
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

function createSide(levels: number): DepthStageSide {
  return { count: 0, prices: new Float64Array(levels), amounts: new Float64Array(levels) };
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(Math.max(1, values.length) * 2);
  larger.set(values);
  return larger;
}
