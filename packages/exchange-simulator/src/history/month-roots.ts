import type { Bar } from './bar.ts';
import { dayMs, monthOf, monthStartMs } from './bar-interval.ts';
import type { BarRoots } from './bar-roots.ts';
import { createDrawnNumbers, growth } from './drawn-numbers.ts';
import { bottomOf, topOf } from './drawn-walk.ts';
import type { PathOptions } from './path-options.ts';
import { createSmoothNoise, type SmoothNoise } from './smooth-noise.ts';

/** Months between two turns of the curves that make up the price, from quick to slow. */
const periods = [1, 2.3, 5.1, 11, 23, 47];
/** With more volatility, the months move more, but the years do not: the price would leave its home for good. */
const wildest = 0.04;
/** Months after which a new listing has done half of its climb. */
const climbMonths = 36;

/**
 * Monthly bars that can be asked in any order. The logarithm of the price is a sum of curves, each as high as the root of its period, as
 * in a random walk; but none is slower than four years, so that the price keeps returning to its home. A new listing is below it.
 */
export class MonthRoots implements BarRoots {
  readonly interval = '1M';
  readonly endMs: number = Number.POSITIVE_INFINITY;
  readonly firstMs: number;
  readonly #options: PathOptions;
  readonly #key: string;
  readonly #curves: readonly { readonly height: number; readonly noise: SmoothNoise }[];
  readonly #unrest: SmoothNoise;

  /** @param options their listing date is the start of a minute. */
  constructor(options: PathOptions) {
    this.#options = options;
    this.firstMs = options.listedAtMs;
    this.#key = `${options.seed}\n${options.symbol}\nmonths`;
    const spread = 5 * Math.min(options.volatility, wildest);
    this.#curves = periods.map((period) => ({
      height: spread * Math.sqrt(period),
      noise: createSmoothNoise(`${this.#key}\nprice ${period}`, period),
    }));
    this.#unrest = createSmoothNoise(`${this.#key}\nunrest`, 4.3);
  }

  bar(startMs: number): Bar | undefined {
    const month = monthOf(startMs);
    const endMs = monthStartMs(month + 1);
    if (endMs <= this.firstMs) return undefined;
    const sinceMs = Math.max(startMs, this.firstMs);
    const days = (endMs - sinceMs) / dayMs;
    const drawn = createDrawnNumbers(`${this.#key}\n${month}`);
    const mood = this.#unrest(month);
    const daily = this.#options.volatility * growth(0.45 * mood);
    const [from, to] = [this.#logarithmAt(sinceMs), this.#logarithmAt(endMs)];
    const move = {
      from,
      to,
      variance: daily * daily * days,
      rise: drawn.exponential(),
      fall: drawn.exponential(),
    };
    const volume = this.#options.lotsPerDay * days * growth(0.8 * mood + 0.3 * drawn.normal());
    return {
      startMs,
      openTicks: this.#ticksOf(from),
      highTicks: this.#ticksOf(topOf(move)),
      lowTicks: this.#ticksOf(bottomOf(move)),
      closeTicks: this.#ticksOf(to),
      volumeLots: Math.max(1, Math.round(volume)),
    };
  }

  newestMs(beforeMs: number): number | undefined {
    return beforeMs > this.firstMs ? beforeMs - 1 : undefined;
  }

  /** Logarithm of the price in homes. */
  #logarithmAt(atMs: number): number {
    const at = placeOf(atMs);
    const climb = 30 * Math.min(this.#options.volatility, wildest);
    const left = climb / (1 + (at - placeOf(this.firstMs)) / climbMonths);
    return this.#curves.reduce((sum, { height, noise }) => sum + height * noise(at), -left);
  }

  #ticksOf(logarithm: number): number {
    return Math.max(1, Math.round(this.#options.homeTicks * growth(logarithm)));
  }
}

/** Months since January 1970, with the fraction of the month that has passed. */
function placeOf(atMs: number): number {
  const month = monthOf(atMs);
  const startMs = monthStartMs(month);
  return month + (atMs - startMs) / (monthStartMs(month + 1) - startMs);
}
