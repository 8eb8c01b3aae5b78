import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barSpan, intervalOf } from '../src/dialect/ascendex/bar-calendar.ts';
import { createBarFeed } from '../src/dialect/ascendex/bar-feed.ts';
import type { BarInterval } from '../src/market/market.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { barStart } from './plain-bars.ts';
import { type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const minuteStart = 1_767_225_600_000;

function following(venue: VenueCase, ch = 'bar:1:ASD/USDT'): VenueClient {
  const client = venue.connect();
  client.ask({ op: 'sub', id: 'b', ch });
  return client;
}

/** Two strangers trade. */
function trade(venue: VenueCase, sizeLots: number, priceTicks: number): void {
  venue.place({ side: 'sell', sizeLots, priceTicks });
  venue.place({ side: 'buy', sizeLots, priceTicks });
}

const bars = (messages: readonly Message[]): readonly Message[] => messages.filter(({ m }) => m === 'bar');
const volumes = (client: VenueClient): unknown[] => bars(client.heard()).map(({ data }) => data?.v);

test('documented form: a bar is told with its state, at once after a trade', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const client = following(venue);
  trade(venue, 100, 712);
  expect(client.heard()).toEqual([
    {
      m: 'bar',
      s: 'ASD/USDT',
      data: { i: '1', ts: minuteStart, o: '0.0712', h: '0.0712', l: '0.0712', c: '0.0712', v: '100' },
    },
  ]);
  venue.runtime.pass(500);
  trade(venue, 150, 700);
  expect(client.heard()[0]?.data).toEqual({
    ...{ i: '1', ts: minuteStart, o: '0.0712', h: '0.0712', l: '0.07', c: '0.07', v: '250' },
  });
});

test('our choice, switchable: no more than one in 500 ms, and the last state is told', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const client = following(venue);
  for (let count = 0; count < 5; count += 1) {
    trade(venue, 100, 712);
    venue.runtime.pass(100);
  }
  venue.runtime.pass(10_000);
  expect(volumes(client)).toEqual(['100', '500']);
  const slow = venueCase({ nowMs: minuteStart, choices: { barIntervalMs: 2_000 } });
  const other = following(slow);
  for (let count = 0; count < 5; count += 1) {
    trade(slow, 100, 712);
    slow.runtime.pass(600);
  }
  expect(volumes(other)).toEqual(['100', '400']);
});

test('our choice: a bar is told once more when it is over, with all of its trades', () => {
  const venue = venueCase({ nowMs: minuteStart + 59_700 });
  const client = following(venue);
  trade(venue, 100, 712);
  venue.runtime.pass(100);
  trade(venue, 100, 713);
  venue.runtime.pass(199);
  expect(volumes(client)).toEqual(['100']);
  venue.runtime.pass(1);
  expect(client.heard()).toMatchObject([{ data: { ts: minuteStart, c: '0.0713', v: '200' } }]);
  expect(venue.runtime.pending).not.toContain('bar');
  for (let count = 0; count < 13; count += 1) {
    venue.runtime.pass(10_000);
    client.send({ op: 'pong' });
  }
  expect([bars(client.heard()), client.ends]).toEqual([[], []]);
});

test('the bar that is over comes before the first of the next, also if a trade comes at that very moment', () => {
  const venue = venueCase({ nowMs: minuteStart + 59_000 });
  venue.runtime.timers.setTimer(1_000, () => trade(venue, 100, 714), 'trade');
  const client = following(venue);
  trade(venue, 200, 712);
  venue.runtime.pass(1_000);
  expect(bars(client.heard()).map(({ data }) => [data?.ts, data?.v])).toEqual([
    [minuteStart, '200'],
    [minuteStart, '200'],
    [minuteStart + 60_000, '100'],
  ]);
});

test('a trade at the very moment when a bar ends is told, also if another one was still to be told', () => {
  const venue = venueCase({ nowMs: minuteStart + 59_700 });
  venue.runtime.timers.setTimer(300, () => trade(venue, 100, 714), 'trade');
  const client = following(venue);
  for (let count = 0; count < 2; count += 1) trade(venue, 100, 712);
  venue.runtime.pass(10_000);
  expect(bars(client.heard()).map(({ data }) => [data?.ts, data?.v])).toEqual([
    [minuteStart, '100'],
    [minuteStart, '200'],
    [minuteStart + 60_000, '100'],
  ]);
});

