import { createDepthStage, stageDepthUpdate } from '@venuekit/connector-core';
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
/** Texts from the beginning, or a scale that some of the numbers fit. */
const allScales = [
  undefined,
  { priceScale: 0, amountScale: 0 },
  { priceScale: 2, amountScale: 1 },
  { priceScale: 5, amountScale: 9 },
];
const scales = fc.constantFrom(...allScales);
const updates = fc.array(fc.record({ bids: levels, asks: levels }), { minLength: 1, maxLength: 30 });

function text(level: { price: object; amount: object }): PriceLevelText {
  return [String(level.price), String(level.amount)];
}

test('holds exactly what an independent book holds, best first, whatever the scale of the numbers', () => {
  fc.assert(
    fc.property(scales, updates, (scale, list) => {
      const book = new OrderBook(scale);
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
    fc.property(scales, updates, updates, (scale, before, after) => {
      const book = new OrderBook(scale);
      for (const update of before) book.apply(update);
      const kept = book.content();
      const shown = [kept.bids().map(text), kept.asks().map(text)];
      for (const update of after) book.apply(update);
      expect([kept.bids().map(text), kept.asks().map(text)]).toEqual(shown);
    }),
  );
});

test.each(allScales)('a bad number anywhere changes nothing: %o', (scale) => {
  for (const bad of ['', '-1', '1e5', 'NaN', '.5', '1.', ' 1', '0x1', '9'.repeat(101)]) {
    const book = new OrderBook(scale);
    book.apply({ bids: [['10', '1']], asks: [['11', '1']] });
    expect(() => book.apply({ bids: [['9', '1']], asks: [['12', bad]] }), bad).toThrow(TypeError);
    expect(() => book.apply({ bids: [['8', '1']], asks: [[bad, '1']] }), bad).toThrow(TypeError);
    expect(() => book.replace({ bids: [[bad, '1']], asks: [] }), bad).toThrow(TypeError);
    expect(book.content().bids().map(text)).toEqual([['10', '1']]);
    expect(book.content().asks().map(text)).toEqual([['11', '1']]);
  }
  expect(() => new OrderBook(scale).apply({ bids: [['0.00', '1']], asks: [] })).toThrow(/price above zero/);
});

test.each(allScales)('a bid that reaches the ask is seen across scales: %o', (scale) => {
  const book = new OrderBook(scale);
  book.apply({ bids: [['1.5', '1']], asks: [['1.50001', '1']] });
  expect(book.crossed).toBe(false);
  book.apply({ bids: [], asks: [['1.500', '1']] });
  expect(book.crossed).toBe(true);
  book.apply({ bids: [['1.5', '0']], asks: [] });
  expect(book.crossed).toBe(false);
});

test.each(allScales)('books are equal by number, not by writing: %o', (scale) => {
  const [one, other] = [new OrderBook(scale), new OrderBook(scale)];
  one.apply({ bids: [['1.50', '2.0']], asks: [['2', '1']] });
  other.apply({ bids: [['1.5', '2']], asks: [['2.000', '1.0']] });
  expect(one.equals(other)).toBe(true);
  other.apply({ bids: [['1.4', '1']], asks: [] });
  expect(one.equals(other)).toBe(false);
});

test.each(allScales)(
  'beyond the worst price of a full snapshot nothing is kept and nothing is compared: %o',
  (scale) => {
    const [cut, whole] = [new OrderBook(scale), new OrderBook(scale)];
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
  },
);

const depths = fc.constantFrom(1, 2, 4, Number.POSITIVE_INFINITY);
const down = { decimalPlaces: 6, rounding: 'down' } as const;

/** Everything that a book answers, as text. */
function answers(book: OrderBook): unknown {
  const content = book.content();
  const asked = (['buy', 'sell'] as const).map((side) => [
    content.priceForVolume(side, '2.5'),
    content.volumeForPrice(side, '0.31'),
    content.averagePrice(side, '3', down),
    content.priceForQuoteVolume(side, '7.5'),
  ]);
  return JSON.parse(
    JSON.stringify([
      ...[book.bestBid, book.bestAsk, book.crossed, book.size, book.unknownDeletes, book.isThin(3)],
      ...[content.bids(), content.asks(3), [...content.levels('asks')], content.imbalance(2, down), asked],
    ]),
  );
}

test('a scale changes no answer, whether its numbers fit, stop fitting, or come in stages', () => {
  fc.assert(
    fc.property(scales, updates, updates, depths, fc.boolean(), (scale, before, after, depth, staged) => {
      const [book, texts] = [new OrderBook(scale), new OrderBook()];
      const stage = createDepthStage(scale ?? { priceScale: 0, amountScale: 0 });
      const run = (list: typeof before) => {
        for (const update of list) {
          const whole = { sequence: 1n, venueTimeMs: 1, ...update };
          if (staged && scale !== undefined && stageDepthUpdate(whole, stage))
            expect(book.applyStage(stage)).toBeUndefined();
          else book.apply(update);
          texts.apply(update);
          expect(answers(book)).toEqual(answers(texts));
        }
        expect(book.equals(texts) && texts.equals(book)).toBe(true);
      };
      run(before);
      const kept = answers(texts);
      const content = book.content();
      const [snapshot = { bids: [], asks: [] }] = after;
      for (const one of [book, texts]) one.replace(snapshot, depth);
      expect(answers(book)).toEqual(answers(texts));
      run(after);
      expect(JSON.stringify(content.bids())).toBe(JSON.stringify((kept as unknown[])[6]));
    }),
    { numRuns: 300 },
  );
});

test('a book goes back to whole numbers with the first snapshot that fits', () => {
  const book = new OrderBook({ priceScale: 1, amountScale: 1 });
  book.apply({ bids: [['1.5', '1']], asks: [] });
  expect(book.scaled?.bidCount).toBe(1);
  book.apply({ bids: [['1.25', '1']], asks: [] });
  expect(book.scaled).toBeUndefined();
  book.replace({ bids: [['1.5', '1']], asks: [['1.6', '2']] });
  expect([book.scaled?.bestAskAmountUnits, book.size]).toEqual([20, 2]);
});
