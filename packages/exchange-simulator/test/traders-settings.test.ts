import { createHash } from 'node:crypto';
import { VenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { EngineEvent } from '../src/engine/engine-types.ts';
import { createFloor } from '../src/floor/floor.ts';
import { createListing } from '../src/floor/listing.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createTraders, type ReferencePrice, type TraderPair } from '../src/traders/traders.ts';
import { mostPairs, type PairProfile, selectPairs } from '../src/world/world-pairs.ts';
import { createTradersStage, stageStartMs, walkOf } from './traders-stage.ts';

const timeout = 120_000;
const [bitcoin] = selectPairs(1) as [PairProfile];

test('the same seed, the same orders, started once or twice; another seed, other ones', { timeout }, () => {
  const [one, same, other] = [1, 1, 2].map((seed, index) => {
    const told: string[] = [];
    const hear = (event: EngineEvent): void => {
      if (event.kind !== 'order') {
        told.push(Object.values(event).join(' '));
        return;
      }
      const { id, account, side, priceTicks, sizeLots, filledLots } = event.order;
      told.push([event.atMs, event.change, id, account, side, priceTicks, sizeLots, filledLots].join(' '));
    };
    const pairs = selectPairs(8);
    const stage = createTradersStage({ seed, pairs, hear, reference: (pair) => walkOf(pair, 'one for all') });
    stage.traders.open();
    stage.traders.start();
    if (index === 1) stage.traders.start();
    stage.pass(300_000);
    return createHash('sha256').update(told.join('\n')).digest('hex');
  });
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
});

test('a pair does the same whoever else is traded', () => {
  const orders = [1, 8].map((count) => {
    const told: string[] = [];
    const stage = createTradersStage({
      seed: 'alone',
      pairs: selectPairs(count),
      hear(event) {
        if (event.kind === 'level' && event.symbol === bitcoin.symbol)
          told.push(`${event.atMs} ${event.side} ${event.priceTicks} ${event.sizeLots}`);
      },
    });
    stage.traders.open();
    stage.traders.start();
    stage.pass(120_000);
    return told;
  });
  expect(orders[0]?.length).toBeGreaterThan(500);
  expect(orders[0]).toEqual(orders[1]);
});

test('levels have queues of several makers', () => {
  const stage = createTradersStage({ seed: 'queues', pairs: [bitcoin] });
  stage.traders.open();
  const makers = [1, 2, 3].map((number) => stage.floor.engine.orders(`maker BTC/USDT ${number}`));
  const prices = makers.map(
    (orders) => new Set(orders.map(({ side, priceTicks }) => `${side} ${priceTicks}`)),
  );
  const shared = [...(prices[0] ?? [])].filter((price) => prices[1]?.has(price) || prices[2]?.has(price));
  expect(makers.every((orders) => orders.length > 20)).toBe(true);
  expect(shared.length).toBeGreaterThan(2);
});

test('nothing happens before the start and after the end, and no timer is left', () => {
  const stage = createTradersStage({ seed: 'life', pairs: selectPairs(8) });
  stage.traders.open();
  const opened = stage.events;
  stage.pass(60_000);
  expect([stage.events, stage.pending]).toEqual([opened, 0]);
  stage.traders.start();
  stage.traders.start();
  expect(stage.pending).toBe(8);
  stage.pass(10_000);
  stage.traders.close();
  const closed = stage.events;
  expect(stage.pending).toBe(0);
  for (const { symbol, homeTicks, typicalLots } of selectPairs(8)) {
    const priceTicks = Math.round(homeTicks * 1.01);
    const { order } = stage.place({ symbol, side: 'buy', priceTicks, sizeLots: typicalLots });
    expect(order?.filledLots).toBeGreaterThan(0);
  }
  expect(stage.pending).toBe(0);
  expect(closed).toBeGreaterThan(opened);
});

test('traders go by the time that passes, however the clock is set', { timeout }, () => {
  const jump = (_: number, elapsedMs: number): number => bitcoin.homeTicks * (elapsedMs < 65_000 ? 1 : 1.01);
  const [plain, back, forth] = [0, -3_600_000, 3_600_000].map((byMs) => {
    const told: string[] = [];
    const hear = (event: EngineEvent): void => {
      if (event.kind !== 'order') return;
      const { id, side, priceTicks, filledLots } = event.order;
      told.push([event.change, id, side, priceTicks, filledLots].join(' '));
    };
    const pairs = [bitcoin];
    const stage = createTradersStage({ seed: 'set', pairs, hear, reference: () => ({ priceAt: jump }) });
    const offerCheaply = (): void => {
      const priceTicks = Math.round(0.97 * stage.middle(bitcoin.symbol));
      const sizeLots = 200 * bitcoin.typicalLots;
      for (let times = 0; times < 5; times += 1)
        stage.place({ symbol: bitcoin.symbol, side: 'sell', priceTicks, sizeLots });
    };
    stage.traders.open();
    stage.traders.start();
    stage.pass(60_000);
    offerCheaply();
    stage.pass(900);
    stage.setClock(byMs);
    stage.pass(7_100);
    stage.setClock(byMs);
    offerCheaply();
    stage.pass(300_000);
    return told;
  });
  expect(plain?.length).toBeGreaterThan(2_000);
  expect(back).toEqual(plain);
  expect(forth).toEqual(plain);
});

test('a reference that jumps is followed by at most 0.3 % a second, and one that is gone leaves the price where it was', {
  timeout,
}, () => {
  for (const pair of selectPairs(8)) {
    const up = Math.round(pair.homeTicks * 1.05);
    const jump = (atMs: number): number => {
      if (atMs < stageStartMs + 30_000) return pair.homeTicks;
      return atMs < stageStartMs + 150_000 ? up : Number.NaN;
    };
    const stage = createTradersStage({ seed: 'jump', pairs: [pair], reference: () => ({ priceAt: jump }) });
    stage.traders.open();
    stage.traders.start();
    stage.pass(30_000);
    for (let second = 0; second < 40; second += 1) {
      const before = stage.middle(pair.symbol);
      stage.pass(1_000);
      expect(Math.abs(stage.middle(pair.symbol) / before - 1), pair.symbol).toBeLessThan(0.005);
    }
    stage.pass(60_000);
    expect(Math.abs(stage.middle(pair.symbol) / up - 1), pair.symbol).toBeLessThan(0.003);
    expect(stage.nowMs).toBeLessThan(stageStartMs + 150_000);
    stage.pass(300_000);
    expect(Math.abs(stage.middle(pair.symbol) / up - 1), pair.symbol).toBeLessThan(0.003);
    expect(stage.refused).toEqual([]);
    if (pair.activity < 1) continue;
    // What was near once is far away now, and was taken off.
    const levels = [
      ...stage.floor.engine.levels(pair.symbol, 'buy'),
      ...stage.floor.engine.levels(pair.symbol, 'sell'),
    ];
    for (const { priceTicks } of levels)
      expect(Math.abs(priceTicks / up - 1) / pair.volatility, pair.symbol).toBeLessThan(1.3);
  }
});

test('whatever a pair is like, its book stands, does not cross and does not grow', { timeout }, () => {
  fc.assert(
    fc.property(drawnPair(), fc.integer(), (pair, seed) => {
      const stage = createTradersStage({ seed, pairs: [pair] });
      stage.traders.open();
      stage.traders.start();
      for (let times = 0; times < 30; times += 1) {
        stage.pass(20_000);
        expect(stage.middle(pair.symbol)).toBeGreaterThan(1);
        expect(stage.best(pair.symbol, 'sell')).toBeGreaterThan(stage.best(pair.symbol, 'buy'));
        const live = [1, 2, 3].flatMap((number) =>
          stage.floor.engine.orders(`maker ${pair.symbol} ${number}`),
        );
        expect(live.length).toBeLessThan(260);
      }
      expect(stage.refused).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('a day of trading leaves no more live orders than its first hour, and money enough', { timeout }, () => {
  const pairs = selectPairs(8).filter(({ symbol }) => ['DOGE/USDT', 'PAXG/USDT', 'ADA/BTC'].includes(symbol));
  const stage = createTradersStage({ seed: 'day', pairs });
  const live = (): number =>
    pairs
      .flatMap(({ symbol }) =>
        [1, 2, 3].map((number) => stage.floor.engine.orders(`maker ${symbol} ${number}`).length),
      )
      .reduce((total, orders) => total + orders, 0);
  stage.traders.open();
  stage.traders.start();
  const byHour: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    stage.pass(3_600_000);
    byHour.push(live());
  }
  expect(Math.max(...byHour)).toBeLessThan(450);
  expect(pairs.flatMap(({ symbol }) => stage.floor.engine.orders(`taker ${symbol}`))).toEqual([]);
  expect([stage.refused, stage.pending]).toEqual([[], 3]);
});

test('the default world has sixty pairs, of which the first eight differ', () => {
  const pairs = selectPairs(mostPairs);
  expect(new Set(pairs.map(({ symbol }) => symbol)).size).toBe(60);
  const first = selectPairs(8);
  expect(first).toEqual(pairs.slice(0, 8));
  expect(first.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(['BTC/USDT', 'ETH/USDT']));
  expect(first.map(({ rules }) => rules.commission).sort()).toEqual(
    ['base', 'received', ...Array.from({ length: 6 }, () => 'quote')].sort(),
  );
  expect(new Set(first.map(({ rules }) => rules.tickSize)).size).toBeGreaterThanOrEqual(5);
  const activities = first.map(({ activity }) => activity);
  expect(Math.max(...activities) / Math.min(...activities)).toBeGreaterThan(50);
  expect(selectPairs([bitcoin])).toEqual([bitcoin]);
});

test.each([
  ['0', 0],
  ['61', 61],
  ['1.5', 1.5],
  ['one pair at least', []],
  ['BTC/USDT', [bitcoin, bitcoin]],
  ['rules', [{ ...bitcoin, symbol: 'ETH/USDT' }]],
])('pairs that cannot be chosen are named: %s', (named, choice) => {
  expect(errorOf(() => selectPairs(choice))).toMatchObject({
    code: 'invalid-options',
    message: expect.stringContaining(named),
  });
});

test('a pair without a listing is named', () => {
  const error = errorOf(() =>
    tradersOf([{ ...bitcoin, symbol: 'XYZ/USDT' }], new Map([['XYZ/USDT', { priceAt: () => 1 }]])),
  );
  expect(error).toMatchObject({ code: 'invalid-options' });
  expect(error.message).toContain('XYZ/USDT: expected a listing');
});

test('a pair without a reference, and one that comes twice, are named', () => {
  expect(errorOf(() => tradersOf([bitcoin], new Map())).message).toContain('reference');
  const reference = new Map([[bitcoin.symbol, { priceAt: () => 1 }]]);
  expect(errorOf(() => tradersOf([bitcoin, bitcoin], reference)).message).toContain('twice');
});

function tradersOf(pairs: readonly TraderPair[], reference: ReadonlyMap<string, ReferencePrice>): unknown {
  const clock = { now: () => 0, monotonic: () => 0 };
  const fees = { maker: '0', taker: '0' };
  const floor = createFloor(
    (onEvent) => createMatchingEngine({ instruments: [bitcoin.rules], fees, onEvent }),
    clock,
  );
  const listings = new Map([[bitcoin.symbol, createListing(bitcoin.rules)]]);
  const timers = { setTimer: () => ({ [Symbol.dispose]: () => undefined }) };
  return createTraders({ floor, listings, pairs, reference, clock, timers, random: createSeededRandom(1) });
}

function errorOf(run: () => unknown): VenueError {
  try {
    run();
  } catch (error) {
    if (error instanceof VenueError) return error;
  }
  throw new Error('expected a VenueError');
}

/** A pair whose orders the rules allow, from one tick to a thousand million. */
function drawnPair(): fc.Arbitrary<PairProfile> {
  return fc
    .record({
      homeTicks: fc.integer({ min: 0, max: 90 }).map((tenths) => Math.floor(10 ** (tenths / 10))),
      typicalLots: fc.integer({ min: 30, max: 60 }).map((tenths) => Math.floor(10 ** (tenths / 10))),
      activity: fc.integer({ min: -20, max: 7 }).map((tenths) => 10 ** (tenths / 10)),
      volatility: fc.integer({ min: 2, max: 200 }).map((thousandths) => thousandths / 1_000),
      turnover: fc.integer({ min: 10, max: 100_000 }),
      least: fc.constantFrom(0.001, 0.1, 0.3),
      // Shares of an ordinary order, and so small that there may never be enough of them.
      room: fc.constantFrom(0.02, 0.5, 2, 300),
      commission: fc.constantFrom('quote' as const, 'base' as const, 'received' as const),
    })
    .map(({ homeTicks, typicalLots, activity, volatility, turnover, least, room, commission }) => ({
      ...{
        symbol: 'A/Q',
        homeTicks,
        typicalLots,
        activity,
        volatility,
        lotsPerDay: typicalLots * turnover,
      },
      rules: {
        ...{ symbol: 'A/Q', base: 'A', quote: 'Q', tickSize: '0.0001', lotSize: '0.0001', commission },
        ...{
          minNotional: scaledText(Math.ceil(homeTicks * typicalLots * Math.min(1, room) * least)),
          maxNotional: scaledText(Math.ceil(homeTicks * typicalLots * room)),
        },
        ...{ minSize: '0.000000001', maxSize: '1000000000', reserveRate: '0.005' },
      },
    }));
}

/** Units of 10^-8 as decimal text. */
function scaledText(units: number): string {
  const digits = `${BigInt(units)}`.padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
