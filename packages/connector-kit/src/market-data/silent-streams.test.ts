import {
  type BookEvent,
  decimal,
  type MarketHandle,
  type StreamName,
  type TickerEvent,
  type TradeEvent,
} from '@venuekit/connector-core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { instrument } from '../../test/instrument.ts';
import { type Level, SilentVenue, textOf } from '../../test/models/silent-venue.ts';
import { minuteLimit } from '../../test/session-limits.ts';
import { createManualRuntime, type ManualRuntime } from '../testing/manual-runtime.ts';
import { createInstruments } from './instrument-list.ts';
import { createLiveMarkets, type LiveMarketsOptions } from './live-markets.ts';

const allStreams: readonly StreamName[] = ['book', 'ticker', 'trades'];
const minute = 60_000;
type Told = BookEvent | TickerEvent | TradeEvent;

interface Bench {
  readonly runtime: ManualRuntime;
  readonly venue: SilentVenue;
  readonly handle: MarketHandle;
  /** Best levels of the newest ticker that the client has as its present one. */
  readonly ticker: string | undefined;
  readonly told: Told[];
  readonly meter: string[];
  /** Milliseconds since the beginning. */
  readonly now: number;
  advance(ms: number): Promise<void>;
  /** Lets the best bid move every `everyMs`, for so long. */
  move(forMs: number, everyMs?: number): Promise<void>;
}

/** What a ticker of this venue says of a level. */
type Meaning = (level: Level) => Level;

interface BenchOptions extends Partial<LiveMarketsOptions> {
  readonly meaning?: Meaning;
}

async function setUp(
  streams: readonly StreamName[] = allStreams,
  { meaning = (level) => level, ...changes }: BenchOptions = {},
): Promise<Bench> {
  const base = createManualRuntime();
  const meter: string[] = [];
  const count = (name: string, _value: number, { outcome, stream }: Readonly<Record<string, string>> = {}) =>
    void meter.push([name, outcome ?? stream].filter(Boolean).join(' '));
  const runtime = { ...base, meter: { count, record() {} } };
  const receivedAtMs = () => runtime.clock.now();
  const writer = () => markets.writer('A-B');
  const levelOf = (level: Level | undefined) => {
    if (level === undefined) return undefined;
    const [price, amount] = meaning(level);
    return { price: decimal(price), amount: decimal(amount) };
  };
  const tradeOf = (tradeId: string, venueTimeMs: number) => {
    const [price, amount] = [decimal('100'), decimal('1')];
    return { tradeId, price, amount, side: 'buy' as const, venueTimeMs };
  };
  const venue = new SilentVenue(base, {
    depth: (update) => writer()?.book.change(update, receivedAtMs()),
    ticker: (bid, ask) =>
      writer()?.ticker.ticker(
        { bid: levelOf(bid), ask: levelOf(ask), venueTimeMs: receivedAtMs() },
        receivedAtMs(),
      ),
    trade: (id, atMs) => writer()?.trades.trades([tradeOf(id, atMs)], receivedAtMs()),
    snapshot: (update) => markets.snapshot('A-B', update, receivedAtMs()),
    newestTrades: (ids) =>
      markets.newestTrades(
        'A-B',
        ids.map((id) => tradeOf(id, 1)),
      ),
  });
  const list = createInstruments('v', [instrument('A-B')]);
  const markets = createLiveMarkets({
    ...{ runtime, venue: 'v', streams: allStreams, session: venue.sessions, onRefused() {} },
    instruments: () => list,
    toTopic: (stream, { venueSymbol }) => ({ channel: stream, symbol: venueSymbol }),
    requestSnapshot: () => venue.requestSnapshot(),
    snapshotLimit: minuteLimit(runtime, 300),
    freshness: { auditEveryMs: 50_000, requestTrades: () => venue.requestTrades() },
    ...changes,
  });
  const opening = markets.open('A-B', { streams });
  await base.advance(100);
  const handle = await opening;
  const told: Told[] = [];
  for (const stream of streams) handle[stream].subscribe((event: Told) => told.push(event));
  await base.advance(1_000);
  let moves = 0;
  return {
    ...{ runtime: base, venue, handle, told, meter },
    get ticker() {
      const latest = writer()?.ticker.latest;
      return latest && `${textOf(latest.bid)} ${textOf(latest.ask)}`;
    },
    get now() {
      return base.clock.monotonic();
    },
    advance: (ms) => base.advance(ms),
    move: async (forMs, everyMs = 500) => {
      for (let passed = 0; passed < forMs; passed += everyMs) {
        venue.rest('bid', priceOf(moves), '0');
        moves += 1;
        venue.rest('bid', priceOf(moves), '1');
        await base.advance(everyMs);
      }
    },
  };
}

