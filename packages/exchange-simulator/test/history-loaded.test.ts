import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bar } from '../src/history/bar.ts';
import type { BarInterval } from '../src/history/bar-interval.ts';
import { parseBarsCsv } from '../src/history/bars-csv.ts';
import { createLoadedPath } from '../src/history/loaded-path.ts';
import type { PricePath } from '../src/history/price-path.ts';
import { barsOf, intervals, utc } from './history-stage.ts';
import { slowNextMs, slowStartMs, slowSum } from './models/slow-bars.ts';

const scale = { tickSize: '0.01', lotSize: '0.001' };
const header = 'time,open,high,low,close,volume';

const yearMs = 365 * 86_400_000;

/** Few long rows, for they are compared minute by minute. */
const rowsFor: Partial<Record<BarInterval, number>> = { '12h': 12, '1d': 8, '1w': 3, '1M': 2 };

/** Rows of an interval, some of which are missing. */
function rowsOf(interval: BarInterval, count: number, random: () => number): readonly Bar[] {
  const bars: Bar[] = [];
  let startMs = slowStartMs(interval, utc('2022-01-20'));
  let closeTicks = 10_000;
  for (let index = 0; index < count; index += 1) {
    const openTicks = Math.max(1, closeTicks + Math.floor(random() * 9) - 4);
    closeTicks = Math.max(1, openTicks + Math.floor(random() * 201) - 100);
    const highTicks = Math.max(openTicks, closeTicks) + Math.floor(random() * 50);
    const lowTicks = Math.max(1, Math.min(openTicks, closeTicks) - Math.floor(random() * 50));
    const volumeLots = Math.floor(random() * 3) * Math.floor(random() * 5_000);
    // The first two are always there, so that the interval can be told.
    if (index < 2 || random() < 0.8)
      bars.push({ startMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots });
    startMs = slowNextMs(interval, startMs);
  }
  return bars;
}

function csvOf(bars: readonly Bar[]): string {
  const rows = bars.map(({ startMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots }) => {
    const prices = [openTicks, highTicks, lowTicks, closeTicks].map((ticks) => (ticks / 100).toFixed(2));
    return [new Date(startMs).toISOString(), ...prices, (volumeLots / 1_000).toFixed(3)].join();
  });
  return `${header}\n${rows.join('\n')}\n`;
}

function load(text: string): PricePath {
  return createLoadedPath({ seed: 1, symbol: 'BTC/USDT', loaded: parseBarsCsv(text, 'bars.csv', scale) });
}

test.each(intervals)(
  'rows of %s are its bars, longer ones are their sums, and shorter ones add up to them',
  (interval) => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 999 })), (numbers) => {
        const rows = rowsOf(interval, rowsFor[interval] ?? 25, () => numbers.next().value / 1_000);
        const path = load(csvOf(rows));
        const [firstMs, lastMs] = [rows[0]?.startMs ?? 0, rows.at(-1)?.startMs ?? 0];
        const endMs = slowNextMs(interval, lastMs);
        expect([...barsOf(path, interval, 0, endMs - 1)]).toEqual(rows);
        expect([path.over(0, firstMs), path.over(endMs, endMs + yearMs)]).toEqual([undefined, undefined]);
        const minutes = [...barsOf(path, '1m', 0, endMs - 1)];
        for (const other of intervals) {
          expect([...barsOf(path, other, 0, endMs - 1)]).toEqual(slowSum(minutes, other));
        }
      }),
      { numRuns: interval === '1M' ? 1 : 3 },
    );
  },
);

test('before the first row and after the last one there is nothing, and the price stays', () => {
  const path = load(`${header}\n2022-01-01T01:00Z,1,3,1,2,5\n2022-01-01T02:00Z,2,3,1,2.5,5\n`);
  expect(path.firstMs).toBe(utc('2022-01-01T01:00'));
  expect(path.over(0, utc('2022-01-01T01:00'))).toBeUndefined();
  expect(path.over(utc('2022-01-01T03:00'), utc('2023-01-01'))).toBeUndefined();
  expect(path.priceAt(0)).toBe(100);
  expect(path.priceAt(utc('2022-01-01T02:00'))).toBe(200);
  expect(path.priceAt(utc('2022-01-01T03:00'))).toBe(250);
  expect(path.priceAt(utc('2030-01-01'))).toBe(250);
  expect(path.newestMs(utc('2030-01-01'), '1m')).toBe(utc('2022-01-01T03:00') - 1);
  expect(path.newestMs(utc('2022-01-01T01:00'), '1m')).toBeUndefined();
});

