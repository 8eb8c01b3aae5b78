import type { Bar } from './bar.ts';
import { type BarInterval, minuteMs, periodStartMs } from './bar-interval.ts';
import type { BarTree } from './bar-tree.ts';
import { startOfMinute } from './minute-course.ts';
import type { PricePath } from './price-path.ts';

/** A path over a tree of bars. */
export class TreePath implements PricePath {
  readonly #tree: BarTree;
  /** The minute that a price was last asked of: whoever follows a price asks of the same one many times. */
  #known: { readonly startMs: number; readonly bar: Bar | undefined } | undefined;

  constructor(tree: BarTree) {
    this.#tree = tree;
  }

  get firstMs(): number {
    return this.#tree.roots.firstMs;
  }

  priceAt(atMs: number): number {
    const knownMs = Math.max(atMs, this.firstMs);
    const startMs = periodStartMs('1m', knownMs);
    if (this.#known?.startMs !== startMs) this.#known = { startMs, bar: this.#minute(startMs) };
    const minute = this.#known.bar;
    if (minute !== undefined) return startOfMinute(minute, knownMs - startMs).closeTicks;
    const newestMs = this.#tree.roots.newestMs(startMs) ?? this.firstMs;
    return this.#minute(periodStartMs('1m', newestMs))?.closeTicks ?? 0;
  }

  over(fromMs: number, toMs: number): Bar | undefined {
    return this.#tree.over(fromMs, toMs);
  }

  newestMs(beforeMs: number, interval: BarInterval): number | undefined {
    return this.#tree.newestMs(beforeMs, interval);
  }

  #minute(startMs: number): Bar | undefined {
    return this.#tree.over(startMs, startMs + minuteMs);
  }
}
