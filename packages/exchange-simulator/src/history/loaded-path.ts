import type { Bar } from './bar.ts';
import { type BarInterval, periodEndMs, requireInterval } from './bar-interval.ts';
import type { BarRoots } from './bar-roots.ts';
import { BarTree } from './bar-tree.ts';
import { invalidHistory } from './invalid-history.ts';
import { type LoadedBars, problemOf } from './loaded-bars.ts';
import type { PricePath } from './price-path.ts';
import { TreePath } from './tree-path.ts';

/** What a loaded path is made from. */
export interface LoadedPathOptions {
  /** Decides how bars are divided, together with the symbol. */
  readonly seed: string | number;
  readonly symbol: string;
  /** From {@link parseBarsCsv}, or made by hand. */
  readonly loaded: LoadedBars;
}

const operation = 'createLoadedPath';

/**
 * A path through bars from outside. Bars of their interval are theirs, longer ones are sums, and shorter ones are divided from them as
 * the seed decides. Where rows are missing, and before the first and after the last one, there are no bars; the price stays at the last
 * close before.
 * @throws VenueError `invalid-options` if there are no bars, or naming the first that does not fit.
 */
export function createLoadedPath({ seed, symbol, loaded }: LoadedPathOptions): PricePath {
  return new TreePath(new BarTree(new LoadedRoots(loaded), `${seed}\n${symbol}\n${loaded.interval}`));
}

/** Loaded bars as they are. */
class LoadedRoots implements BarRoots {
  readonly interval: BarInterval;
  readonly firstMs: number;
  readonly endMs: number;
  readonly #bars: readonly Bar[];

  constructor(loaded: LoadedBars) {
    requireBars(loaded);
    this.interval = loaded.interval;
    this.#bars = loaded.bars;
    this.firstMs = loaded.bars[0]?.startMs ?? 0;
    this.endMs = periodEndMs(loaded.interval, loaded.bars.at(-1)?.startMs ?? 0);
  }

  bar(startMs: number): Bar | undefined {
    const bar = this.#newest(startMs + 1);
    return bar?.startMs === startMs ? bar : undefined;
  }

  newestMs(beforeMs: number): number | undefined {
    const bar = this.#newest(beforeMs);
    return bar && Math.min(beforeMs, periodEndMs(this.interval, bar.startMs)) - 1;
  }

  /** The newest bar that starts before a time. */
  #newest(beforeMs: number): Bar | undefined {
    let low = 0;
    let high = this.#bars.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#bars[middle]?.startMs ?? beforeMs) < beforeMs) low = middle + 1;
      else high = middle;
    }
    return this.#bars[low - 1];
  }
}

/** @throws VenueError `invalid-options` naming the bars and what is wrong. */
function requireBars({ name, interval, bars }: LoadedBars): void {
  requireInterval(operation, interval);
  if (bars.length === 0) throw invalidHistory(operation, `${name}: expected one bar at least, got none`);
  for (const [index, bar] of bars.entries()) {
    const problem = problemOf(bar, bars[index - 1], interval);
    if (problem !== undefined) throw invalidHistory(operation, `${name}, bar ${index + 1}: ${problem}`);
  }
}
