import type { Bar } from './bar.ts';
import type { BarInterval } from './bar-interval.ts';
import type { TreeWork } from './bar-tree.ts';

/** Where a price was at any time: bars of all intervals, whose longer ones add up from the shorter ones exactly. */
export interface PricePath {
  /** Nothing is before this, in milliseconds since the epoch. */
  readonly firstMs: number;
  /** What was done for all answers so far. */
  readonly work: TreeWork;
  /**
   * Bars whose start is from `fromMs` to `toMs`, both included, in ascending order and made one by one. Empty bars are among them; a bar
   * of which nothing is known is not.
   * @throws VenueError `invalid-options` for an interval that there is none of.
   */
  bars(interval: BarInterval, fromMs: number, toMs: number): Iterable<Bar>;
  /**
   * The price at a time, in ticks. Within a minute it goes from open to one extreme, to the other one and to the close at a steady speed.
   * Before everything it is the first open; where nothing is known and after everything it is the last close before.
   */
  priceAt(atMs: number): number;
  /**
   * One bar of `fromMs`, the start of a minute, up to `toMs`, which is not included and may be within a minute: that minute counts as
   * far as {@link priceAt} has gone through it, with volume in proportion, rounded up. `undefined` if nothing is there.
   */
  over(fromMs: number, toMs: number): Bar | undefined;
  /**
   * A time before `beforeMs` between which and `beforeMs` there is nothing but empty bars, so that a search need not go through them.
   * `undefined` if there is nothing before at all.
   * @param interval of the bars that are looked for.
   */
  newestMs(beforeMs: number, interval: BarInterval): number | undefined;
}