/** Prices that never come back. */
const priceOf = (move: number) => `${91 + move / 1_024}`;

const gapsOf = (told: readonly Told[]) => told.filter((event) => event.kind === 'gap');

for (const stream of ['book', 'ticker'] as const) {
  test(`a ${stream} that falls silent while the other one moves is marked within 5 s and comes back`, async () => {
    const bench = await setUp(['book', 'ticker']);
    await bench.move(10_000);
    const mutedAt = bench.now;
    const mutedAtMs = bench.runtime.clock.now();
    bench.venue.mute(stream, 'subscription');
    await bench.move(5_000);
    const [marking] = bench.venue.markings;
    expect(bench.venue.markings).toHaveLength(1);
    expect(marking).toMatchObject({ stream, by: 'renewal' });
    expect((marking?.atMs ?? 0) - mutedAt).toBeLessThan(5_000);
    await bench.advance(1_000);
    const reason = stream === 'book' ? 'the best prices moved without it' : 'the book moved without it';
    const [gap] = gapsOf(bench.told);
    expect(gapsOf(bench.told)).toHaveLength(1);
    expect(gap).toMatchObject({ reason });
    // The last thing that came was said before, and the new subscription is there a round trip later.
    expect(gap?.fromMs).toBeGreaterThan(mutedAtMs - 1_000);
    expect(gap?.fromMs).toBeLessThanOrEqual(mutedAtMs);
    expect((gap?.toMs ?? 0) - mutedAtMs).toBeLessThan(5_200);
    expect(bench.handle.book.read().state).toBe('live');
    expect(textOf(bench.handle.book.bestBid())).toBe(bench.venue.best().bid?.join(' '));
    expect(bench.meter.filter((name) => name.includes('silences'))).toEqual([
      stream === 'book' ? 'book_silences' : 'stream_silences ticker',
    ]);
    expect(bench.handle.book.stats.silences).toBe(stream === 'book' ? 1 : 0);
    await bench.move(20_000);
    expect(bench.venue.markings).toHaveLength(1);
    expect(bench.venue.connections).toBe(1);
  });

  test(`a ${stream} that asking anew does not help gets a new connection, and its loss is told from its last word`, async () => {
    const bench = await setUp(['book', 'ticker', 'trades']);
    await bench.move(10_000);
    bench.venue.mute(stream, 'connection');
    await bench.move(14_000);
    expect(bench.venue.connections).toBe(2);
    expect(bench.venue.isMute(stream)).toBe(false);
    await bench.move(30_000);
    expect(bench.venue.connections).toBe(2);
    expect(textOf(bench.handle.book.bestBid())).toBe(bench.venue.best().bid?.join(' '));
    const markings = bench.venue.markings.filter((marking) => marking.stream === stream);
    expect(markings.map(({ by }) => by)).toEqual(['renewal', 'renewal']);
    const [first, second] = markings;
    const startMs = 1_700_000_000_000;
    // What was renewed said nothing of its own after the renewal, a round trip and a snapshot.
    if (stream === 'book') {
      const gaps = gapsOf(bench.told).filter(({ fromMs }) => fromMs === second?.sinceMs);
      expect(gaps).toHaveLength(1);
      expect((second?.sinceMs ?? 0) - startMs - (first?.atMs ?? 0)).toBeLessThan(500);
    }
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(7_000);
  });
}

