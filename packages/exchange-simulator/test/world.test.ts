import { decimal, type Timers } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookImage, DepthEvent, Level, MarketEvent, PublicTrade } from '../src/market/market.ts';
import { createVirtualTime } from '../src/virtual-time.ts';
import { createWorld, type WorldOptions } from '../src/world/world.ts';

const startMs = 1_700_000_000_000;

interface Run {
  readonly world: ReturnType<typeof createWorld>;
  readonly events: readonly MarketEvent[];
}

/** Everything that a world publishes in `seconds` of virtual time, told to `hear` at that moment as well. */
function run(
  options: WorldOptions,
  seconds: number,
  hear: (event: MarketEvent, world: Run['world'], nowMs: number) => void = () => {},
  time = createVirtualTime(startMs),
): Run {
  const world = createWorld(options, time);
  const events: MarketEvent[] = [];
  world.market.open({
    deliver: (event) => {
      events.push(event);
      hear(event, world, time.clock.now());
    },
    leftOut: () => {},
    follows: () => true,
    wantsLevels: (symbol) => symbol === 'BTC/USDT',
    crowded: () => false,
  });
  time.runUntil(startMs + seconds * 1_000);
  return { world, events };
}

/** Levels by price. */
type Model = Record<'asks' | 'bids', Map<string, string>>;

function modelOf({ asks, bids }: Pick<BookImage, 'asks' | 'bids'>): Model {
  return { asks: new Map(asks), bids: new Map(bids) };
}

/** Applies new totals; what is deleted must have been there. */
function apply(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, size] of levels) {
    if (size !== '0') side.set(price, size);
    else expect(side.delete(price)).toBe(true);
  }
}

test('one seed gives one world, another seed another', () => {
  const { events } = run({ seed: 'a' }, 30);
  expect(events.length).toBeGreaterThan(400);
  expect(run({ seed: 'a' }, 30).events).toEqual(events);
  expect(run({ seed: 'b' }, 30).events).not.toEqual(events);
});

test('published books follow from their differences, by one number each, on the grid, sorted and uncrossed', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const time = createVirtualTime(startMs);
      const world = createWorld({ seed, pairs: 8 }, time);
      const { market, listings } = world;
      const models = new Map(market.symbols.map((symbol) => [symbol, modelOf(market.book(symbol, 999)!)]));
      const numbers = new Map(market.symbols.map((symbol) => [symbol, market.book(symbol, 0)!.seqnum]));
      const check = (event: DepthEvent): void => {
        const { symbol, seqnum, asks, bids } = event;
        expect(seqnum).toBe((numbers.get(symbol) ?? 0n) + 1n);
        expect(asks.length + bids.length).toBeGreaterThan(0);
        numbers.set(symbol, seqnum);
        const listing = listings.get(symbol)!;
        for (const [price, size] of [...asks, ...bids]) {
          expect(listing.ticksOf(price)).toBeDefined();
          expect(listing.lotsOf(size)).toBeDefined();
        }
        const model = models.get(symbol)!;
        apply(model.asks, asks);
        apply(model.bids, bids);
        const book = market.book(symbol, 999)!;
        expect(modelOf(book)).toEqual(model);
        expect(book).toMatchObject({ seqnum, tsMs: time.clock.now() });
        expect(decimal(book.bids[0]![0]).lessThan(book.asks[0]![0])).toBe(true);
        expect(isSorted(book.asks, 1) && isSorted(book.bids, -1)).toBe(true);
        // What is published is what there is at that moment.
        expect(modelOf(market.liveBook(symbol, 999)!)).toEqual(model);
      };
      market.open({
        deliver: (event) => event.kind === 'depth' && check(event),
        ...{ leftOut: () => {}, follows: () => true, wantsLevels: () => false, crowded: () => false },
      });
      time.runUntil(startMs + 20_000);
      world.close();
    }),
    { numRuns: 10 },
  );
});

