import { addIntervalsMs, type CandleSeries, type Interval, type TimeRange } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCandleDownload } from './candle-download.ts';
import { type CandleInput, createCandleSeries } from './candle-series.ts';
import { createCandles } from './candles.ts';

const startMs = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const pair = 'A-B';

function candle(at: number, change: Partial<CandleInput> = {}): CandleInput {
  const prices = { open: '1', high: '3.5', low: '0.5', close: '2' };
  return { openTimeMs: startMs + at * hour, ...prices, volume: '10', ...change };
}

function seriesOf(hours: readonly number[], missing: readonly TimeRange[] = []): CandleSeries {
  return createCandleSeries({ pair, interval: '1h', candles: hours.map((at) => candle(at)), missing });
}

const span = (from: number, to: number): TimeRange => ({
  fromMs: startMs + from * hour,
  toMs: startMs + to * hour,
});

async function* pagesOf(...pages: readonly CandleSeries[]): AsyncGenerator<CandleSeries> {
  yield* pages;
}

test('a series has its candles, whole, in columns and by position', () => {
  const series = createCandleSeries({
    ...{ pair, interval: '1h', missing: [span(2, 4)] },
    candles: [
      candle(0, { quoteVolume: '20', tradeCount: 4 }),
      candle(1),
      candle(4, { closed: false, close: '0.6' }),
    ],
  });
  expect(series.at(0)).toMatchObject({
    ...{ pair, interval: '1h', endTimeMs: startMs + hour, tradeCount: 4, closed: true, synthetic: false },
  });
  expect(series.at(0)?.quoteVolume?.toString()).toBe('20');
  expect(series.at(1)).toMatchObject({ quoteVolume: undefined, tradeCount: undefined });
  expect(series.at(-1)).toMatchObject({ closed: false });
  expect([series.at(3), series.at(-4), series.length]).toEqual([undefined, undefined, 3]);
  expect([...series]).toEqual([series.at(0), series.at(1), series.at(2)]);
  expect(series.columns()).toEqual({
    openTimeMs: Float64Array.of(startMs, startMs + hour, startMs + 4 * hour),
    ...{
      open: Float64Array.of(1, 1, 1),
      high: Float64Array.of(3.5, 3.5, 3.5),
      low: Float64Array.of(0.5, 0.5, 0.5),
    },
    ...{ close: Float64Array.of(2, 2, 0.6), volume: Float64Array.of(10, 10, 10) },
  });
  expect(series.columns().close).not.toBe(series.columns().close);
});

test('nothing of a series can be changed from outside', () => {
  const candles = [candle(0)];
  const missing = [{ ...span(1, 2) }];
  const series = createCandleSeries({ pair, interval: '1h', candles, missing });
  candles.push(candle(1));
  Object.assign(missing[0] as object, { toMs: 0 });
  expect([series.length, series.missing]).toEqual([1, [span(1, 2)]]);
  for (const part of [series, series.missing, series.missing[0], series.at(0)] as object[]) {
    expect(() => Object.assign(part, { length: 9, openTimeMs: 1, fromMs: 1 })).toThrow(TypeError);
  }
});

