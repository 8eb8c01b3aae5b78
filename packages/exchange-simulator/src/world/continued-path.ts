import { type Bar, BarSum } from '../history/bar.ts';
import type { BarInterval } from '../history/bar-interval.ts';
import type { PricePath } from '../history/price-path.ts';

/**
 * A path that goes on beyond its end as another one moves, in proportion, from its own last price. Prices are rounded to whole ticks, one
 * at least; rounding keeps their order, so that longer bars stay the sums of shorter ones. Volumes are those of the other path.
 * @param endMs from when on nothing is loaded: the start of a minute, in milliseconds since the epoch.
 * @param beyond where it begins after `endMs`, nothing is known in between, and the price stays.
 */
export function createContinuedPath(loaded: PricePath, endMs: number, beyond: PricePath): PricePath {
  return new ContinuedPath(loaded, endMs, beyond);
}

class ContinuedPath implements PricePath {
  readonly #loaded: PricePath;
  readonly #endMs: number;
  readonly #beyond: PricePath;
  readonly #lastTicks: number;
  readonly #fromTicks: number;

  constructor(loaded: PricePath, endMs: number, beyond: PricePath) {
    this.#loaded = loaded;
    this.#endMs = endMs;
    this.#beyond = beyond;
    this.#lastTicks = loaded.priceAt(endMs);
    this.#fromTicks = beyond.priceAt(endMs);
  }

  get firstMs(): number {
    return this.#loaded.firstMs;
  }

  priceAt(atMs: number): number {
    if (atMs < this.#endMs) return this.#loaded.priceAt(atMs);
    return this.#ticksOf(this.#beyond.priceAt(atMs));
  }

  over(fromMs: number, toMs: number): Bar | undefined {
    const sum = new BarSum(fromMs);
    if (fromMs < this.#endMs) sum.add(this.#loaded.over(fromMs, Math.min(toMs, this.#endMs)));
    const bar = toMs > this.#endMs ? this.#beyond.over(Math.max(fromMs, this.#endMs), toMs) : undefined;
    if (bar !== undefined) sum.add(this.#scaled(bar));
    return sum.bar;
  }

  newestMs(beforeMs: number, interval: BarInterval): number | undefined {
    if (beforeMs > this.#endMs) {
      const newestMs = this.#beyond.newestMs(beforeMs, interval);
      if (newestMs !== undefined && newestMs >= this.#endMs) return newestMs;
    }
    return this.#loaded.newestMs(Math.min(beforeMs, this.#endMs), interval);
  }

  #scaled({ startMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots }: Bar): Bar {
    return {
      startMs,
      openTicks: this.#ticksOf(openTicks),
      highTicks: this.#ticksOf(highTicks),
      lowTicks: this.#ticksOf(lowTicks),
      closeTicks: this.#ticksOf(closeTicks),
      volumeLots,
    };
  }

  #ticksOf(beyondTicks: number): number {
    const ticks = Math.round((this.#lastTicks * beyondTicks) / this.#fromTicks);
    return Math.min(Math.max(1, ticks), Number.MAX_SAFE_INTEGER);
  }
}