test('where rows are missing there are no bars, and the price is the last close before', () => {
  const path = load(
    [header, '1640998800,1,3,1,2,5', '1641002400,2,3,1,2.5,5', '1641013200,4,4,4,4,1'].join('\r\n'),
  );
  const hours = [...barsOf(path, '1h', 0, utc('2023-01-01'))].map(({ startMs }) => startMs);
  expect(hours).toEqual(['2022-01-01T01:00', '2022-01-01T02:00', '2022-01-01T05:00'].map(utc));
  expect(path.priceAt(utc('2022-01-01T04:30'))).toBe(250);
  expect(path.priceAt(utc('2022-01-01T05:30'))).toBe(400);
  expect([...barsOf(path, '1d', 0, utc('2023-01-01'))].map(({ volumeLots }) => volumeLots)).toEqual([11_000]);
});

test('prices that move without any volume stay as they are', () => {
  const path = load(`${header}\n1640998800,1,3,1,2,0\n1641002400,2,3,1,2.5,0\n`);
  const minutes = [...barsOf(path, '1m', 0, utc('2022-01-02'))];
  expect(slowSum(minutes, '1h').map(({ highTicks, lowTicks }) => [highTicks, lowTicks])).toEqual([
    [300, 100],
    [300, 100],
  ]);
});

test.each([
  ['2022-01-01', utc('2022-01-01')],
  ['2022-01-01 00:00', utc('2022-01-01')],
  ['2022-01-01T00:00:00', utc('2022-01-01')],
  ['2022-01-01 00:00:00.000000', utc('2022-01-01')],
  ['2022-01-01T00:00:00+00:00', utc('2022-01-01')],
  ['1640995200', utc('2022-01-01')],
  ['1640995200000', utc('2022-01-01')],
])('%s is a time', (text, startMs) => {
  const { bars, interval } = parseBarsCsv(`${header}\n${text},1,1,1,1,0\n2022-01-02,1,1,1,1,0`, 'f', scale);
  expect(bars[0]?.startMs).toBe(startMs);
  expect(interval).toBe('1d');
});

test.each([
  ['1.004', 100],
  ['1.005', 101],
  ['1.0149999999999999999999', 101],
  ['1', 100],
  ['1.', 100],
  ['100e-2', 100],
  ['0.01e+2', 100],
])('a price of %s is the nearest tick, halves up', (text, ticks) => {
  const { bars } = parseBarsCsv(`${header}\n2022-01-01,${text},9,1,1,0\n2022-01-02,1,1,1,1,0`, 'f', scale);
  expect(bars[0]?.openTicks).toBe(ticks);
});

test('ticks may be no power of ten, and columns may come in any order among others', () => {
  const text = `\uFEFFVolume,Trades,time,close,low,high,open\n0.0015,7,2022-01-01,10.1,9.9,10.4,10\n\n0,0,2022-01-02,10,10,10,10\n`;
  expect(parseBarsCsv(text, 'f', { tickSize: '0.25', lotSize: '0.001' })).toEqual({
    name: 'f',
    interval: '1d',
    bars: [
      {
        startMs: utc('2022-01-01'),
        openTicks: 40,
        highTicks: 42,
        lowTicks: 40,
        closeTicks: 40,
        volumeLots: 2,
      },
      {
        startMs: utc('2022-01-02'),
        openTicks: 40,
        highTicks: 40,
        lowTicks: 40,
        closeTicks: 40,
        volumeLots: 0,
      },
    ],
  });
});

test('the shortest distance of two rows is the interval, also if the first ones are missing', () => {
  const rows = ['2022-01-01', '2022-01-04', '2022-01-05', '2022-01-07'].map((day) => `${day},1,1,1,1,0`);
  expect(parseBarsCsv([header, ...rows].join('\n'), 'f', scale).interval).toBe('1d');
});