test.each([
  [[candle(0), candle(0)], [], 'expected one after that at'],
  [[candle(1), candle(0)], [], 'expected one after that at'],
  [[candle(0.5)], [], 'openTimeMs: expected the start of an interval'],
  [[candle(0, { endTimeMs: startMs })], [], 'endTimeMs: expected'],
  [[candle(0, { pair: 'C-D' })], [], 'pair: expected A-B, got C-D'],
  [[candle(0, { interval: '1m' })], [], 'interval: expected 1h, got 1m'],
  [[], [span(2, 2)], 'expected an end after the start'],
  [[], [span(2, 4), span(3, 5)], 'expected one after the span that ends at'],
  [[candle(0), candle(3)], [span(1, 4)], 'expected no candle in it, got one at'],
  [[candle(1)], [span(1, 2)], 'expected no candle in it, got one at'],
  [[candle(0), candle(3)], [span(0.5, 2)], `expected no candle in it, got one at ${startMs}`],
  [[candle(0), candle(3)], [span(1, 3.5)], `expected no candle in it, got one at ${startMs + 3 * hour}`],
  [[], [{ fromMs: startMs + 0.5, toMs: startMs + hour }], 'expected whole milliseconds'],
  [[], [{ fromMs: startMs, toMs: startMs + 0.5 }], 'expected whole milliseconds'],
  [[], [{ fromMs: startMs, toMs: Number.POSITIVE_INFINITY }], 'expected whole milliseconds'],
  [[candle(0, { high: '0.4' })], [], 'high: expected at least the low, 0.5, got 0.4'],
  [[candle(0, { high: '1.9' })], [], 'high: expected at least the close, 2, got 1.9'],
  [[candle(0, { open: '3.6' })], [], 'high: expected at least the open, 3.6, got 3.5'],
  [[candle(0, { low: '1.1' })], [], 'low: expected at most the open, 1, got 1.1'],
  [[candle(0, { close: '0.1' })], [], 'low: expected at most the close, 0.1, got 0.5'],
  [[candle(0, { volume: '-1' })], [], 'volume: expected zero or more, got -1'],
  [[candle(0, { quoteVolume: '-0.1' })], [], 'quoteVolume: expected zero or more, got -0.1'],
  [[candle(0, { tradeCount: -1 })], [], 'tradeCount: expected a whole number from 0 up, got -1'],
  [[candle(0, { tradeCount: 0.5 })], [], 'tradeCount: expected a whole number from 0 up, got 0.5'],
] as const)('a series that cannot be is refused %#', (candles, missing, message) => {
  expect(() => createCandleSeries({ pair, interval: '1h', candles, missing })).toThrow(
    expect.objectContaining({ code: 'protocol', message: expect.stringContaining(message) }),
  );
});

test('a missing span may end where a candle begins and begin where one ends, and prices may all be one', () => {
  const flat = { open: '1', high: '1', low: '1', close: '1', volume: '0', tradeCount: 0 };
  const series = createCandleSeries({
    ...{ pair, interval: '1h', candles: [candle(0, flat), candle(3)], missing: [span(1, 2), span(2, 3)] },
  });
  expect([series.length, series.missing]).toEqual([2, [span(1, 2), span(2, 3)]]);
});

test('weeks and months begin where the calendar says', () => {
  const months = [0, 1, 2].map((at) => ({ ...candle(0), openTimeMs: Date.UTC(2026, at, 1) }));
  const series = createCandleSeries({ pair, interval: '1M', candles: months });
  expect(series.at(1)?.endTimeMs).toBe(Date.UTC(2026, 2, 1));
  const sunday = [{ ...candle(0), openTimeMs: Date.UTC(2026, 0, 4) }];
  expect(() => createCandleSeries({ pair, interval: '1w', candles: sunday })).toThrow(/openTimeMs/);
});

test('a download reads nothing before it is read, anew each time, and ends its pages when it is left', async () => {
  const story: string[] = [];
  const download = createCandleDownload(async function* pages() {
    story.push('begun');
    try {
      yield seriesOf([0, 1]);
      yield seriesOf([2]);
    } finally {
      story.push('ended');
    }
  });
  expect(story).toEqual([]);
  for await (const page of download) {
    expect(page.length).toBe(2);
    break;
  }
  expect((await download.collect()).length).toBe(3);
  expect(story).toEqual(['begun', 'ended', 'begun', 'ended']);
});

test.each([
  ['a page that begins before the last ended', seriesOf([0, 1]), seriesOf([1])],
  ['a page whose missing span the last one has', seriesOf([0, 1]), seriesOf([4], [span(1, 2)])],
  ['a candle where the last one knew nothing', seriesOf([0], [span(1, 3)]), seriesOf([2])],
  ['another pair', seriesOf([0]), createCandleSeries({ pair: 'C-D', interval: '1h', candles: [] })],
  ['another interval', seriesOf([0]), createCandleSeries({ pair, interval: '1d', candles: [] })],
])('a download refuses %s', async (_, first, second) => {
  const download = createCandleDownload(() => pagesOf(first, second));
  await expect(download.collect()).rejects.toMatchObject({ code: 'protocol' });
  const lengths: number[] = [];
  const read = async () => {
    for await (const page of download) lengths.push(page.length);
  };
  await expect(read()).rejects.toMatchObject({ code: 'protocol' });
  expect(lengths).toEqual([first.length]);
});

