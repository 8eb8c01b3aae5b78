import {
  type Candle,
  type CandleDownload,
  type CandleQuery,
  type CandleSeries,
  type Clock,
  type TimeRange,
  VenueError,
} from '@venuekit/connector-core';
import { createCandleSeries } from './candle-series.ts';
import { PageCheck } from './page-check.ts';

/** What a download is held against. */
export interface CandleDownloadTerms {
  /** What was asked for. Its `timeoutMs` is for one reading from beginning to end; there is no deadline without it. */
  readonly query: CandleQuery;
  /** Measures `timeoutMs`. Without it the deadline is left to the pages. */
  readonly clock?: Pick<Clock, 'monotonic'> | undefined;
}

/**
 * Makes a download of its pages, oldest first; there is at least one, which may be empty. Nothing is read before the download is,
 * and each loop, and each `collect`, reads anew. A loop that is left ends the pages.
 *
 * A page that overlaps the one before, is of another pair or interval, or lies outside what was asked for ends the download with
 * code `protocol`, and so do more than 100 empty pages in a row. The signal and the deadline of the query are looked at before and
 * after each page.
 */
export function createCandleDownload(
  readPages: () => AsyncIterable<CandleSeries>,
  terms?: CandleDownloadTerms,
): CandleDownload {
  return {
    [Symbol.asyncIterator]: () => checkedPages(readPages, terms),
    collect: async () => {
      const pages: CandleSeries[] = [];
      for await (const page of checkedPages(readPages, terms)) pages.push(page);
      return join(pages);
    },
  };
}

async function* checkedPages(
  readPages: () => AsyncIterable<CandleSeries>,
  terms: CandleDownloadTerms | undefined,
): AsyncGenerator<CandleSeries, undefined> {
  const pages = new PageCheck(terms?.query);
  const requireTime = timeLimit(terms);
  requireTime();
  for await (const page of readPages()) {
    requireTime();
    pages.take(page);
    yield page;
    // Whoever reads may have taken its time, and nobody wants the next page then.
    requireTime();
  }
  return undefined;
}

/** Throws once the signal is aborted or the time is over. */
function timeLimit({ query, clock }: Partial<CandleDownloadTerms> = {}): () => void {
  const { signal, timeoutMs = Number.POSITIVE_INFINITY } = query ?? {};
  const startMs = clock?.monotonic() ?? 0;
  return () => {
    signal?.throwIfAborted();
    if (query === undefined || clock === undefined || clock.monotonic() - startMs < timeoutMs) return;
    const message = `${query.pair} ${query.interval}: expected the last page within ${timeoutMs} ms, got none`;
    throw new VenueError({ code: 'timeout', operation: 'candles', message });
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
