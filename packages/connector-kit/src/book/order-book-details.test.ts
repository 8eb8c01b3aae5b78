import { expect, test } from 'vitest';
import { OrderBook, type PriceLevelText } from './order-book.ts';

const whole = { priceScale: 0, amountScale: 0 };
const fine = { priceScale: 2, amountScale: 2 };
/** Texts, and three scales. */
const scales = [undefined, whole, fine, { priceScale: 2, amountScale: 0 }];

function bookOf(scale: typeof whole | undefined, asks: PriceLevelText[], depth?: number): OrderBook {
  const book = new OrderBook(scale);
  book.replace({ bids: [], asks }, depth);
  return book;
}
const asksOf = (book: OrderBook) =>
  book
    .content()
    .asks()
    .map(({ price, amount }) => `${price} ${amount}`);

test('books of any scale are equal by number', () => {
  for (const one of scales)
    for (const other of scales) {
      const book = bookOf(one, [['2', '3']]);
      expect(book.equals(bookOf(other, [['2', '3']])), `${one} ${other}`).toBe(true);
      expect(book.equals(bookOf(other, [['200', '3']]))).toBe(false);
      expect(book.equals(bookOf(other, [['2', '300']]))).toBe(false);
    }
});

test('texts are equal by number also where one of them had finer prices, and are compared as far as both are known', () => {
  const [coarse, finer] = [bookOf(undefined, [['2', '1']]), bookOf(undefined, [['2', '1']])];
  for (const amount of ['1', '0']) finer.apply({ bids: [], asks: [['2.55', amount]] });
  expect([coarse.equals(finer), finer.equals(coarse)]).toEqual([true, true]);
  const cut = bookOf(undefined, [['2', '1']], 1);
  const more: PriceLevelText = ['3.25', '1'];
  const same = bookOf(undefined, [['2', '1'], more]);
  const differs = bookOf(undefined, [['2', '5'], more]);
  expect([cut.equals(same), same.equals(cut)]).toEqual([true, true]);
  expect([cut.equals(differs), differs.equals(cut)]).toEqual([false, false]);
});

test('each scale has a stage of its own', () => {
  for (const [priceScale, amountScale] of [
    [2, 1],
    [1, 2],
    [0, 15],
    [1, 0],
  ] as const) {
    const book = bookOf({ priceScale, amountScale }, [['2', '1']]);
    book.apply({ bids: [['1', '1']], asks: [] });
    expect(book.scaled?.bestAskPriceUnits).toBe(2 * 10 ** priceScale);
  }
});

test('where a side was cut is known on the way to texts, to the lowest price, and in a copy', () => {
  const book = new OrderBook(whole);
  book.replace({ bids: [['2', '1']], asks: [['3', '1']] }, 1);
  const deep = (from: OrderBook) =>
    (['buy', 'sell'] as const).map((side) => {
      const price = side === 'buy' ? '4' : '1';
      return from.content().volumeForPrice(side, price).isDeepEnough;
    });
  expect(deep(book)).toEqual([false, false]);
  const asks = new OrderBook(whole);
  asks.replace(
    {
      bids: [['2', '1']],
      asks: [
        ['3', '1'],
        ['4', '1'],
      ],
    },
    2,
  );
  expect(asks.content().volumeForPrice('buy', '5').isDeepEnough).toBe(false);
  expect(asks.content().volumeForPrice('sell', '1').isDeepEnough).toBe(true);
  const texts = bookOf(whole, [['1', '1']], 1);
  texts.apply({ bids: [], asks: [['0.5', '1']] });
  expect(texts.scaled).toBeUndefined();
  texts.apply({ bids: [], asks: [['2', '1']] });
  expect(asksOf(texts)).toEqual(['0.5 1', '1 1']);
});

test('the level at the horizon is known', () => {
  for (const scale of scales) {
    const book = bookOf(
      scale,
      [
        ['1', '1'],
        ['2', '1'],
      ],
      2,
    );
    book.apply({ bids: [], asks: [['2', '7']] });
    expect(asksOf(book)).toEqual(['1 1', '2 7']);
  }
});

test.each(scales)('zero is zero in any writing, and a number may have a hundred characters: %o', (scale) => {
  const book = bookOf(scale, [['1', '1']]);
  expect(() => book.apply({ bids: [], asks: [['00.0', '1']] })).toThrow(/price above zero/);
  book.apply({ bids: [], asks: [['1', '00']] });
  expect(book.size).toBe(0);
  const long = '9'.repeat(100);
  book.apply({ bids: [], asks: [['1', long]] });
  expect(asksOf(book)).toEqual([`1 ${long}`]);
});

test.each(scales)('no levels are given for a depth that is none: %o', (scale) => {
  const content = bookOf(scale, [
    ['1', '1'],
    ['2', '1'],
    ['3', '1'],
  ]).content();
  const given = [0, -1, Number.NaN, 0.9, 1, 1.9, 2].map((depth) => content.asks(depth).length);
  expect(given).toEqual([0, 0, 0, 0, 1, 1, 2]);
});

test.each(scales)('a best level cannot be changed, and the book itself can be asked: %o', (scale) => {
  const book = bookOf(scale, [['1', '1']]);
  expect(Object.isFrozen(book.bestAsk)).toBe(true);
  const levels = [...book.queried().levels('asks')].map(([price]) => Number(price));
  expect(levels).toEqual([10 ** (scale?.priceScale ?? 0)]);
});