for (const [name, others] of [
  ['alone', []],
  ['beside the other streams', allStreams],
] as const)
  for (const stream of allStreams) {
    test(`a ${stream} ${name} of a market where little happens is marked within 60 s`, async () => {
      const streams = [...new Set<StreamName>([stream, ...others])];
      const bench = await setUp(streams);
      bench.venue.rest('bid', '91', '5');
      bench.venue.trade();
      for (const quietMs of [5_000, 20_000, 45_000, 49_000, 70_000]) {
        await bench.advance(quietMs);
        const before = bench.venue.markings.length;
        bench.venue.mute(stream, 'subscription');
        bench.venue.rest('bid', '91', `${quietMs}`);
        bench.venue.trade();
        await bench.advance(minute);
        const markings = bench.venue.markings.slice(before);
        expect(markings.map((marking) => marking.stream)).toEqual([stream]);
        expect(markings[0]?.owed).toBeGreaterThan(0);
        // Something is said, so that the next round has something to begin with.
        bench.venue.rest('bid', '91', '5');
        bench.venue.trade();
        await bench.advance(100_000);
      }
      expect(bench.venue.connections).toBe(1);
    });
  }

test('a stream that stays silent on every connection costs the others few of theirs', async () => {
  for (const stream of ['book', 'ticker'] as const) {
    const bench = await setUp();
    await bench.move(3_000);
    bench.venue.mute(stream);
    await bench.move(30 * minute);
    expect(bench.venue.connections).toBeGreaterThan(1);
    expect(bench.venue.connections).toBeLessThan(8);
    bench.venue.unmute(stream);
    await bench.move(2 * minute);
    expect(bench.handle.book.read().state).toBe('live');
    const marked = bench.venue.markings.length;
    await bench.move(2 * minute);
    expect(bench.venue.markings).toHaveLength(marked);
  }
});

test('a stream that was never heard is not worth a new connection', async () => {
  for (const stream of ['ticker', 'trades'] as const) {
    const bench = await setUp();
    bench.venue.mute(stream);
    for (let minutes = 0; minutes < 10; minutes += 1) {
      bench.venue.trade();
      await bench.move(minute);
    }
    expect(bench.venue.markings.length).toBeGreaterThan(2);
    expect(bench.venue.connections).toBe(1);
  }
});

test('nothing is marked in a market where nothing happens for hours', async () => {
  const bench = await setUp();
  bench.venue.rest('bid', '91', '5');
  bench.venue.trade();
  await bench.advance(5 * 60 * minute);
  expect(bench.venue.markings).toEqual([]);
  expect(bench.told.filter(({ kind }) => kind === 'gap')).toEqual([]);
  expect(bench.venue.asked.trades.length).toBeLessThan(5 * 60 * 1.3);
  expect(bench.venue.asked.snapshots.length).toBeLessThan(5 * 60 * 1.4);
});

test('a quote that comes and goes each second is no sign that the book is silent', async () => {
  for (const awayMs of [40, 150, 290]) {
    const bench = await setUp(['book', 'ticker']);
    // In step with the looks, so that each of them finds it away.
    await bench.advance(1_000 - (bench.now % 1_000) - awayMs / 2);
    for (let second = 0; second < 120; second += 1) {
      bench.venue.rest('bid', '95', '1');
      await bench.advance(awayMs);
      bench.venue.rest('bid', '95', '0');
      await bench.advance(1_000 - awayMs);
    }
    expect(bench.venue.markings, `${awayMs}`).toEqual([]);
  }
});