test('empty pages are pages, and a download without any is refused', async () => {
  const download = createCandleDownload(() =>
    pagesOf(seriesOf([]), seriesOf([2]), seriesOf([]), seriesOf([3])),
  );
  expect((await download.collect()).length).toBe(2);
  const overlapping = createCandleDownload(() => pagesOf(seriesOf([2]), seriesOf([]), seriesOf([2])));
  const read = async () => {
    for await (const page of overlapping) expect(page.length).toBeLessThan(2);
  };
  await expect(read()).rejects.toMatchObject({ code: 'protocol' });
  await expect(createCandleDownload(() => pagesOf()).collect()).rejects.toMatchObject({ code: 'protocol' });
});

test('however a series is cut into pages, collected it is the same', async () => {
  const slots = fc.array(fc.constantFrom('candle', 'missing', 'empty' as const), { maxLength: 30 });
  const cuts = fc.array(fc.nat(30), { maxLength: 5 });
  const intervals = fc.constantFrom<Interval>('15m', '1d', '1w', '1M');
  await fc.assert(
    fc.asyncProperty(slots, cuts, intervals, async (plan, cutsAt, interval) => {
      const firstMs = Date.UTC(2024, 0, 1);
      const edge = (at: number) => addIntervalsMs(interval, firstMs, at);
      const part = (from: number, to: number) => {
        const at = plan.map((_, index) => index).slice(from, to);
        const candles = at.filter((index) => plan[index] === 'candle');
        return createCandleSeries({
          ...{ pair, interval },
          candles: candles.map((index) => candle(0, { openTimeMs: edge(index) })),
          missing: at
            .filter((index) => plan[index] === 'missing')
            .map((index) => ({ fromMs: edge(index), toMs: edge(index + 1) })),
        });
      };
      const edges = [0, ...cutsAt.toSorted((a, b) => a - b), plan.length];
      const pages = edges.slice(1).map((to, index) => part(edges[index] ?? 0, to));
      const collected = await createCandleDownload(() => pagesOf(...pages)).collect();
      const whole = part(0, plan.length);
      expect([...collected].map(({ openTimeMs }) => openTimeMs)).toEqual(
        [...whole].map(({ openTimeMs }) => openTimeMs),
      );
      // Spans that meet are one: each missing interval is in exactly one span, and no two spans touch.
      const covered = plan.flatMap((slot, index) => {
        const inside = collected.missing.filter(
          ({ fromMs, toMs }) => fromMs <= edge(index) && edge(index) < toMs,
        );
        return inside.length === (slot === 'missing' ? 1 : 0) ? [] : [index];
      });
      expect(covered).toEqual([]);
      const joined = collected.missing
        .slice(1)
        .every(({ fromMs }, at) => fromMs > (collected.missing[at]?.toMs ?? 0));
      expect(joined).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('a facet asks for claimed intervals only, when it is read, and has no live candles unless it says so', async () => {
  const asked: unknown[] = [];
  const capabilities = { intervals: ['1h', '1d'], live: 'none', pageSize: 10 } as const;
  const facet = createCandles({
    ...{ venue: 'v', capabilities },
    readPages: (query) => {
      asked.push(query.interval);
      return pagesOf(seriesOf([0]));
    },
  });
  const download = facet.fetchCandles({ pair, interval: '1m' });
  const unsupported = {
    code: 'unsupported',
    message: expect.stringContaining('expected one of 1h, 1d, got 1m'),
  };
  await expect(download.collect()).rejects.toMatchObject(unsupported);
  await expect(facet.open({ pair, interval: '1h' })).rejects.toMatchObject({
    code: 'unsupported',
    venue: 'v',
  });
  const reason = new Error('enough');
  const aborted = facet.fetchCandles({ pair, interval: '1h', signal: AbortSignal.abort(reason) });
  await expect(aborted.collect()).rejects.toBe(reason);
  expect(asked).toEqual([]);
  expect((await facet.fetchCandles({ pair, interval: '1h' }).collect()).length).toBe(1);
  expect(asked).toEqual(['1h']);
});