function isSorted(levels: readonly Level[], sign: 1 | -1): boolean {
  return levels.every(([price], at) => at === 0 || decimal(price).compare(levels[at - 1]![0]) * sign > 0);
}

test('a book is published at most every 300 milliseconds, best prices and trades at once', () => {
  const atMs: number[] = [];
  let isBestCurrent = true;
  const { events } = run({ seed: 'pace' }, 60, (event, { market }, nowMs) => {
    if (event.kind === 'depth' && event.symbol === 'BTC/USDT') atMs.push(nowMs);
    if (event.kind !== 'top') return;
    const { asks, bids } = market.liveBook(event.symbol, 1)!;
    isBestCurrent &&= nowMs === event.tsMs && `${event.ask}|${event.bid}` === `${asks[0]}|${bids[0]}`;
  });
  expect(Math.min(...atMs.slice(1).map((ms, at) => ms - atMs[at]!))).toBe(300);
  expect(isBestCurrent).toBe(true);
  expect(events.filter(({ kind }) => kind === 'top').length).toBeGreaterThan(atMs.length);
});

test('best prices are told when they are others than before, and then only', () => {
  const time = createVirtualTime(startMs);
  const { market, close } = createWorld({ seed: 'best', pairs: 8 }, time);
  const best = (symbol: string): string => {
    const { asks, bids } = market.liveBook(symbol, 1)!;
    return `${asks[0]}|${bids[0]}`;
  };
  const told = new Map(market.symbols.map((symbol) => [symbol, best(symbol)]));
  market.open({
    deliver(event) {
      if (event.kind !== 'top') return;
      expect(`${event.ask}|${event.bid}`).not.toBe(told.get(event.symbol));
      told.set(event.symbol, `${event.ask}|${event.bid}`);
    },
    ...{ leftOut: () => {}, follows: () => true, wantsLevels: () => false, crowded: () => false },
  });
  time.runUntil(startMs + 20_000);
  expect([...told]).toEqual(market.symbols.map((symbol) => [symbol, best(symbol)]));
  close();
});

test('each change of the levels, told at once to those who want it, makes the book of that moment', () => {
  const time = createVirtualTime(startMs);
  const { market, close } = createWorld({ seed: 'levels', pairs: 2 }, time);
  const model = modelOf(market.liveBook('ETH/USDT', 999)!);
  let changes = 0;
  market.open({
    deliver(event) {
      if (event.kind !== 'levels') return;
      changes += 1;
      expect(event.symbol).toBe('ETH/USDT');
      for (const side of ['asks', 'bids'] as const) {
        for (const [price, size] of event[side]) {
          // A level that came and went within one operation was never there.
          if (size === '0') model[side].delete(price);
          else model[side].set(price, size);
        }
      }
      expect(modelOf(market.liveBook('ETH/USDT', 999)!)).toEqual(model);
    },
    leftOut: () => {},
    follows: () => true,
    wantsLevels: (symbol) => symbol === 'ETH/USDT',
    crowded: () => false,
  });
  time.runUntil(startMs + 30_000);
  close();
  expect(changes).toBeGreaterThan(100);
});

test('trades are numbered upwards beyond 2^53, and bars and the last day are what was traded', () => {
  const { world, events } = run({ seed: 'bars', listedAtMs: startMs + 600_000, pairs: 2 }, 300);
  const trades = events.flatMap((event) =>
    event.kind === 'trades' && event.symbol === 'BTC/USDT' ? event.trades : [],
  );
  expect(trades.length).toBeGreaterThan(50);
  for (const [at, { seqnum }] of trades.entries())
    expect(seqnum).toBeGreaterThan(at === 0 ? 2n ** 53n : trades[at - 1]!.seqnum);
  expect(world.market.trades('BTC/USDT')).toEqual(trades.slice(-1_000));
  const bars = world.market.bars('BTC/USDT', { interval: '1m', toMs: startMs + 300_000, limit: 500 });
  expect(bars).toEqual(barsOf(trades));
  const { volume, close } = world.market.summary('BTC/USDT');
  expect([volume, close]).toEqual([sum(trades.map(({ size }) => size)), trades.at(-1)!.price]);
});

