import {
  clearDepthStage,
  createDepthStage,
  type DepthStage,
  type DepthStageSide,
  growDepthStage,
} from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderBook, type PriceLevelText } from './order-book.ts';
import { createScaledBook, type ScaledBook } from './scaled-book.ts';

type Pairs = readonly (readonly [price: number, amount: number])[];
interface Message {
  readonly bids: Pairs;
  readonly asks: Pairs;
}
type Scale = Pick<DepthStage, 'priceScale' | 'amountScale'>;
const names = ['bids', 'asks'] as const;
const one: Scale = { priceScale: 2, amountScale: 3 };
const largest = Number.MAX_SAFE_INTEGER;

function stageOf({ bids, asks }: Message, scale: Scale = one): DepthStage {
  const stage = createDepthStage({ ...scale, levels: 1 });
  fill(stage.bids, bids);
  fill(stage.asks, asks);
  return stage;
}

function fill(side: DepthStageSide, pairs: Pairs): void {
  for (const [price, amount] of pairs) {
    while (side.count >= side.prices.length) growDepthStage(side);
    side.prices[side.count] = price;
    side.amounts[side.count++] = amount;
  }
}

/** The slow book that the fast one is compared with: totals by price, sorted when asked. */
class SlowBook {
  readonly sides = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  readonly worst = { bids: 0, asks: Number.POSITIVE_INFINITY };
  unknownDeletes = 0;

  apply(message: Message): void {
    for (const name of names) {
      for (const [price, amount] of message[name]) {
        if (name === 'bids' ? price < this.worst.bids : price > this.worst.asks) continue;
        if (amount > 0) this.sides[name].set(price, amount);
        else if (!this.sides[name].delete(price)) this.unknownDeletes++;
      }
    }
  }

  replace(message: Message, depth: number): void {
    const before = this.unknownDeletes;
    Object.assign(this.worst, { bids: 0, asks: Number.POSITIVE_INFINITY });
    for (const name of names) this.sides[name].clear();
    this.apply(message);
    this.unknownDeletes = before;
    for (const name of names) {
      const last = this.levels(name).at(-1);
      if (last !== undefined && message[name].length >= depth) this.worst[name] = last[0];
    }
  }

  levels(name: 'bids' | 'asks'): Pairs {
    return [...this.sides[name]].sort(([a], [b]) => (name === 'bids' ? b - a : a - b));
  }
}

const scales = fc.record({ priceScale: fc.integer({ min: 0, max: 15 }), amountScale: fc.nat(15) });
/** Few prices, so that levels are hit again, or as many as make a side search and move far. */
const pairs = (most: number, maxLength: number): fc.Arbitrary<[number, number][]> =>
  fc.array(
    fc.tuple(
      fc.oneof(
        { arbitrary: fc.integer({ min: 1, max: most }), weight: 20 },
        { arbitrary: fc.constant(largest), weight: 1 },
      ),
      fc.oneof(
        { arbitrary: fc.constant(0), weight: 3 },
        { arbitrary: fc.integer({ min: 1, max: 3 }), weight: 5 },
        { arbitrary: fc.constant(largest), weight: 1 },
      ),
    ),
    // Without a size there would never be more than ten.
    { maxLength, size: 'max' },
  );
const messages = (most: number, maxLength: number): fc.Arbitrary<Message> =>
  fc.record({ bids: pairs(most, maxLength), asks: pairs(most, maxLength) });
const depths = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Number.POSITIVE_INFINITY));
const steps = fc.array(fc.record({ message: messages(40, 8), depth: fc.option(depths, { freq: 3 }) }), {
  maxLength: 25,
});

function expectSame(book: ScaledBook, slow: SlowBook): void {
  for (const name of names) expect([...book.levels(name)], name).toEqual(slow.levels(name));
  expect(book.unknownDeletes).toBe(slow.unknownDeletes);
  const [bid, ask] = [slow.levels('bids')[0], slow.levels('asks')[0]];
  expect([book.bestBidPriceUnits, book.bestBidAmountUnits]).toEqual(bid ?? [-1, -1]);
  expect([book.bestAskPriceUnits, book.bestAskAmountUnits]).toEqual(ask ?? [-1, -1]);
  expect(book.crossed).toBe(bid !== undefined && ask !== undefined && bid[0] >= ask[0]);
  expect([book.bidCount, book.askCount]).toEqual([slow.sides.bids.size, slow.sides.asks.size]);
  const { bids, asks } = slow.worst;
  expect(book.horizonOf('bids')).toBe(bids === 0 ? -1 : bids);
  expect(book.horizonOf('asks')).toBe(asks === Number.POSITIVE_INFINITY ? -1 : asks);
}

test('holds what a slow book holds, whatever comes, at every scale and horizon', () => {
  fc.assert(
    fc.property(scales, steps, (scale, list) => {
      const [book, slow] = [createScaledBook(scale), new SlowBook()];
      for (const { message, depth } of list) {
        if (depth === null) {
          expect(book.apply(stageOf(message, scale))).toBeUndefined();
          slow.apply(message);
        } else {
          expect(book.replace(stageOf(message, scale))).toBeUndefined();
          book.limit(depth);
          slow.replace(message, depth);
        }
        expectSame(book, slow);
      }
    }),
  );
});

