import { createDepthStage, type DecimalInput, decimal } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScaledBook, type ScaledBook } from './scaled-book.ts';
import {
  averagePrice,
  imbalance,
  priceForQuoteVolume,
  priceForVolume,
  volumeForPrice,
} from './scaled-queries.ts';

type Pairs = readonly (readonly [price: number, amount: number])[];
interface Case {
  readonly book: ScaledBook;
  readonly name: 'bids' | 'asks';
  /** The side taken apart: the price of each tenth of a unit of amount, the best first. */
  readonly pieces: readonly number[];
  /** The worst price in units; `undefined` where there is none. */
  readonly worst: number | undefined;
  readonly isCut: boolean;
}

const down = { decimalPlaces: 8, rounding: 'down' } as const;

function bookOf(bids: Pairs, asks: Pairs, scale = { priceScale: 0, amountScale: 0 }): ScaledBook {
  const book = createScaledBook(scale);
  const stage = createDepthStage(scale);
  for (const [side, list] of [
    [stage.bids, bids],
    [stage.asks, asks],
  ] as const) {
    for (const [price, amount] of list) {
      side.prices[side.count] = price;
      side.amounts[side.count++] = amount;
    }
  }
  book.replace(stage);
  return book;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    list: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 10,
      selector: ([price]) => price,
    }),
    scale: fc.record({ priceScale: fc.integer({ min: 0, max: 15 }), amountScale: fc.nat(15) }),
    name: fc.constantFrom('bids', 'asks'),
    isCut: fc.boolean(),
  })
  .map(({ list, scale, name, isCut }) => {
    const sorted = list.toSorted(([a], [b]) => (name === 'bids' ? b - a : a - b));
    const book = name === 'bids' ? bookOf(list, [], scale) : bookOf([], list, scale);
    if (isCut) book.limit(1);
    const pieces = sorted.flatMap(([price, amount]) => new Array<number>(amount * 10).fill(price));
    return { book, name, pieces, worst: pieces.at(-1), isCut };
  });

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, next) => sum + next, 0);
const at = (units: number, scale: number): string => decimal(BigInt(units)).times(`1e-${scale}`).toString();

test('an amount is found piece by piece, and its average price from exact sums', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 250 }), ({ book, name, pieces }, wanted) => {
      const found = pieces.slice(0, wanted);
      const amount = at(wanted, book.amountScale + 1);
      const reach = priceForVolume(book, name, amount);
      const average = averagePrice(book, name, amount, down);
      const isDeepEnough = pieces.length >= wanted;
      const last = found.at(-1);
      const foundAmount = at(found.length, book.amountScale + 1);
      const foundQuote = at(sumOf(found), book.amountScale + book.priceScale + 1);
      const price = last === undefined ? undefined : at(last, book.priceScale);
      expect(JSON.parse(JSON.stringify(reach))).toEqual({
        isDeepEnough,
        foundAmount,
        ...(price && { price }),
      });
      expect(average).toMatchObject({ isDeepEnough });
      expect([average.foundAmount, average.foundQuote].map(String)).toEqual([foundAmount, foundQuote]);
      if (last === undefined) expect(average.price).toBeUndefined();
      else {
        const rest = average.foundQuote.minus(average.price!.times(average.foundAmount));
        expect(rest.sign()).toBeGreaterThanOrEqual(0);
        expect(rest.lessThan(average.foundAmount.times('1e-8'))).toBe(true);
      }
    }),
  );
});

test('a quote amount is found piece by piece', () => {
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: 1, max: 3_000 }),
      fc.boolean(),
      ({ book, name, pieces }, wanted, isAll) => {
        const scale = book.amountScale + book.priceScale + 1;
        const all = sumOf(pieces);
        const quote = isAll && all > 0 ? all : wanted;
        let sum = 0;
        const last =
          pieces.find((price) => {
            sum += price;
            return sum >= quote;
          }) ?? pieces.at(-1);
        const result = priceForQuoteVolume(book, name, at(quote, scale));
        expect(result.isDeepEnough).toBe(all >= quote);
        expect(result.foundQuote.toString()).toBe(at(Math.min(quote, all), scale));
        expect(result.price?.toString()).toBe(last === undefined ? undefined : at(last, book.priceScale));
      },
    ),
  );
});