/** Minutes with trades, from their decimals. */
function barsOf(trades: readonly PublicTrade[]): readonly object[] {
  const minutes = Map.groupBy(trades, ({ tsMs }) => Math.floor(tsMs / 60_000) * 60_000);
  return [...minutes].map(([minuteMs, made]) => {
    const sorted = made.map(({ price }) => price).sort((a, b) => decimal(a).compare(b));
    return {
      startMs: minuteMs,
      open: made[0]!.price,
      high: sorted.at(-1),
      low: sorted[0],
      close: made.at(-1)!.price,
      volume: sum(made.map(({ size }) => size)),
    };
  });
}

function sum(texts: readonly string[]): string {
  return texts.reduce((total, text) => total.plus(text), decimal('0')).toString();
}

test('bars of the past are there for every interval, and the present goes on where they end', () => {
  const { world } = run({ seed: 'past' }, 5);
  for (const interval of ['1m', '1h', '1d', '1w', '1M'] as const) {
    const bars = world.market.bars('ETH/USDT', { interval, toMs: startMs + 5_000, limit: 20 });
    expect(bars).toHaveLength(20);
    expect(bars.at(-1)!.close).toBe(world.market.summary('ETH/USDT').close);
  }
  const [bid] = world.market.book('ETH/USDT', 1)!.bids;
  const { close } = world.market.summary('ETH/USDT');
  expect(Math.abs(Number(bid![0]) / Number(close) - 1)).toBeLessThan(0.005);
});

test('bars that are loaded take the place of the past, and prices go on from their last close', () => {
  const hour = 3_600_000;
  const endMs = Math.floor(startMs / hour) * hour;
  const bar = (at: number, ticks: number) => ({
    ...{ startMs: endMs + at * hour, openTicks: ticks, highTicks: ticks + 50, lowTicks: ticks - 50 },
    ...{ closeTicks: ticks, volumeLots: 1_000 },
  });
  const loaded = { name: 'mine', interval: '1h', bars: [bar(-2, 500_000), bar(-1, 500_000)] } as const;
  const { world } = run({ seed: 1, bars: { 'BTC/USDT': loaded } }, 10);
  const hours = world.market.bars('BTC/USDT', { interval: '1h', toMs: startMs, limit: 500 });
  expect(hours.slice(0, 2)).toEqual([
    { startMs: endMs - 2 * hour, open: '5000', high: '5000.5', low: '4999.5', close: '5000', volume: '0.01' },
    { startMs: endMs - hour, open: '5000', high: '5000.5', low: '4999.5', close: '5000', volume: '0.01' },
  ]);
  const [ask] = world.market.book('BTC/USDT', 1)!.asks;
  expect(Math.abs(Number(ask![0]) / 5_000 - 1)).toBeLessThan(0.03);
});

test('without traders, books are empty until customers come', () => {
  const { world, events } = run({ seed: 1, traders: false, pairs: 1 }, 5);
  expect(events).toEqual([]);
  expect(world.market.book('BTC/USDT', 5)).toMatchObject({ asks: [], bids: [] });
  world.desk?.openAccount('ann');
  world.desk?.deposit('ann', 'BTC', 10n ** 9n);
  const order = {
    id: 'x',
    clientId: '',
    account: 'ann',
    symbol: 'BTC/USDT',
    side: 'sell',
    kind: 'limit',
  } as const;
  world.desk?.submit({ ...order, priceTicks: 5_000_000, sizeLots: 1_000 });
  expect(events).toMatchObject([{ kind: 'levels' }, { kind: 'top', ask: ['50000', '0.01'] }]);
});

