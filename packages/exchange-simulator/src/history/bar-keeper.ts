import { type Bar, BarSum } from './bar.ts';
import { BarColumn } from './bar-column.ts';
import { type BarInterval, dayMs, minuteMs, nominalMs } from './bar-interval.ts';
import { requireInteger } from './invalid-history.ts';
import { piecesOf } from './period-pieces.ts';

/** A trade as a keeper counts it. */
export interface KeptTrade {
  /** From 1 up. */
  readonly priceTicks: number;
  /** From 1 up. */
  readonly sizeLots: number;
  /** In milliseconds since the epoch. */
  readonly atMs: number;
}

/** The trades of one symbol as bars: minutes for 31 days and the one that goes on, hours for two years, days without end. */
export interface BarKeeper {
  /** How many bars there is memory for now: it grows by the day, by the month, and then by a bar a day. */
  readonly room: number;
  /**
   * Counts a trade. One that says to be older than the one before it counts at the time of that one: clocks are set back at times, and a
   * close stays a close.
   * @throws VenueError `invalid-options` for a number that is no price, size or time.
   */
  record(trade: KeptTrade): void;
  /**
   * One bar of what was traded from `fromMs` to `toMs`, both starts of a minute; `undefined` for nothing. What was dropped is missing
   * from it: see {@link keptSinceMs}.
   */
  over(fromMs: number, toMs: number): Bar | undefined;
  /** Price of the last trade before the start of a minute, in ticks. Of what was dropped, it is known to the hour or day. */
  closeBefore(beforeMs: number): number | undefined;
  /** Start of the newest bar with trades that ends at `beforeMs` or before, as short as needed for bars of an interval. */
  newestMs(beforeMs: number, interval: BarInterval): number | undefined;
  /** From when on all bars of an interval are there, in milliseconds since the epoch; minus infinity if none were dropped. */
  keptSinceMs(interval: BarInterval): number;
}

/** Makes a keeper without trades. It has no clock: time is what the trades say. */
export function createBarKeeper(): BarKeeper {
  return new ColumnKeeper();
}

const operation = 'createBarKeeper';
/** Bars are added up from these, the longest first. */
const units = ['1d', '1h', '1m'] as const;

class ColumnKeeper implements BarKeeper {
  /** By unit. Days never make room. */
  readonly #columns: Readonly<Record<(typeof units)[number], BarColumn>> = {
    '1m': new BarColumn({ cellMs: minuteMs, blockCells: 1_440, mostBlocks: 32 }),
    '1h': new BarColumn({ cellMs: 60 * minuteMs, blockCells: 24 * 31, mostBlocks: 25 }),
    '1d': new BarColumn({ cellMs: dayMs, blockCells: 31, mostBlocks: Number.POSITIVE_INFINITY }),
  };
  #lastMs = Number.NEGATIVE_INFINITY;

  get room(): number {
    return units.reduce((sum, unit) => sum + this.#columns[unit].room, 0);
  }

  record({ priceTicks, sizeLots, atMs }: KeptTrade): void {
    requireInteger(operation, 'priceTicks', priceTicks, 1);
    requireInteger(operation, 'sizeLots', sizeLots, 1);
    requireInteger(operation, 'atMs', atMs);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    for (const unit of units) this.#columns[unit].addTrade(priceTicks, sizeLots, this.#lastMs);
  }

  over(fromMs: number, toMs: number): Bar | undefined {
    const sum = new BarSum(fromMs);
    for (const { interval, startMs } of piecesOf(units, fromMs, toMs)) {
      sum.add(this.#columns[interval].bar(startMs));
    }
    return sum.bar;
  }

  closeBefore(beforeMs: number): number | undefined {
    for (const unit of units.toReversed()) {
      const bar = this.#columns[unit].newest(beforeMs);
      if (bar !== undefined) return bar.closeTicks;
    }
    return undefined;
  }

  newestMs(beforeMs: number, interval: BarInterval): number | undefined {
    const unit = unitOf(interval);
    return this.#columns[unit].newest(beforeMs)?.startMs;
  }

  keptSinceMs(interval: BarInterval): number {
    return this.#columns[unitOf(interval)].keptSinceMs;
  }
}

/** What the bars of an interval are added up from. */
function unitOf(interval: BarInterval): (typeof units)[number] {
  return units.find((unit) => nominalMs[unit] <= nominalMs[interval]) ?? '1m';
}