const good = '2022-01-01,1,1,1,1,0';
test.each([
  ['', 'f.csv, line 1: expected a header with time,open,high,low,close,volume, got nothing'],
  ['time,open,high,low,close', 'f.csv, line 1: expected a header with'],
  [`${header}\n${good}`, 'f.csv, line 1: expected two bars at least, got 1'],
  [`${header}\n${good}\n2022-01-02,1,1,1,1`, 'f.csv, line 3: expected 6 columns, got 5: 2022-01-02,1,1,1,1'],
  [
    `${header}\n${good}\n2022-02-30,1,1,1,1,0`,
    'f.csv, line 3: expected time in UTC as ISO text, seconds or milliseconds, got 2022-02-30',
  ],
  [`${header}\n${good}\n2022-01-02T00:00+01:00,1,1,1,1,0`, 'line 3: expected time in UTC'],
  [`${header}\n${good}\n2022-01-02T24:00,1,1,1,1,0`, 'line 3: expected time in UTC'],
  [
    `${header}\n${good}\n2022-01-02,1,-1,1,1,0`,
    'f.csv, line 3: expected high to be a decimal from 0 up, which becomes the nearest tick of 0.01, got -1',
  ],
  [
    `${header}\n${good}\n2022-01-02,1,1,1,1,`,
    'line 3: expected volume to be a decimal from 0 up, which becomes the nearest lot of 0.001, got nothing',
  ],
  [`${header}\n${good}\n2022-01-02,1,1,1,1e30,0`, 'line 3: expected close to be a decimal'],
  [
    `${header}\n${good}\n2022-01-02,1,1,0.004,1,0`,
    'f.csv, line 3: expected low to be one tick of 0.01 at least when taken to the nearest, got 0.004',
  ],
  [
    `${header}\n${good}\n\n2022-01-02,1,2,1.5,2,0`,
    'f.csv, line 4: expected open and close from low to high, got open 1, high 2, low 1.5, close 2',
  ],
  [`${header}\n${good}\n2022-01-02,2,1,1,1,0`, 'line 3: expected open and close from low to high'],
  [
    `${header}\n${good}\n2022-01-01,1,1,1,1,0`,
    'f.csv, line 3: expected a time after that of line 2, got 1640995200000 ms',
  ],
  [
    `${header}\n${good}\n2022-01-01T03:00,1,1,1,1,0`,
    'f.csv, line 3: expected bars of one of 1m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w 1M, got 10800000 ms from the line before',
  ],
  [
    `${header}\n${good}\n2022-01-02,1,1,1,1,0\n2022-01-03T01:00,1,1,1,1,0`,
    'f.csv, line 4: expected a time at which a bar of 1d starts, got 1641171600000 ms',
  ],
])('%j is refused', (text, message) => {
  const parse = (): unknown => parseBarsCsv(text, 'f.csv', scale);
  expect(parse).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  expect(parse).toThrow(message);
});

test.each(['0', '-1', 'x', ''])('a tick of %j is refused', (tickSize) => {
  expect(() => parseBarsCsv(csvOf([]), 'f', { ...scale, tickSize })).toThrow(
    'expected tickSize to be a decimal above 0',
  );
});

test.each([
  ['no bars', [], 'hand: expected one bar at least, got none'],
  ['a bar out of order', [1, 0], 'hand, bar 2: expected a time after 3600000 ms, got 0 ms'],
  [
    'a bar beside its start',
    [0.5],
    'hand, bar 1: expected a time at which a bar of 1h starts, got 1800000 ms',
  ],
])('%s made by hand are refused', (_name, hours, message) => {
  const bars = hours.map((hour) => ({
    startMs: hour * 3_600_000,
    openTicks: 1,
    highTicks: 1,
    lowTicks: 1,
    closeTicks: 1,
    volumeLots: 1,
  }));
  const make = (): unknown =>
    createLoadedPath({ seed: 1, symbol: 'S', loaded: { name: 'hand', interval: '1h', bars } });
  expect(make).toThrow(message);
});
