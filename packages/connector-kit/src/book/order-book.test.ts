import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyToTruth, emptyTruth, truthLevels } from '../../test/models/truth-book.ts';
import { OrderBook, type PriceLevelText } from './order-book.ts';

/** Few prices, written in many ways, so that levels are hit again under other digits. */
const price = fc
  .record({ units: fc.integer({ min: 1, max: 60 }), places: fc.constantFrom(0, 2, 5), zeros: fc.nat(2) })
  .map(({ units, places, zeros }) => {
    const digits = String(units).padStart(places + 1, '0');
    const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    return zeros > 0 ? `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(zeros)}` : text;
  });
const amount = fc.constantFrom('0', '0.00', '1', '2.5', '0.000000001', '123456789012345678901234567890.1');
const levels: fc.Arbitrary<PriceLevelText[]> = fc.array(fc.tuple(price, amount), { maxLength: 8 });
const updates = fc.array(fc.record({ bids: levels, asks: levels }), { minLength: 1, maxLength: 30 });

function text(level: { price: object; amount: object }): PriceLevelText {
  return [String(level.price), String(level.amount)];
}

test('holds exactly what an independent book holds, best first, whatever the scale of the numbers', () => {
  fc.assert(
    fc.property(updates, (list) => {
      const book = new OrderBook();
      let truth = emptyTruth();
      for (const update of list) {
        book.apply(update);
        truth = applyToTruth(truth, update);
        const content = book.content();
        expect(content.bids().map(text)).toEqual(truthLevels(truth, 'bids'));
        expect(content.asks().map(text)).toEqual(truthLevels(truth, 'asks'));
        expect(book.bestBid && text(book.bestBid)).toEqual(truthLevels(truth, 'bids')[0]);
        expect(content.asks(2)).toHaveLength(Math.min(2, book.content().asks().length));
      }
    }),
  );
});

test('content is safe to keep: later changes do not reach it', () => {
  fc.assert(
    fc.property(updates, updates, (before, after) => {
      const book = new OrderBook();
      for (const update of before) book.apply(update);
      const kept = book.content();
      const shown = [kept.bids().map(text), kept.asks().map(text)];
      for (const update of after) book.apply(update);
      expect([kept.bids().map(text), kept.asks().map(text)]).toEqual(shown);
    }),
  );
});

test('a bad number anywhere changes nothing', () => {
  for (const bad of ['', '-1', '1e5', 'NaN', '.5', '1.', ' 1', '0x1', '9'.repeat(101)]) {
    const book = new OrderBook();
    book.apply({ bids: [['10', '1']], asks: [['11', '1']] });
    expect(() => book.apply({ bids: [['9', '1']], asks: [['12', bad]] }), bad).toThrow(TypeError);
    expect(() => book.apply({ bids: [['8', '1']], asks: [[bad, '1']] }), bad).toThrow(TypeError);
    expect(() => book.replace({ bids: [[bad, '1']], asks: [] }), bad).toThrow(TypeError);
    expect(book.content().bids().map(text)).toEqual([['10', '1']]);
    expect(book.content().asks().map(text)).toEqual([['11', '1']]);
  }
  expect(() => new OrderBook().apply({ bids: [['0.00', '1']], asks: [] })).toThrow(/price above zero/);
});

test('a bid that reaches the ask is seen across scales', () => {
  const book = new OrderBook();
  book.apply({ bids: [['1.5', '1']], asks: [['1.50001', '1']] });
  expect(book.crossed).toBe(false);
  book.apply({ bids: [], asks: [['1.500', '1']] });
  expect(book.crossed).toBe(true);
  book.apply({ bids: [['1.5', '0']], asks: [] });
  expect(book.crossed).toBe(false);
});

test('books are equal by number, not by writing', () => {
  const [one, other] = [new OrderBook(), new OrderBook()];
  one.apply({ bids: [['1.50', '2.0']], asks: [['2', '1']] });
  other.apply({ bids: [['1.5', '2']], asks: [['2.000', '1.0']] });
  expect(one.equals(other)).toBe(true);
  other.apply({ bids: [['1.4', '1']], asks: [] });
  expect(one.equals(other)).toBe(false);
});

test('beyond the worst price of a full snapshot nothing is kept and nothing is compared', () => {
  const [cut, whole] = [new OrderBook(), new OrderBook()];
  const bids: PriceLevelText[] = [
    ['1.5', '1'],
    ['1.4', '1'],
    ['1.3', '1'],
  ];
  cut.replace({ bids: bids.slice(0, 2), asks: [['2', '1']] }, 2);
  whole.replace({ bids, asks: [['2', '1']] }, 4);
  expect(cut.equals(whole)).toBe(true);
  expect(whole.equals(cut)).toBe(true);
  // A finer price changes the scale; the horizon goes along.
  for (const book of [cut, whole])
    book.apply({
      bids: [
        ['1.35', '5'],
        ['1.4001', '7'],
      ],
      asks: [['1.99', '1']],
    });
  expect(cut.content().bids().map(text)).toEqual([
    ['1.5', '1'],
    ['1.4001', '7'],
    ['1.4', '1'],
  ]);
  expect(cut.content().asks().map(text)).toEqual([
    ['1.99', '1'],
    ['2', '1'],
  ]);
  expect(cut.equals(whole)).toBe(true);
  whole.apply({ bids: [['1.45', '1']], asks: [] });
  expect(cut.equals(whole)).toBe(false);
  expect([cut.isThin(3), cut.isThin(4), whole.isThin(100)]).toEqual([false, true, false]);
});
