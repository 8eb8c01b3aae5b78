import { decimal } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BookImage, Market, MarketEvent } from '../market/market.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { mostPairs, selectPairs, toProduct } from './pair-catalogue.ts';
import { createSyntheticMarket } from './synthetic-market.ts';
import { createSyntheticSymbol } from './synthetic-symbol.ts';
import { createVirtualTime } from './virtual-time.ts';

const startMs = 1_700_000_000_000;

/** Everything that a market publishes in `seconds` of virtual time. */
function run(
  seed: string | number,
  pairs: number,
  seconds: number,
): { market: Market; events: MarketEvent[] } {
  const time = createVirtualTime(startMs);
  const market = createSyntheticMarket({ seed, pairs }, time);
  const events: MarketEvent[] = [];
  market.open({
    deliver: (event) => events.push(event),
    leftOut: () => {},
    follows: () => true,
    crowded: () => false,
  });
  time.runUntil(startMs + seconds * 1_000);
  market.close();
  return { market, events };
}

test('one seed gives one market, another seed another', () => {
  const { events } = run('a', 8, 60);
  expect(events.length).toBeGreaterThan(400);
  expect(run('a', 8, 60).events).toEqual(events);
  expect(run('b', 8, 60).events).not.toEqual(events);
});

test('books follow from their differences, on the grid, uncrossed, with deletes of what is there', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: mostPairs - 1 }), (seed, index) => {
      const pair = selectPairs(mostPairs)[index]!;
      const symbol = createSyntheticSymbol(pair, createSeededRandom(seed), startMs);
      const { tickSize, lotSize } = toProduct(pair);
      const model = toModel(symbol.book(500));
      let { seqnum } = symbol.book(0);
      let trade = 2n ** 53n;
      for (let round = 0; round < 60; round += 1) {
        for (const event of symbol.step(startMs + round)) {
          if (event.kind === 'trades') {
            for (const { price, size, buyerIsMaker, seqnum: number } of event.trades) {
              expect(number).toBeGreaterThan(trade);
              trade = number;
              // A taker that sold met a bid that was there, one that bought an ask.
              const present = (buyerIsMaker ? model.bids : model.asks).get(price) ?? '0';
              expect(decimal(present).compare(size)).toBeGreaterThanOrEqual(0);
            }
          }
          if (event.kind !== 'depth') continue;
          expect(event.seqnum).toBe(seqnum + 1n);
          seqnum = event.seqnum;
          for (const [price, size] of [...event.asks, ...event.bids]) {
            expect(decimal(price).isMultipleOf(tickSize) && decimal(size).isMultipleOf(lotSize)).toBe(true);
          }
          applyAll(model.asks, event.asks);
          applyAll(model.bids, event.bids);
        }
        const book = symbol.book(500);
        expect(toModel(book)).toEqual(model);
        expect(decimal(book.bids[0]![0]).lessThan(book.asks[0]![0])).toBe(true);
        expect(book.asks.length).toBeGreaterThanOrEqual(40);
        expect(isSorted(book)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

/** Rounds of 300 ms in a day, and how many of them move a symbol of pace 8. */
const activeRoundsOfADay = Math.round(((86_400 / 0.3) * 7) / (8 * 8));

test('after a day of virtual time a pair of pace 8 has a deep book near home', () => {
  const pair = selectPairs(60).find(({ pace }) => pace === 8)!;
  const symbol = createSyntheticSymbol(pair, createSeededRandom('day'), startMs);
  for (let round = 0; round < activeRoundsOfADay; round += 1) symbol.step(startMs);
  const { asks, bids } = symbol.book(500);
  const middle = (Number(asks[0]![0]) + Number(bids[0]![0])) / 2;
  expect(middle / (pair.homeTicks / 10 ** pair.priceDecimals)).toBeCloseTo(1, 0);
  for (const side of [asks, bids]) {
    expect(side.length).toBeLessThanOrEqual(46);
    const near = side.filter(([price]) => Math.abs(Number(price) / middle - 1) < 0.002);
    expect(near.length).toBeGreaterThanOrEqual(4);
    expect(Math.abs(Number(side[0]![0]) / middle - 1)).toBeLessThan(0.001);
  }
});

test('no trade is worth less than an order may be', () => {
  for (const pair of selectPairs(mostPairs)) {
    const { minNotional } = toProduct(pair);
    const symbol = createSyntheticSymbol(pair, createSeededRandom('worth'), startMs);
    for (let round = 0; round < 400; round += 1) {
      for (const event of symbol.step(startMs)) {
        if (event.kind !== 'trades') continue;
        for (const { price, size } of event.trades) {
          expect(decimal(price).times(decimal(size)).lessThan(minNotional)).toBe(false);
        }
      }
    }
  }
});

test('all pairs have rules, and symbols are not repeated', () => {
  const products = selectPairs(mostPairs).map(toProduct);
  expect(products.length).toBe(60);
  expect(new Set(products.map(({ symbol }) => symbol)).size).toBe(60);
  expect(() => selectPairs(61)).toThrow('expected pairs to be a whole number from 1 to 60, got 61');
});

interface Model {
  asks: Map<string, string>;
  bids: Map<string, string>;
}

function toModel({ asks, bids }: BookImage): Model {
  return { asks: new Map(asks), bids: new Map(bids) };
}

function applyAll(side: Map<string, string>, levels: BookImage['asks']): void {
  for (const [price, size] of levels) {
    if (size !== '0') side.set(price, size);
    else expect(side.delete(price)).toBe(true);
  }
}

function isSorted({ asks, bids }: BookImage): boolean {
  const rising = (levels: BookImage['asks']): boolean =>
    levels.every(([price], index) => index === 0 || decimal(levels[index - 1]![0]).lessThan(price));
  return rising(asks) && rising(bids.toReversed());
}