test('large sides, which grow, search far and move far, hold the same', () => {
  fc.assert(
    fc.property(messages(2_000, 700), fc.array(messages(2_000, 60), { maxLength: 6 }), (whole, changes) => {
      const [book, slow] = [createScaledBook(one), new SlowBook()];
      book.replace(stageOf(whole));
      slow.replace(whole, Number.POSITIVE_INFINITY);
      for (const change of changes) {
        book.apply(stageOf(change));
        slow.apply(change);
      }
      expectSame(book, slow);
    }),
    // To make hundreds of levels fewer takes minutes; the seed and path do.
    { numRuns: 40, endOnFailure: true },
  );
});

test('agrees with the exact book that reads the same numbers as text', () => {
  fc.assert(
    fc.property(scales, steps, messages(40, 8), depths, (scale, list, audit, auditDepth) => {
      const [book, exact] = [createScaledBook(scale), new OrderBook()];
      for (const { message, depth } of list) {
        const [stage, text] = [stageOf(message, scale), textOf(message, scale)];
        if (depth === null) {
          book.apply(stage);
          exact.apply(text);
        } else {
          book.replace(stage);
          book.limit(depth);
          exact.replace(text, depth);
        }
        expectSameAsExact(book, exact, scale);
      }
      const [bookAudit, exactAudit] = [createScaledBook(scale), new OrderBook()];
      for (const message of [audit, list.at(-1)?.message ?? audit]) {
        bookAudit.replace(stageOf(message, scale));
        bookAudit.limit(auditDepth);
        exactAudit.replace(textOf(message, scale), auditDepth);
        expect(book.equals(bookAudit)).toBe(exact.equals(exactAudit));
        expect(bookAudit.equals(book)).toBe(exactAudit.equals(exact));
      }
    }),
  );
});

function expectSameAsExact(book: ScaledBook, exact: OrderBook, scale: Scale): void {
  const content = exact.content();
  for (const name of names) {
    const own = new Map([...book.levels(name)]);
    const levels = content[name]().map(({ price, amount }) => [String(price), String(amount)]);
    const expected = textOf({ bids: [], asks: [], [name]: [...own] }, scale)[name].map((level) =>
      level.map(shortest),
    );
    expect(levels).toEqual(expected);
  }
  expect(book.crossed).toBe(exact.crossed);
  for (const levels of [1, 4, 100]) expect(book.isThin(levels)).toBe(exact.isThin(levels));
}

function textOf(
  message: Message,
  { priceScale, amountScale }: Scale,
): Record<'bids' | 'asks', PriceLevelText[]> {
  const levels = (list: Pairs) =>
    list.map(([price, amount]) => [written(price, priceScale), written(amount, amountScale)] as const);
  return { bids: levels(message.bids), asks: levels(message.asks) };
}