test('one-sided and empty books, and tickers with empty sides, are compared as they are', async () => {
  const bench = await setUp();
  const { venue } = bench;
  for (const [side, price, amount] of [
    ['ask', '110', '0'],
    ['ask', '120', '0'],
    ['bid', '90', '0'],
    ['bid', '80', '0'],
    ['ask', '110', '2'],
    ['bid', '70', '3'],
  ] as const) {
    venue.rest(side, price, amount);
    await bench.advance(2 * minute);
  }
  expect(venue.markings).toEqual([]);
  venue.mute('ticker', 'subscription');
  venue.rest('ask', '110', '0');
  await bench.advance(5_000 + 50_000);
  expect(venue.markings.map(({ stream }) => stream)).toEqual(['ticker']);
});

test('a ticker that means other amounts than its book is asked anew once and then left alone', async () => {
  for (const streams of [allStreams, ['ticker' as const]]) {
    const meaning: Meaning = ([price, amount]) => [price, `${Number(amount) * 10}`];
    const bench = await setUp(streams, { meaning });
    await bench.move(10_000);
    // Rarely, so that both are quiet for a long time in between.
    for (let times = 0; times < 60; times += 1) await bench.move(minute, minute);
    await bench.move(10 * minute, 2_000);
    expect(bench.venue.connections).toBe(1);
    expect(bench.venue.markings.filter(({ stream }) => stream === 'ticker').length).toBeLessThan(2);
    expect(bench.venue.markings.filter(({ stream }) => stream !== 'ticker').length).toBeLessThan(2);
  }
});

test('trades whose effect is filled up at once cost few snapshots', async () => {
  const bench = await setUp(['book', 'trades']);
  for (let seconds = 0; seconds < 1_200; seconds += 3) {
    bench.venue.trade();
    await bench.advance(3_000);
  }
  expect(bench.venue.markings).toEqual([]);
  expect(bench.venue.asked.snapshots.length).toBeLessThan(20 * 2.2);
});

test('a process that stands still is no sign of silence', async () => {
  const bench = await setUp();
  const { runtime, venue } = bench;
  for (let times = 0; times < 200; times += 1) {
    await bench.move(1_000 + 37 * times, 170);
    venue.trade();
    venue.rest('bid', '91', `${times + 10}`);
    await bench.advance((times * 13) % 400);
    runtime.stall(500 + ((times * 997) % 6_000));
  }
  expect(venue.markings).toEqual([]);
});

test('a market that is closed leaves no timer, whatever was in doubt', async () => {
  for (const stream of allStreams)
    for (const atMs of [500, 2_500, 3_500, 51_000, 54_000]) {
      const bench = await setUp();
      bench.venue.mute(stream);
      await bench.move(atMs);
      bench.handle.close();
      expect(bench.runtime.waiting.filter((label) => !label.startsWith('venue'))).toEqual([]);
    }
});

test('without freshness there is no timer and nobody is asked', async () => {
  const bench = await setUp(allStreams, { freshness: undefined as never });
  await bench.move(2_000);
  expect(bench.runtime.waiting).toEqual([]);
  bench.venue.mute('book');
  await bench.move(5 * minute);
  expect(bench.venue.markings).toEqual([]);
  expect(bench.venue.asked.trades).toEqual([]);
  expect(bench.venue.asked.snapshots).toHaveLength(1);
});