test('what rests at a price or better is all of it, where the book was not cut before', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 320 }), fc.boolean(), (drawn, anywhere, isAtWorst) => {
      const { book, name, pieces, worst, isCut } = drawn;
      const tenths = isAtWorst && worst !== undefined ? worst * 10 : anywhere;
      const isWithin = (price: number) => (name === 'bids' ? price * 10 >= tenths : price * 10 <= tenths);
      const found = pieces.filter(isWithin);
      const result = volumeForPrice(book, name, at(tenths, book.priceScale + 1));
      expect(result.foundAmount.toString()).toBe(at(found.length, book.amountScale + 1));
      expect(result.foundQuote.toString()).toBe(at(sumOf(found), book.amountScale + book.priceScale + 1));
      // Of a price between two units nothing can rest there, so the unit on the better side is as far as it goes.
      const unit = name === 'bids' ? Math.ceil(tenths / 10) : Math.floor(tenths / 10);
      const isBeyond = worst !== undefined && (name === 'bids' ? unit < worst : unit > worst);
      expect(result.isDeepEnough).toBe(!(isCut && isBeyond));
    }),
  );
});

test('sums stay exact where numbers would not', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const book = bookOf(
    [],
    [
      [most - 1, most],
      [most, most],
    ],
  );
  const all = (BigInt(most) * 2n).toString();
  const quote = (BigInt(most) * BigInt(most) + BigInt(most) * BigInt(most - 1)).toString();
  expect(volumeForPrice(book, 'asks', BigInt(most)).foundQuote.toString()).toBe(quote);
  expect(averagePrice(book, 'asks', all, down).foundQuote.toString()).toBe(quote);
  expect(averagePrice(book, 'asks', all, down).price?.toString()).toBe('9007199254740990.5');
  expect(priceForQuoteVolume(book, 'asks', quote).isDeepEnough).toBe(true);
  expect(priceForQuoteVolume(book, 'asks', `${quote}.1`).isDeepEnough).toBe(false);
});

test('the imbalance weighs the best levels of both sides, and says when there are fewer', () => {
  const book = bookOf(
    [
      [9, 3],
      [8, 1],
    ],
    [
      [10, 1],
      [11, 5],
      [12, 7],
    ],
    { priceScale: 1, amountScale: 1 },
  );
  const shown = (depth: number) => JSON.parse(JSON.stringify(imbalance(book, depth, down)));
  expect(shown(1)).toEqual({ isDeepEnough: true, ratio: '0.5', bidAmount: '0.3', askAmount: '0.1' });
  expect(shown(2)).toEqual({ isDeepEnough: true, ratio: '-0.2', bidAmount: '0.4', askAmount: '0.6' });
  expect(shown(3)).toMatchObject({ isDeepEnough: false, ratio: '-0.52941176', askAmount: '1.3' });
  expect(imbalance(bookOf([], []), 1, down)).toMatchObject({ isDeepEnough: false, ratio: undefined });
  expect(imbalance(bookOf([[1, 1]], []), 1, down).isDeepEnough).toBe(false);
  expect(imbalance(bookOf([], [[1, 1]]), 1, down).isDeepEnough).toBe(false);
});

test('questions that make no sense are refused by name', () => {
  const book = bookOf([[9, 3]], [[10, 1]]);
  const questions: [string, (input: DecimalInput) => unknown][] = [
    ['priceForVolume: expected amount', (input) => priceForVolume(book, 'asks', input)],
    ['volumeForPrice: expected price', (input) => volumeForPrice(book, 'asks', input)],
    ['averagePrice: expected amount', (input) => averagePrice(book, 'asks', input, down)],
    ['priceForQuoteVolume: expected quote', (input) => priceForQuoteVolume(book, 'asks', input)],
  ];
  const refused = (message: string) =>
    expect.objectContaining({ code: 'invalid-request', message: expect.stringContaining(message) });
  for (const [message, ask] of questions) {
    for (const bad of ['0', '-1', 'x', '', '1e-101']) expect(() => ask(bad), bad).toThrow(refused(message));
    expect(() => ask(1.5 as never)).toThrow(refused(message));
  }
  for (const depth of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => imbalance(book, depth, down)).toThrow(refused('imbalance: expected depth'));
  }
});
