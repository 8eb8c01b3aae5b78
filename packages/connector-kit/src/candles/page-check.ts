import {
  addIntervalsMs,
  type CandleQuery,
  type CandleSeries,
  intervalStartMs,
  type TimeRange,
} from '@venuekit/connector-core';
import { refusal } from './candle-refusal.ts';

/** More pages in a row that tell nothing are no progress. */
const mostEmptyPages = 100;

/** Checks the pages of one download, one after the other. */
export class PageCheck {
  readonly #query: CandleQuery | undefined;
  #first: Pick<CandleSeries, 'pair' | 'interval'> | undefined;
  #reachedMs = Number.NEGATIVE_INFINITY;
  #emptyPages = 0;

  /** @param query what was asked for; without it the pages are held against each other alone. */
  constructor(query: CandleQuery | undefined) {
    this.#query = query;
    this.#first = query;
  }

  /** @throws VenueError `protocol` if the page is not of what was asked for, or does not come after those before. */
  take(page: CandleSeries): void {
    this.#first ??= page;
    if (page.pair !== this.#first.pair || page.interval !== this.#first.interval) {
      const expected = this.#query === undefined ? 'pages of one pair and interval' : 'pages of it';
      throw refusal(this.#first, `expected ${expected}, got ${page.pair} ${page.interval}`);
    }
    this.#takeProgress(page);
    const { fromMs, toMs } = extentOf(page);
    if (fromMs < this.#reachedMs) {
      throw refusal(page, `expected a page after ${this.#reachedMs}, got one that begins at ${fromMs}`);
    }
    if (this.#query !== undefined) checkSpan(page, { fromMs, toMs }, this.#query);
    this.#reachedMs = Math.max(this.#reachedMs, toMs);
  }

  /** A span without trades may well be a page, but a reader that goes on without end must be found out. */
  #takeProgress(page: CandleSeries): void {
    const isEmpty = page.length === 0 && page.missing.length === 0;
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages <= mostEmptyPages) return;
    throw refusal(page, `expected progress within ${mostEmptyPages} pages, got none: all are empty`);
  }
}

/** From the first thing that a page tells to its last; nothing for an empty one. */
function extentOf(page: CandleSeries): TimeRange {
  const [first, last] = [page.at(0), page.at(-1)];
  const [firstMissing, lastMissing] = [page.missing.at(0), page.missing.at(-1)];
  return {
    fromMs: Math.min(first?.openTimeMs ?? Infinity, firstMissing?.fromMs ?? Infinity),
    toMs: Math.max(last?.endTimeMs ?? -Infinity, lastMissing?.toMs ?? -Infinity),
  };
}

/** The first and the last interval asked for are told whole. */
function checkSpan(page: CandleSeries, extent: TimeRange, { interval, fromMs, toMs }: CandleQuery): void {
  const startMs = fromMs === undefined ? -Infinity : intervalStartMs(interval, fromMs);
  if (extent.fromMs < startMs) {
    throw refusal(page, `expected a page from ${startMs} on, got one that begins at ${extent.fromMs}`);
  }
  const endMs = toMs === undefined ? Infinity : addIntervalsMs(interval, toMs - 1, 1);
  if (extent.toMs <= endMs) return;
  throw refusal(page, `expected a page up to ${endMs}, got one that ends at ${extent.toMs}`);
}
