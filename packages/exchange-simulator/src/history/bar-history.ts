import { type Bar, BarSum, flatBar, isEmptyBar } from './bar.ts';
import { type BarInterval, dayMs, periodEndMs, periodStartMs, requireInterval } from './bar-interval.ts';
import type { BarKeeper } from './bar-keeper.ts';
import { requireInteger } from './invalid-history.ts';
import type { PricePath } from './price-path.ts';

/** What a history is made of. */
export interface BarHistoryOptions {
  /** What was before the start. What it says of later times is not used. */
  readonly path: PricePath;
  /** What was traded since the start. */
  readonly keeper: BarKeeper;
  /** When trading began, in milliseconds since the epoch. The keeper has no trades before it. */
  readonly startedAtMs: number;
}

/** Asks for bars. Times are in milliseconds since the epoch. */
export interface BarQuery {
  readonly interval: BarInterval;
  /** Earliest start of a bar, included; the beginning of all if left out. */
  readonly fromMs?: number;
  /** Latest start of a bar, included; now if left out. */
  readonly toMs?: number;
  /** How many bars there are at most: the newest of the range. From 1 up. */
  readonly limit: number;
  /** The time. The bar around it is not over and is there with what it has so far. */
  readonly nowMs: number;
  /**
   * What becomes of a period in which nothing was traded: it is left out, or it is a bar of the close before without volume. `omit` if
   * left out.
   */
  readonly emptyBars?: 'omit' | 'flat';
}

/** Bars of one symbol from its listing up to now, as one series: made up before the start of trading, traded since. */
export interface BarHistory {
  /**
   * The newest `limit` bars of a range, in ascending order. Bars of short intervals that the keeper has dropped are missing, also if
   * empty bars are asked for: nobody knows whether they were.
   * @throws VenueError `invalid-options` for an interval, a time or a limit that there is none of.
   */
  bars(query: BarQuery): readonly Bar[];
  /**
   * What was traded in the last 24 hours, as one bar: from the start of the minute that holds `nowMs` less 24 hours up to now. If nothing
   * was, a bar of the last price without volume; `undefined` if there never was a price.
   */
  last24h(nowMs: number): Bar | undefined;
}

/**
 * Joins what was before a start and what was traded since. A bar that spans the start is the path's up to that millisecond, then the
 * trades: within the minute of the start, the path counts as far as it has gone, as {@link PricePath.over} says.
 * @throws VenueError `invalid-options` if the start is no whole number.
 */
export function createBarHistory(options: BarHistoryOptions): BarHistory {
  requireInteger('createBarHistory', 'startedAtMs', options.startedAtMs);
  return new JoinedHistory(options);
}

class JoinedHistory implements BarHistory {
  readonly #path: PricePath;
  readonly #keeper: BarKeeper;
  readonly #startedAtMs: number;

  constructor({ path, keeper, startedAtMs }: BarHistoryOptions) {
    this.#path = path;
    this.#keeper = keeper;
    this.#startedAtMs = startedAtMs;
  }

  bars(query: BarQuery): readonly Bar[] {
    requireQuery(query);
    const { interval, limit, nowMs, toMs = nowMs } = query;
    const sinceMs = Math.max(
      query.fromMs ?? Number.NEGATIVE_INFINITY,
      periodStartMs(interval, this.#firstMs),
    );
    const bars: Bar[] = [];
    let startMs = periodStartMs(interval, Math.min(toMs, nowMs));
    while (startMs >= sinceMs && bars.length < limit) {
      const bar = this.#bar(query, startMs);
      if (bar !== undefined) bars.push(bar);
      startMs = this.#startBefore(query, startMs);
    }
    return bars.reverse();
  }

  last24h(nowMs: number): Bar | undefined {
    requireInteger('last24h', 'nowMs', nowMs);
    const fromMs = periodStartMs('1m', nowMs - dayMs);
    const bar = this.#over(fromMs, periodEndMs('1m', periodStartMs('1m', nowMs)), nowMs);
    return bar ?? this.#flatBar(fromMs);
  }

  /** Nothing is before this. */
  get #firstMs(): number {
    return Math.min(this.#path.firstMs, this.#startedAtMs);
  }

  #bar({ interval, nowMs, emptyBars }: BarQuery, startMs: number): Bar | undefined {
    if (this.#isDropped(interval, startMs)) return undefined;
    const bar = this.#over(startMs, periodEndMs(interval, startMs), nowMs);
    if (bar !== undefined && !isEmptyBar(bar)) return bar;
    return emptyBars === 'flat' ? (bar ?? this.#flatBar(startMs)) : undefined;
  }

  /** Start of the next older period that there may be something to say of. */
  #startBefore({ interval, emptyBars }: BarQuery, startMs: number): number {
    const pathEndMs = Math.min(startMs, this.#startedAtMs);
    let atMs: number | undefined = startMs - 1;
    if (this.#isDropped(interval, startMs)) atMs = pathEndMs - 1;
    else if (emptyBars !== 'flat')
      atMs = this.#keeper.newestMs(startMs, interval) ?? this.#path.newestMs(pathEndMs, interval);
    return atMs === undefined ? Number.NEGATIVE_INFINITY : periodStartMs(interval, atMs);
  }

  /** True if trades of a period may have been dropped, which would leave a bar of the rest. */
  #isDropped(interval: BarInterval, startMs: number): boolean {
    if (startMs >= this.#keeper.keptSinceMs(interval)) return false;
    return periodEndMs(interval, startMs) > this.#startedAtMs;
  }

  #over(fromMs: number, toMs: number, nowMs: number): Bar | undefined {
    const sum = new BarSum(fromMs);
    const pathEndMs = Math.min(toMs, nowMs, this.#startedAtMs);
    if (fromMs < pathEndMs) sum.add(this.#path.over(fromMs, pathEndMs));
    if (toMs > this.#startedAtMs) sum.add(this.#keeper.over(fromMs, toMs));
    return sum.bar;
  }

  /** A bar of the price that was the last one at its start. */
  #flatBar(startMs: number): Bar | undefined {
    const closeTicks = startMs > this.#startedAtMs ? this.#keeper.closeBefore(startMs) : undefined;
    if (closeTicks !== undefined) return flatBar(startMs, closeTicks);
    const pathMs = Math.min(startMs, this.#startedAtMs);
    return pathMs < this.#path.firstMs ? undefined : flatBar(startMs, this.#path.priceAt(pathMs));
  }
}

/** @throws VenueError `invalid-options` naming the field. */
function requireQuery({ interval, fromMs, toMs, limit, nowMs }: BarQuery): void {
  requireInterval('bars', interval);
  requireInteger('bars', 'limit', limit, 1);
  requireInteger('bars', 'nowMs', nowMs);
  if (fromMs !== undefined) requireInteger('bars', 'fromMs', fromMs);
  if (toMs !== undefined) requireInteger('bars', 'toMs', toMs);
}