const side = fc.constantFrom('bid' as const, 'ask' as const);
const stream = fc.constantFrom(...allStreams);
const amount = fc.constantFrom('0', '1', '2', '3');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('rest' as const), side, at: fc.nat(4), amount }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('flicker' as const), side, ms: fc.integer({ min: 1, max: 290 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('trade' as const), at: fc.nat(4), amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trade unseen' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('mute' as const), stream },
      cure: fc.constantFrom('none' as const, 'connection' as const, 'subscription' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmute' as const), stream }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stall' as const), ms: fc.nat(6_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(20, 300, 700, 1_000, 4_000, 20_000, 49_000, 70_000),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A level that is not far from the middle; the books of a script never cross. */
const priceAt = (which: 'bid' | 'ask', at: number) => `${which === 'bid' ? 95 - at : 105 + at}`;

async function act({ venue, runtime }: Bench, one: Step): Promise<void> {
  if (one.do === 'rest') venue.rest(one.side, priceAt(one.side, one.at), one.amount);
  else if (one.do === 'trade unseen') venue.trade();
  else if (one.do === 'mute') venue.mute(one.stream, one.cure);
  else if (one.do === 'unmute') venue.unmute(one.stream);
  else if (one.do === 'stall') venue.stall(one.ms);
  else if (one.do === 'trade') {
    venue.trade();
    venue.rest('ask', priceAt('ask', one.at), one.amount);
  } else if (one.do === 'flicker') {
    const price = one.side === 'bid' ? '99' : '101';
    venue.rest(one.side, price, '1');
    await runtime.advance(one.ms);
    venue.rest(one.side, price, '0');
  }
}

/** Since when each stream shows something else than the venue has to say. */
class Judge {
  readonly #wrongSince = new Map<StreamName, number>();
  readonly #bench: Bench;
  readonly #streams: readonly StreamName[];
  readonly #marks = new Map<StreamName, number>();
  /** Of a ticker that was asked anew and has not been the same as its book since then, nobody knows what it means. */
  #sameSince: number | undefined;
  #isOther = false;
  /** Time in which the process stood still is nobody's fault. */
  stalledMs = 0;

  constructor(bench: Bench, streams: readonly StreamName[]) {
    this.#bench = bench;
    this.#streams = streams;
  }

  look(): void {
    for (const one of this.#streams) {
      const now = this.#bench.now - this.stalledMs;
      const marks = this.#bench.venue.markings.filter((marking) => marking.stream === one).length;
      const isMarked = marks > (this.#marks.get(one) ?? 0);
      this.#marks.set(one, marks);
      if (one === 'ticker') this.#followTicker(now, isMarked);
      if (isMarked || this.#isRight(one)) this.#wrongSince.delete(one);
      else if (!this.#wrongSince.has(one)) this.#wrongSince.set(one, now);
      const forMs = now - (this.#wrongSince.get(one) ?? now);
      if (forMs > minute + 500) throw new Error(`${one} was wrong for ${forMs} ms, and nobody was told`);
    }
    for (const { owed, ...marking } of this.#bench.venue.markings)
      if (owed === 0) throw new Error(`marked without a reason: ${JSON.stringify(marking)}`);
  }

  #isRight(one: StreamName): boolean {
    const { venue, handle } = this.#bench;
    if (one === 'trades') return venue.owedSince('trades') === undefined;
    if (one === 'ticker') return this.#bench.ticker === undefined || this.#isOther || this.#isSame();
    const view = handle.book.read();
    return view.state !== 'live' || view.sequence === venue.published.sequence;
  }

  #isSame(): boolean {
    const { bid, ask } = this.#bench.venue.best();
    return this.#bench.ticker === [bid, ask].map((level) => level?.join(' ') ?? 'none').join(' ');
  }

  #followTicker(now: number, isMarked: boolean): void {
    if (isMarked) this.#isOther = true;
    this.#sameSince = this.#isSame() ? (this.#sameSince ?? now) : undefined;
    if (this.#sameSince !== undefined && now - this.#sameSince > 3_000 && this.#streams.includes('book'))
      this.#isOther = false;
  }
}

test('no stream is marked that said what it had to say, and every other one in time', async () => {
  const scripts = fc.array(step, { maxLength: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(fc.subarray([...allStreams], { minLength: 1 }), scripts, async (streams, script) => {
      const bench = await setUp(streams);
      const judge = new Judge(bench, streams);
      for (const one of script) {
        await act(bench, one);
        if (one.do === 'stall') judge.stalledMs += one.ms;
        for (let left = one.do === 'wait' ? one.ms : 0; left > 0; left -= 500) {
          await bench.advance(Math.min(left, 500));
          judge.look();
        }
        judge.look();
      }
      bench.handle.close();
      expect(bench.runtime.waiting.filter((label) => !label.startsWith('venue'))).toEqual([]);
    }),
    { numRuns: 200 },
  );
}, 60_000);
