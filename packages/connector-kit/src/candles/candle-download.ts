import {
  type Candle,
  type CandleDownload,
  type CandleSeries,
  type TimeRange,
  VenueError,
} from '@venuekit/connector-core';
import { createCandleSeries, refusal } from './candle-series.ts';

/**
 * Makes a download of its pages, oldest first; there is at least one, which may be empty. Nothing is read before the download is,
 * and each loop, and each `collect`, reads anew. A loop that is left ends the pages.
 *
 * A page that overlaps the one before, or is of another pair or interval, ends the download with code `protocol`.
 */
export function createCandleDownload(readPages: () => AsyncIterable<CandleSeries>): CandleDownload {
  return {
    [Symbol.asyncIterator]: () => checkedPages(readPages),
    collect: async () => {
      const pages: CandleSeries[] = [];
      for await (const page of checkedPages(readPages)) pages.push(page);
      return join(pages);
    },
  };
}

async function* checkedPages(
  readPages: () => AsyncIterable<CandleSeries>,
): AsyncGenerator<CandleSeries, undefined> {
  let first: CandleSeries | undefined;
  let reachedMs = Number.NEGATIVE_INFINITY;
  for await (const page of readPages()) {
    first ??= page;
    if (page.pair !== first.pair || page.interval !== first.interval) {
      throw refusal(first, `expected pages of one pair and interval, got ${page.pair} ${page.interval}`);
    }
    const { fromMs, toMs } = extentOf(page);
    if (fromMs < reachedMs) {
      throw refusal(page, `expected a page after ${reachedMs}, got one that begins at ${fromMs}`);
    }
    reachedMs = Math.max(reachedMs, toMs);
    yield page;
  }
  return undefined;
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

function join(pages: readonly CandleSeries[]): CandleSeries {
  const [first] = pages;
  if (first === undefined) {
    const message = 'expected at least one page of candles, got none';
    throw new VenueError({ code: 'protocol', operation: 'candles', message });
  }
  const { pair, interval } = first;
  const candles: Candle[] = pages.flatMap((page) => [...page]);
  return createCandleSeries({
    pair,
    interval,
    candles,
    missing: joinSpans(pages.flatMap(({ missing }) => missing)),
  });
}

/** A span that goes on in the next page is one. */
function joinSpans(spans: readonly TimeRange[]): readonly TimeRange[] {
  const joined: TimeRange[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before?.toMs === span.fromMs) joined[joined.length - 1] = { fromMs: before.fromMs, toMs: span.toMs };
    else joined.push(span);
  }
  return joined;
}
