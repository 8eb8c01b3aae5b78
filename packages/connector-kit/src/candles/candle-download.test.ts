import type { CandleHandle, CandleQuery, CandleSeries, TimeRange } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { createCandleDownload } from './candle-download.ts';
import { createCandleSeries } from './candle-series.ts';
import { createCandles } from './candles.ts';

const startMs = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const pair = 'A-B';
const prices = { open: '1', high: '3', low: '1', close: '2', volume: '10' };

function seriesOf(hours: readonly number[], missing: readonly TimeRange[] = []): CandleSeries {
  const candles = hours.map((at) => ({ openTimeMs: startMs + at * hour, ...prices }));
  return createCandleSeries({ pair, interval: '1h', candles, missing });
}

const span = (from: number, to: number): TimeRange => ({
  fromMs: startMs + from * hour,
  toMs: startMs + to * hour,
});

const asked: CandleQuery = { pair, interval: '1h', ...span(1.5, 3.5) };

/** A download of these pages, and how many of them were asked for. */
function download(pages: readonly CandleSeries[], query: CandleQuery = asked) {
  const runtime = createManualRuntime();
  const read = { count: 0, ended: 0 };
  const made = createCandleDownload(
    async function* readPages() {
      try {
        for (const page of pages) {
          read.count += 1;
          yield page;
        }
      } finally {
        read.ended += 1;
      }
    },
    { query, clock: runtime.clock },
  );
  return { runtime, read, download: made };
}

test.each([
  ['of another pair', [createCandleSeries({ pair: 'C-D', interval: '1h', candles: [] })], 'got C-D 1h'],
  ['of another interval', [createCandleSeries({ pair, interval: '1d', candles: [] })], 'got A-B 1d'],
  ['before the span', [seriesOf([0, 1])], `expected a page from ${startMs + hour} on`],
  ['missing before the span', [seriesOf([], [span(0.5, 2)])], `expected a page from ${startMs + hour} on`],
  ['after the span', [seriesOf([1]), seriesOf([4])], `expected a page up to ${startMs + 4 * hour}`],
  ['missing after the span', [seriesOf([1], [span(2, 4.5)])], `expected a page up to ${startMs + 4 * hour}`],
  ['that comes again', [seriesOf([1]), seriesOf([1])], `expected a page after ${startMs + 2 * hour}`],
])('a page %s is refused', async (_, pages, message) => {
  await expect(download(pages).download.collect()).rejects.toMatchObject({
    ...{ code: 'protocol', message: expect.stringContaining(message) },
  });
});

test('the first and the last interval of the span are told whole, and one page begins where the last ended', async () => {
  const pages = [seriesOf([1], [span(2, 3)]), seriesOf([3])];
  expect((await download(pages).download.collect()).length).toBe(2);
  const exact = download([seriesOf([1, 2, 3])], { ...asked, ...span(1, 4) });
  expect((await exact.download.collect()).length).toBe(3);
  const late = download([seriesOf([1, 2, 3, 4])], { ...asked, ...span(1, 4) });
  await expect(late.download.collect()).rejects.toMatchObject({ code: 'protocol' });
  const unbounded = download([seriesOf([-9, 99])], { pair, interval: '1h' });
  expect((await unbounded.download.collect()).length).toBe(2);
});

test('a hundred empty pages in a row are a long quiet span, more are no progress', async () => {
  const empty = Array.from({ length: 100 }, () => seriesOf([]));
  const quiet = download([...empty, seriesOf([1]), ...empty, seriesOf([], [span(2, 3)]), ...empty]);
  expect((await quiet.download.collect()).length).toBe(1);
  const endless = download([...empty, seriesOf([]), seriesOf([1])]);
  await expect(endless.download.collect()).rejects.toMatchObject({
    ...{ code: 'protocol', message: expect.stringContaining('expected progress within 100 pages') },
  });
  expect(endless.read).toEqual({ count: 101, ended: 1 });
});

