import type { Bar } from './bar.ts';
import type { BarInterval } from './bar-interval.ts';

/** Where a price was at any time: one bar of any time, and longer ones add up from shorter ones exactly. */
export interface PricePath {
  /** Nothing is before this, in milliseconds since the epoch. */
  readonly firstMs: number;
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
