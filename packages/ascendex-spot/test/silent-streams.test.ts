import type { BookEvent, MarketHandle, StreamName, TickerEvent, TradeEvent } from '@venuekit/connector-core';
import { loadReplay, startExchangeSimulator } from '@venuekit/exchange-simulator';
import { sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { createAscendexSpot } from '../src/index.ts';
import { openManySymbols } from './simulation/many-symbols.ts';
import { createSimulatedSpot, type SimulatedSpot } from './simulation/simulated-spot.ts';

const all: readonly StreamName[] = ['book', 'ticker', 'trades'];
const minute = 60_000;
const market = { kind: 'synthetic', seed: 'silent streams', pairs: 2 } as const;
type Told = (BookEvent | TickerEvent | TradeEvent) & { readonly at: number };

/** A market of which one stream is cut off in time, with what its handle tells. */
async function setUp(streams: readonly StreamName[]) {
  const spot = await createSimulatedSpot({ market });
  const pairs = [...spot.connector.marketData.instruments].map(({ pair }) => pair);
  const [handle, other] = await spot.open(pairs, streams);
  if (handle === undefined || other === undefined) throw new Error('expected two markets');
  const told: Told[] = [];
  for (const stream of streams)
    handle[stream].subscribe((event: BookEvent | TickerEvent | TradeEvent) =>
      told.push({ ...event, at: spot.now }),
    );
  await spot.advance(30_000);
  return { spot, handle, other, told };
}

const channelOf = { book: 'depth', ticker: 'bbo', trades: 'trades' } as const;
const mute = (spot: SimulatedSpot, stream: StreamName, { pair }: MarketHandle, seconds: number) =>
  spot.inject(`mute@0+${seconds}:${channelOf[stream]}:${pair.replace('-', '/')}`);
const silences = ({ meter }: SimulatedSpot) =>
  [...meter].filter(([name]) => name.includes('silences')).map(([name]) => name);

for (const stream of ['book', 'ticker'] as const) {
  test(`a ${stream} that goes mute while its market moves is marked within 5 s and comes back by itself`, async () => {
    const { spot, handle, other, told } = await setUp(all);
    const mutedAt = spot.now;
    const last = told.filter(({ kind }) => kind === stream).at(-1)?.at ?? 0;
    mute(spot, stream, handle, 5);
    await spot.advance(20_000);
    const gap = told.find((event) => event.kind === 'gap');
    expect(gap).toMatchObject({ reason: expect.stringMatching(/moved without it$/) });
    const fromMs = gap?.kind === 'gap' ? gap.fromMs - 1_700_000_000_000 : 0;
    expect(Math.abs(fromMs - last)).toBeLessThan(400);
    expect((gap?.at ?? 0) - mutedAt).toBeLessThan(5_200);
    expect(silences(spot)).toEqual([
      `${stream === 'book' ? 'book_silences' : 'stream_silences'} pair=${handle.pair}${stream === 'book' ? '' : ' stream=ticker'}`,
    ]);
    expect(spot.dials).toBe(1);
    expect(handle.book.read().state).toBe('live');
    expect(told.filter(({ kind, at }) => kind === stream && at > mutedAt + 10_000).length).toBeGreaterThan(3);
    expect(handle.book.stats.silences + other.book.stats.silences).toBe(stream === 'book' ? 1 : 0);
    await spot.close();
    expect(spot.runtime.waiting).toEqual([]);
  });
}

test('what stays mute costs one new connection at first, and then ever fewer', async () => {
  const { spot, handle, other } = await setUp(all);
  mute(spot, 'book', handle, 900);
  await spot.advance(15_000);
  expect(spot.dials).toBe(2);
  const events: BookEvent[] = [];
  other.book.subscribe((event) => events.push(event));
  await spot.advance(10 * minute);
  expect(spot.dials).toBeLessThan(7);
  expect(events.filter(({ kind }) => kind === 'gap').length).toBeLessThan(6);
  expect(other.book.stats.silences).toBe(0);
  await spot.close();
});

for (const streams of [['book'], ['ticker'], ['trades'], all] as const)
  for (const stream of streams)
    test(`a mute ${stream} is marked within 60 s beside ${streams.length - 1} other streams`, async () => {
      const { spot, handle, told } = await setUp(streams);
      const mutedAt = spot.now;
      mute(spot, stream, handle, 70);
      await spot.advance(minute + 1_000);
      const gap = told.find((event) => event.kind === 'gap');
      expect((gap?.at ?? Number.POSITIVE_INFINITY) - mutedAt).toBeLessThan(minute);
      await spot.advance(2 * minute);
      expect(told.filter(({ at }) => at > mutedAt + 2 * minute).length).toBeGreaterThan(5);
      await spot.close();
    });

test('nothing is marked in ten minutes of markets whose best prices come before or after their books', async () => {
  const { spot } = await setUp(all);
  spot.inject('late-frame@0+300:bbo,seconds=0.3');
  await spot.advance(10 * minute);
  expect(silences(spot)).toEqual([]);
  expect([...spot.meter.keys()].filter((name) => /faults|silent|repaired|unanswered/.test(name))).toEqual([]);
  expect(spot.dials).toBe(1);
  await spot.close();
});

for (const session of sessions)
  describe.skipIf(!session.present)(session.name, () => {
    test('with everything open has nothing that would be marked, but tickers, of which it has none', async () => {
      const replay = await loadReplay(session);
      const spot = await createSimulatedSpot({ market: { kind: 'replay', speed: 1, ...replay } });
      const symbols = [...spot.simulator.pairs].map((symbol) => symbol.replace('/', '-'));
      const handles = await spot.open(symbols, all);
      await spot.advance(5 * minute);
      expect(
        handles.map(({ book }) => book.stats.applied).filter((count) => count > 0).length,
      ).toBeGreaterThan(1);
      expect(silences(spot).filter((name) => !name.endsWith('stream=ticker'))).toEqual([]);
      expect([...spot.meter.keys()].filter((name) => /faults|silent$|repaired/.test(name))).toEqual([]);
      expect(spot.dials).toBe(1);
      await spot.close();
    });
  });

test('three hundred symbols on two sessions are looked after within what one session may ask for', async () => {
  const { venue, handles, busiestMinute, move, advance } = await openManySymbols(300);
  const states = () => new Set(handles.map(({ book }) => book.read().state));
  await advance(10_000);
  expect(venue.runtime.sockets).toHaveLength(2);
  for (let minutes = 0; minutes < 4; minutes += 1) {
    move(true);
    await advance(minute);
  }
  expect(states()).toEqual(new Set(['live']));
  expect(handles.reduce((sum, { book }) => sum + book.stats.silences, 0)).toBe(0);
  // Each book was compared about once in fifty seconds.
  const audits = handles.map(({ book }) => book.stats.audits);
  expect(Math.min(...audits)).toBeGreaterThan(3);
  expect(Math.max(...audits)).toBeLessThan(7);
  expect(busiestMinute('depth-snapshot')).toBeGreaterThan(200);
  // Of both together: whether the venue counts by connection or by address is not said.
  expect(busiestMinute('depth-snapshot')).toBeLessThanOrEqual(300);
  // All go mute at once: all are marked, within the same limit.
  move(false);
  await advance(2 * minute);
  move(true);
  await advance(2 * minute);
  expect(handles.filter(({ book }) => book.stats.silences > 0).length).toBeGreaterThan(290);
  expect(states()).toEqual(new Set(['live']));
  expect(busiestMinute('depth-snapshot')).toBeLessThanOrEqual(300);
  expect(busiestMinute('market-trades')).toBeLessThan(1_000);
  expect(busiestMinute('sub') + busiestMinute('unsub')).toBeLessThanOrEqual(150);
  const closing = venue.connector.close();
  await advance(1_000);
  await closing;
  expect(venue.runtime.waiting).toEqual([]);
});

test('over sockets a mute book is stale within 5 s and live again after it', {
  timeout: 30_000,
}, async () => {
  const simulator = await startExchangeSimulator({ market: { ...market, pairs: 1 } });
  const venue = createAscendexSpot({ endpoints: simulator.endpoints });
  await venue.connect();
  const [symbol = ''] = simulator.pairs;
  const handle = await venue.marketData.open(symbol.replace('/', '-'), { streams: all });
  await handle.book.whenLive({ timeoutMs: 10_000 });
  const stale = Promise.withResolvers<string | undefined>();
  handle.book.subscribe((event) => {
    if (event.kind === 'book' && event.state === 'stale') stale.resolve(event.reason);
  });
  const mutedAt = performance.now();
  simulator.inject({ kind: 'mute', atSeconds: 0, durationSeconds: 6, channel: 'depth', symbol });
  expect(await stale.promise).toMatch(/without it|sent none after/);
  expect(performance.now() - mutedAt).toBeLessThan(5_500);
  await handle.book.whenLive({ timeoutMs: 5_000 });
  expect(simulator.stats.connections.total).toBe(1);
  await venue.close();
  await simulator.close();
});