test('a signal that is aborted between two pages ends the download before the next is asked for', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const made = download([seriesOf([1]), seriesOf([2])], { ...asked, signal: abort.signal });
  const lengths: number[] = [];
  const read = async () => {
    for await (const page of made.download) {
      lengths.push(page.length);
      abort.abort(reason);
    }
  };
  await expect(read()).rejects.toBe(reason);
  expect([lengths, made.read]).toEqual([[1], { count: 1, ended: 1 }]);
  await expect(made.download.collect()).rejects.toBe(reason);
  expect(made.read.count).toBe(1);
});

test('a page that comes after the abort, or too late, is not given', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const runtime = createManualRuntime();
  const terms = (query: Partial<CandleQuery>) => ({ query: { ...asked, ...query }, clock: runtime.clock });
  const aborted = createCandleDownload(
    async function* pages() {
      abort.abort(reason);
      yield seriesOf([1]);
    },
    terms({ signal: abort.signal }),
  );
  await expect(aborted[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  const late = createCandleDownload(
    async function* pages() {
      await runtime.advance(1_000);
      yield seriesOf([1]);
    },
    terms({ timeoutMs: 1_000 }),
  );
  await expect(late[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'timeout' });
});

test('a reading has its time from beginning to end, each one its own', async () => {
  const made = download([seriesOf([1]), seriesOf([2]), seriesOf([3])], { ...asked, timeoutMs: 1_000 });
  const lengths: number[] = [];
  const read = async () => {
    for await (const page of made.download) {
      lengths.push(page.length);
      await made.runtime.advance(500);
    }
  };
  await made.runtime.advance(5_000);
  await expect(read()).rejects.toMatchObject({
    ...{
      code: 'timeout',
      message: expect.stringContaining('A-B 1h: expected the last page within 1000 ms, got none'),
    },
  });
  expect([lengths, made.read]).toEqual([[1, 1], { count: 2, ended: 1 }]);
  expect((await made.download.collect()).length).toBe(3);
});

test('a facet holds its pages against the query, and its time against its clock', async () => {
  const runtime = createManualRuntime();
  const pages = [seriesOf([1]), seriesOf([2])];
  const facet = createCandles({
    ...{ venue: 'v', capabilities: { intervals: ['1h'], live: 'none', pageSize: 10 }, clock: runtime.clock },
    readPages: async function* read() {
      for (const page of pages) {
        yield page;
        await runtime.advance(1_000);
      }
    },
  });
  expect((await facet.fetchCandles(asked).collect()).length).toBe(2);
  const outside = facet.fetchCandles({ ...asked, ...span(2, 3) });
  await expect(outside.collect()).rejects.toMatchObject({ code: 'protocol' });
  const slow = facet.fetchCandles({ ...asked, timeoutMs: 1_000 });
  await expect(slow.collect()).rejects.toMatchObject({ code: 'timeout' });
});

test('live candles are opened for claimed intervals only, and not for an aborted signal', async () => {
  const opened: unknown[] = [];
  const handle = { pair } as CandleHandle;
  const facet = createCandles({
    ...{ venue: 'v', capabilities: { intervals: ['1h'], live: 'stream', pageSize: 10 } },
    readPages: async function* read() {},
    open: async (subscription) => {
      opened.push(subscription);
      return handle;
    },
  });
  const reason = new Error('enough');
  const aborted = facet.open({ pair, interval: '1h', signal: AbortSignal.abort(reason) });
  await expect(aborted).rejects.toBe(reason);
  await expect(facet.open({ pair, interval: '1m' })).rejects.toMatchObject({
    ...{
      code: 'unsupported',
      operation: 'open',
      message: expect.stringContaining('expected one of 1h, got 1m'),
    },
  });
  expect(opened).toEqual([]);
  const subscription = { pair, interval: '1h', maxRecords: 5 } as const;
  expect(await facet.open(subscription)).toBe(handle);
  expect(opened).toEqual([subscription]);
});
