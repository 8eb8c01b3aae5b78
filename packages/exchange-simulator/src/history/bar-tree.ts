import { type Bar, BarSum, isEmptyBar } from './bar.ts';
import type { BarCells } from './bar-cells.ts';
import { divideBar } from './bar-division.ts';
import { type BarInterval, nominalMs, periodEndMs, periodStartMs } from './bar-interval.ts';
import type { BarRoots } from './bar-roots.ts';
import { BoundedCache } from './bounded-cache.ts';
import { createDrawnNumbers } from './drawn-numbers.ts';
import { startOfMinute } from './minute-course.ts';
import { piecesOf } from './period-pieces.ts';

/** What a tree has done and keeps: so that its work can be told from its answers. */
export interface TreeWork {
  /** Bars that were divided since the tree was made; one that was forgotten counts again. */
  readonly divided: number;
  /** Divisions that are kept now. */
  readonly kept: number;
}

/** The parts of a bar. */
interface Division {
  readonly firstMs: number;
  readonly cells: BarCells;
}

/** Steps of the division, and of adding up. */
const steps: readonly BarInterval[] = ['1M', '1d', '1h', '1m'];
/** Kept of each step: enough for 500 bars of any interval. A division takes 1 to 2 KiB. */
const keptEach = 288;

/** Bars of all intervals over roots: longer ones are sums of them, shorter ones are divided from them, step by step. */
export class BarTree {
  readonly roots: BarRoots;
  readonly #key: string;
  /** The roots' own interval and the steps below it, the longest first: each is divided into the next. */
  readonly #chain: readonly BarInterval[];
  /** All intervals that a range is made up from, the longest first. */
  readonly #units: readonly BarInterval[];
  /** By the step that is divided. */
  readonly #divisions: readonly BoundedCache<Division | undefined>[];
  /** By the unit, of those that are not divided from longer ones. */
  readonly #wholes: readonly BoundedCache<Bar | undefined>[];
  #divided = 0;

  /** @param key decides all divisions. */
  constructor(roots: BarRoots, key: string) {
    this.roots = roots;
    this.#key = key;
    const isBelow = (step: BarInterval): boolean => nominalMs[step] < nominalMs[roots.interval];
    const below = steps.filter(isBelow);
    this.#chain = [roots.interval, ...below];
    const above = steps.filter((step) => !isBelow(step) && step !== roots.interval);
    this.#units = [...above, ...this.#chain];
    this.#divisions = below.map(() => new BoundedCache(keptEach));
    this.#wholes = [...above, roots.interval].map(() => new BoundedCache(keptEach));
  }

  /** What it has done so far. */
  get work(): TreeWork {
    return { divided: this.#divided, kept: this.#divisions.reduce((sum, { size }) => sum + size, 0) };
  }

  /** The bar of `fromMs` (included) to `toMs` (excluded), from the start of a minute to any time; `undefined` if nothing is there. */
  over(fromMs: number, toMs: number): Bar | undefined {
    const { firstMs, endMs } = this.roots;
    const [sinceMs, untilMs] = [Math.max(fromMs, firstMs), Math.min(toMs, endMs)];
    const wholeMs = periodStartMs('1m', untilMs);
    const sum = new BarSum(fromMs);
    this.#addPieces(sum, this.#units, sinceMs, wholeMs);
    if (untilMs > Math.max(wholeMs, sinceMs)) {
      const minute = this.#node('1m', wholeMs);
      sum.add(minute && startOfMinute(minute, untilMs - wholeMs));
    }
    return sum.bar;
  }

  /**
   * A time before `beforeMs` at which there is something, in ascending order the last that is known without dividing bars as short as
   * `interval`; `undefined` if there is nothing.
   */
  newestMs(beforeMs: number, interval: BarInterval): number | undefined {
    let newestMs = this.roots.newestMs(beforeMs);
    while (newestMs !== undefined) {
      const quietSinceMs = this.#quietSinceMs(newestMs, interval);
      if (quietSinceMs === undefined) return newestMs;
      newestMs = this.roots.newestMs(quietSinceMs);
    }
    return undefined;
  }

  /** Start of the longest empty bar around a time. */
  #quietSinceMs(atMs: number, interval: BarInterval): number | undefined {
    for (const unit of this.#chain) {
      if (nominalMs[unit] < nominalMs[interval]) return undefined;
      const startMs = periodStartMs(unit, atMs);
      const bar = this.#node(unit, startMs);
      if (bar !== undefined && isEmptyBar(bar)) return startMs;
    }
    return undefined;
  }

  #node(unit: BarInterval, startMs: number): Bar | undefined {
    const step = this.#chain.indexOf(unit);
    if (step > 0) return this.#part(step, startMs);
    return this.#wholes[this.#units.indexOf(unit)]?.get(startMs, () =>
      step === 0 ? this.roots.bar(startMs) : this.#sum(unit, startMs),
    );
  }

  #sum(unit: BarInterval, startMs: number): Bar | undefined {
    const endMs = periodEndMs(unit, startMs);
    const newestMs = this.roots.newestMs(endMs);
    if (newestMs === undefined || newestMs < startMs) return undefined;
    const sum = new BarSum(startMs);
    const shorter = this.#units.slice(this.#units.indexOf(unit) + 1);
    this.#addPieces(sum, shorter, Math.max(startMs, this.roots.firstMs), Math.min(endMs, this.roots.endMs));
    return sum.bar;
  }

  #addPieces(sum: BarSum, units: readonly BarInterval[], fromMs: number, toMs: number): void {
    for (const { interval, startMs } of piecesOf(units, fromMs, toMs, this.roots.firstMs)) {
      sum.add(this.#node(interval, startMs));
    }
  }

  /** @param step place of the part's interval in the chain. */
  #part(step: number, startMs: number): Bar | undefined {
    const unit = this.#chain[step - 1] ?? '1m';
    const partUnit = this.#chain[step] ?? '1m';
    const wholeMs = periodStartMs(unit, startMs);
    const division = this.#divisions[step - 1]?.get(wholeMs, () => this.#divide(unit, partUnit, wholeMs));
    const index = (startMs - (division?.firstMs ?? 0)) / nominalMs[partUnit];
    return index < 0 ? undefined : division?.cells.bar(index, startMs);
  }

  /** The first period of all may have begun before there was anything: it has fewer parts. */
  #divide(unit: BarInterval, partUnit: BarInterval, wholeMs: number): Division | undefined {
    const whole = this.#node(unit, wholeMs);
    if (whole === undefined) return undefined;
    this.#divided += 1;
    const firstMs = periodStartMs(partUnit, Math.max(wholeMs, this.roots.firstMs));
    const count = Math.round((periodEndMs(unit, wholeMs) - firstMs) / nominalMs[partUnit]);
    const drawn = createDrawnNumbers(`${this.#key}\n${unit} ${wholeMs}`);
    return { firstMs, cells: divideBar(whole, count, drawn) };
  }
}