test('whoever leaves a feed of bars twice leaves it once', () => {
  const runtime = createHandMadeRuntime();
  const market = { bars: () => [] };
  const feed = createBarFeed({ ...runtime, market, intervalMs: 500, publish: () => {} });
  const [one, two] = [feed.join('1', 'A/B'), feed.join('1', 'A/B')];
  for (let count = 0; count < 2; count += 1) one[Symbol.dispose]();
  expect(runtime.pending).toEqual(['bar end']);
  two[Symbol.dispose]();
  expect(runtime.pending).toEqual([]);
});

test('bars cost nothing while nobody is subscribed to them', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const idle = venue.runtime.pending.length;
  const [one, two] = [following(venue), following(venue)];
  const timers = (): number => venue.runtime.pending.filter((label) => label.startsWith('bar')).length;
  expect(timers()).toBe(1);
  one.ask({ op: 'unsub', ch: 'bar:*:ASD/USDT' });
  expect(timers()).toBe(1);
  trade(venue, 100, 712);
  trade(venue, 100, 712);
  expect([one.heard(), volumes(two), timers()]).toEqual([[], ['100'], 2]);
  two.stream.closed();
  one.stream.closed();
  expect([timers(), venue.runtime.pending.length]).toEqual([0, idle]);
});

test('a second subscription to the same bars changes nothing', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const client = following(venue);
  client.ask({ op: 'sub', ch: 'bar:1:ASD/USDT' });
  trade(venue, 100, 712);
  expect(volumes(client)).toEqual(['100']);
  client.ask({ op: 'unsub', ch: 'bar' });
  expect(venue.runtime.pending.filter((label) => label.startsWith('bar'))).toEqual([]);
  venue.runtime.pass(500);
  trade(venue, 100, 712);
  expect(client.heard()).toEqual([]);
});

test('seen in ccxt: several lengths and symbols, each under the name that was asked for', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const client = following(venue, 'bar:1d:ASD/USDT,BTC/USDT');
  client.ask({ op: 'sub', ch: 'bar:1m:ASD/USDT' });
  trade(venue, 100, 712);
  expect(bars(client.heard()).map(({ s, data }) => `${s} ${data?.i} ${data?.ts}`)).toEqual([
    `ASD/USDT 1d ${Date.UTC(2026, 0, 1)}`,
    `ASD/USDT 1m ${Date.UTC(2026, 0, 1)}`,
  ]);
});

test('a month ends with the month of the calendar, and a week on Monday', () => {
  const venue = venueCase({ nowMs: Date.UTC(2028, 1, 29, 23, 59, 59) });
  const client = following(venue, 'bar:1m:ASD/USDT');
  client.ask({ op: 'sub', ch: 'bar:1w:ASD/USDT' });
  trade(venue, 100, 712);
  client.heard();
  venue.runtime.pass(1_000);
  expect(client.heard()).toMatchObject([{ data: { i: '1m', ts: Date.UTC(2028, 1, 1) } }]);
});

test('while a mute of bars lasts, they are lost', () => {
  const venue = venueCase({ nowMs: minuteStart });
  const client = following(venue);
  venue.market.start();
  venue.faults.inject({ kind: 'mute', atSeconds: 0, durationSeconds: 5 });
  trade(venue, 100, 712);
  expect([client.heard(), venue.counters.withheld]).toEqual([[], 1]);
});

test('spans of bars agree with the calendar of the platform', () => {
  const intervals: readonly BarInterval[] = [
    ...(['1m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w', '1M'] as const),
  ];
  const times = fc.integer({ min: 0, max: Date.UTC(2400, 2, 1) });
  fc.assert(
    fc.property(times, fc.constantFrom(...intervals), (atMs, interval) => {
      const { startMs, endMs } = barSpan(interval, atMs);
      expect(startMs).toBe(barStart(interval, atMs));
      expect(barStart(interval, endMs)).toBe(endMs);
      expect(barStart(interval, endMs - 1)).toBe(startMs);
    }),
    { numRuns: 2_000 },
  );
});

test('every day from 1970 to 2401 is in the right month', () => {
  for (let atMs = 0; atMs < Date.UTC(2401, 0, 1); atMs += 86_400_000) {
    const { startMs, endMs } = barSpan('1M', atMs);
    const date = new Date(atMs);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    if (startMs === Date.UTC(year, month, 1) && endMs === Date.UTC(year, month + 1, 1)) continue;
    throw new Error(`${date.toISOString()}: got ${startMs} to ${endMs}`);
  }
});

test('the venue calls a minute 1 and a month 1m', () => {
  expect(['1', '60', '1d', '1m', '1M', 'toString'].map(intervalOf)).toEqual([
    ...['1m', '1h', '1d', '1M', undefined, undefined],
  ]);
});