test('a feed that restarts goes on with lower numbers, and its book stays', () => {
  const { world } = run({ seed: 1, pairs: 1 }, 5);
  const before = world.market.book('BTC/USDT', 999)!;
  world.market.restart('BTC/USDT', 1_000n);
  expect(world.market.book('BTC/USDT', 999)).toEqual({ ...before, seqnum: before.seqnum - 1_000n });
  world.market.restart('BTC/USDT', before.seqnum);
  expect(world.market.book('BTC/USDT', 999)).toEqual({ ...before, seqnum: 0n });
});

test('a symbol that is not listed has nothing, and a book no more than is asked for', () => {
  const { market } = run({ seed: 1, pairs: 1 }, 1).world;
  expect(market.status('BTC/USDT')).toBe('trading');
  for (const book of [market.book('BTC/USDT', 3), market.liveBook('BTC/USDT', 3)])
    expect([book?.asks.length, book?.bids.length]).toEqual([3, 3]);
  expect(market.status('X/Y')).toBeUndefined();
  expect([market.book('X/Y', 3), market.liveBook('X/Y', 3)]).toEqual([undefined, undefined]);
  expect([market.trades('X/Y'), market.summary('X/Y')]).toEqual([[], {}]);
  expect(market.bars('X/Y', { interval: '1m', toMs: startMs, limit: 5 })).toEqual([]);
  expect(() => market.restart('X/Y', 1n)).not.toThrow();
});

test('the clock of a market starts once, what was scheduled goes by it, and what is late goes at once', () => {
  const time = createVirtualTime(startMs);
  const delays: number[] = [];
  const timers: Timers = {
    setTimer(delayMs, fire, label) {
      delays.push(delayMs);
      return time.timers.setTimer(delayMs, fire, label);
    },
  };
  const { market, close } = createWorld({ seed: 1, pairs: 1, traders: false }, { ...time, timers });
  const fired: number[] = [];
  market.schedule(2, () => fired.push(time.clock.now() - startMs));
  time.runUntil(startMs + 5_000);
  market.start();
  time.runUntil(startMs + 6_000);
  market.start();
  expect(market.elapsedSeconds()).toBe(1);
  for (const atSeconds of [1.5, 0.5])
    market.schedule(atSeconds, () => fired.push(time.clock.now() - startMs));
  time.runUntil(startMs + 9_000);
  expect(fired).toEqual([6_000, 6_500, 7_000]);
  expect(Math.min(...delays)).toBe(0);
  close();
});

test('a world that is closed goes on no more', async () => {
  const time = createVirtualTime(startMs);
  const { world, events } = run({ seed: 1, pairs: 2 }, 5, undefined, time);
  const before = [events.length, world.floor?.engine.levels('BTC/USDT', 'buy')];
  world.desk?.openAccount('ann');
  world.desk?.deposit('ann', 'BTC', 10n ** 9n);
  const order = { id: 'x', clientId: '', account: 'ann', symbol: 'BTC/USDT', side: 'sell' } as const;
  world.close();
  await world.market.finished;
  time.runUntil(startMs + 60_000);
  expect([events.length, world.floor?.engine.levels('BTC/USDT', 'buy')]).toEqual(before);
  world.desk?.submit({ ...order, kind: 'limit', priceTicks: 100_000_000, sizeLots: 1_000 });
  time.runUntil(startMs + 61_000);
  expect(events.slice(before[0] as number).map(({ kind }) => kind)).toEqual(['levels']);
});

test.each([
  [{ pairs: 61 }, 'expected a whole number from 1 to 60, got 61'],
  [{ depthIntervalMs: 0 }, 'expected depthIntervalMs to be a number from 1 up, got 0'],
  [{ depthIntervalMs: 0.9 }, 'expected depthIntervalMs to be a number from 1 up, got 0.9'],
  [{ depthIntervalMs: Number.POSITIVE_INFINITY }, 'to be a number from 1 up, got Infinity'],
  [{ fees: { maker: '0.01', taker: '0.01' } }, 'expected at most 0.001, which BTC/USDT holds for them'],
])('a world of %j is refused', (options, message) => {
  const time = createVirtualTime(startMs);
  expect(() => createWorld({ seed: 1, ...options }, time)).toThrow(message);
});