function written(units: number, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const shortest = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

test('books of one whole and of its cuts are equal until something within both horizons differs', () => {
  fc.assert(
    fc.property(pairs(30, 20), pairs(30, 6), depths, depths, (list, change, left, right) => {
      const whole = new SlowBook();
      whole.replace({ bids: list, asks: list }, Number.POSITIVE_INFINITY);
      const cutAt = (depth: number) => {
        const book = createScaledBook(one);
        const [bids, asks] = [whole.levels('bids').slice(0, depth), whole.levels('asks').slice(0, depth)];
        book.replace(stageOf({ bids, asks }));
        book.limit(depth);
        return book;
      };
      const [a, b] = [cutAt(left), cutAt(right)];
      for (const book of [a, b]) book.apply(stageOf({ bids: change, asks: change }));
      expect(a.equals(b)).toBe(true);
      b.apply(stageOf({ bids: [[largest, 7]], asks: [] }));
      expect([a.equals(b), b.equals(a)]).toEqual([false, false]);
      a.apply(stageOf({ bids: [[largest, 8]], asks: [] }));
      expect(a.equals(b)).toBe(false);
    }),
  );
});

test('a fault anywhere is named, and changes nothing', () => {
  const bad = fc.constantFrom(-1, 0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53);
  const good = messages(40, 8).filter(({ bids, asks }) => bids.length + asks.length > 0);
  fc.assert(
    fc.property(
      good,
      good,
      bad,
      fc.nat(),
      fc.boolean(),
      fc.boolean(),
      (before, message, value, pick, inPrice, whole) => {
        const book = createScaledBook(one);
        book.replace(stageOf(before));
        book.limit(2);
        const kept = createScaledBook(one);
        book.copyTo(kept);
        const stage = stageOf(message);
        const places = names.flatMap((side) => message[side].map((_, index) => ({ side, index })));
        const place = places[pick % places.length]!;
        stage[place.side][inPrice ? 'prices' : 'amounts'][place.index] = value;
        const fault = whole ? book.replace(stage) : book.apply(stage);
        expect(fault).toMatchObject(place);
        expect(fault?.expected).toContain(inPrice ? 'a price' : 'an amount');
        expect(Object.isFrozen(fault)).toBe(true);
        expect([book.unknownDeletes, book.horizonOf('bids')]).toEqual([0, kept.horizonOf('bids')]);
        for (const name of names) expect([...book.levels(name)]).toEqual([...kept.levels(name)]);
      },
    ),
  );
});

test('a price of zero, a count beyond the room and another scale are faults', () => {
  const book = createScaledBook(one);
  const free = stageOf({ bids: [], asks: [[0, 1]] });
  expect(book.apply(free)).toMatchObject({ side: 'asks', index: 0 });
  for (const count of [-1, 1.5, 3, Number.NaN]) {
    const stage = stageOf({
      bids: [
        [1, 1],
        [2, 1],
      ],
      asks: [],
    });
    stage.bids.count = count;
    expect(book.replace(stage)).toMatchObject({
      side: 'bids',
      index: -1,
      expected: expect.stringContaining('a count'),
    });
  }
  for (const room of ['prices', 'amounts'] as const) {
    const stage = stageOf({ bids: [], asks: [[1, 1]] });
    stage.asks[room] = new Float64Array(0);
    expect(book.apply(stage)).toMatchObject({ side: 'asks', index: -1 });
  }
  for (const scale of [
    { ...one, priceScale: 3 },
    { ...one, amountScale: 2 },
  ]) {
    const fault = book.replace(stageOf({ bids: [[1, 1]], asks: [] }, scale));
    expect(fault).toEqual({ side: undefined, index: -1, expected: 'scales 2 and 3' });
  }
  expect([book.bidCount, book.askCount]).toEqual([0, 0]);
});

test('options that make no sense are refused by name', () => {
  const refused = (message: RegExp) =>
    expect.objectContaining({ code: 'invalid-options', message: expect.stringMatching(message) });
  for (const scale of [-1, 16, 0.5, Number.NaN]) {
    expect(() => createScaledBook({ ...one, priceScale: scale })).toThrow(
      refused(/priceScale.*from 0 to 15/),
    );
    expect(() => createScaledBook({ ...one, amountScale: scale })).toThrow(
      refused(/amountScale.*from 0 to 15/),
    );
  }
  const book = createScaledBook(one);
  for (const depth of [0, -1, 1.5, Number.NaN]) expect(() => book.limit(depth)).toThrow(refused(/depth/));
  const finer = createScaledBook({ ...one, priceScale: 3 });
  expect(() => book.equals(finer)).toThrow(refused(/equals: expected .* 2 and amount scale 3, got 3 and 3/));
  expect(() => book.copyTo(finer)).toThrow(refused(/copyTo/));
});

test('a copy and a snapshot are theirs: later changes do not reach them', () => {
  fc.assert(
    fc.property(messages(500, 200), messages(500, 50), messages(40, 5), depths, (first, next, old, depth) => {
      const [book, copy] = [createScaledBook(one), createScaledBook(one)];
      book.replace(stageOf(first));
      book.limit(depth);
      copy.replace(stageOf(old));
      copy.limit(1);
      book.copyTo(copy);
      book.copyTo(book);
      const taken = book.snapshot();
      const shown = names.map((name) => [...book.levels(name)]);
      const horizons = names.map((name) => book.horizonOf(name));
      book.apply(stageOf(next));
      expect(names.map((name) => [...copy.levels(name)])).toEqual(shown);
      expect(names.map((name) => copy.horizonOf(name))).toEqual(horizons);
      expect(
        names.map((name) => [...taken[name].prices].map((price, at) => [price, taken[name].amounts[at]])),
      ).toEqual(shown);
      expect(taken).toMatchObject(one);
    }),
    { endOnFailure: true },
  );
});

test('levels are found by depth, and nothing is found beyond', () => {
  const book = createScaledBook(one);
  book.apply(
    stageOf({
      bids: [
        [5, 1],
        [7, 2],
        [6, 3],
      ],
      asks: [
        [9, 4],
        [8, 5],
      ],
    }),
  );
  book.apply(stageOf({ bids: [[5, 0]], asks: [] }));
  expect([0, 1, 2, -1, 0.5].map((depth) => book.priceAt('bids', depth))).toEqual([7, 6, -1, -1, -1]);
  expect([0, 1, 2, -1, 0.5].map((depth) => book.amountAt('asks', depth))).toEqual([5, 4, -1, -1, -1]);
});

test('a stage is used again for the next message', () => {
  const book = createScaledBook(one);
  const stage = stageOf({
    bids: [
      [5, 1],
      [6, 1],
    ],
    asks: [[9, 1]],
  });
  book.apply(stage);
  clearDepthStage(stage);
  fill(stage.bids, [[4, 2]]);
  book.apply(stage);
  expect([...book.levels('bids')]).toEqual([
    [6, 1],
    [5, 1],
    [4, 2],
  ]);
  expect([...book.levels('asks')]).toEqual([[9, 1]]);
});
