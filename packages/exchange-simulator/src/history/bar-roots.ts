import type { Bar } from './bar.ts';
import type { BarInterval } from './bar-interval.ts';

/** The bars that a {@link BarTree} divides and adds up. */
export interface BarRoots {
  readonly interval: BarInterval;
  /** Nothing is before this; the start of a minute, in milliseconds since the epoch. */
  readonly firstMs: number;
  /** Nothing is from here on; infinite if it goes on for ever. */
  readonly endMs: number;
  /** The bar of the period that starts at `startMs`, if there is one. */
  bar(startMs: number): Bar | undefined;
  /** The newest time before `beforeMs` at which there is a bar. */
  newestMs(beforeMs: number): number | undefined;
}
