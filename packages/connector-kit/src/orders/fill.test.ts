import { decimal, type Fill } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldOrder, othersOrder } from '../../test/orders.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { makeFill } from './fill.ts';

const runtime = createManualRuntime();
const taker = { runtime, liquidity: 'taker', price: '2' } as const;

test('a fill is the interval after the last one, and the order has it in its sums', () => {
  const start = goldOrder({ clientOrderId: 'mine', venueOrderId: 'v1', status: 'open' });
  const fee = { asset: 'COIN', amount: '0.01' };
  const one = makeFill(start, { ...taker, amount: '4', fee, venueTimeMs: 5 });
  const other = { asset: 'POINT', amount: '-1' };
  const two = makeFill(one.order, { ...taker, amount: '6', price: '1.5', fee: other });
  const three = { ...goldOrder(), ...two.order, amount: decimal('11') };
  const last = makeFill(three, { ...taker, amount: '1', fee, receivedAtMs: 7 });
  expect(one.fill).toEqual({
    ...{
      fillId: 'GOLD-COIN:mine:4',
      venueFillId: undefined,
      clientOrderId: 'mine',
      venueOrderId: 'v1',
      pair: 'GOLD-COIN',
      side: 'buy',
    },
    ...{ fromAmount: decimal('0'), toAmount: decimal('4'), amount: decimal('4'), price: decimal('2') },
    ...{ priceError: decimal('0'), quote: decimal('8'), liquidity: 'taker', exact: true, late: false },
    fee: { asset: 'COIN', amount: decimal('0.01') },
    ...{ venueTimeMs: 5, receivedAtMs: runtime.clock.now() },
  });
  expect([two.fill.fillId, two.fill.venueTimeMs, last.fill.receivedAtMs]).toEqual([
    'GOLD-COIN:mine:10',
    undefined,
    7,
  ]);
  expect([last.order.filledAmount, last.order.filledQuote].map(String)).toEqual(['11', '19']);
  expect(last.order.fees.map(({ asset, amount }) => `${amount} ${asset}`)).toEqual(['0.02 COIN', '-1 POINT']);
  expect(start.filledAmount.isZero()).toBe(true);
  expect(Object.isFrozen(one.fill) && Object.isFrozen(one.order)).toBe(true);
});

test('the identifier of a fill is the same before and after the venue has named its order, and of another pair another', () => {
  const idOf = (change: Parameters<typeof goldOrder>[0]) =>
    makeFill(goldOrder({ clientOrderId: 'mine', ...change }), { ...taker, amount: '4.0' }).fill.fillId;
  expect(idOf({ venueOrderId: undefined })).toBe(idOf({ venueOrderId: 'v1' }));
  expect(idOf({ pair: 'A-B' })).toBe('A-B:mine:4');
  for (const clientOrderId of [undefined, 'theirs']) {
    const { fill } = makeFill(othersOrder({ clientOrderId }), { ...taker, amount: '4' });
    expect(fill.fillId).toBe('GOLD-COIN:v1:4');
  }
  const unnamed = othersOrder({ clientOrderId: 'theirs', venueOrderId: undefined });
  expect(makeFill(unnamed, { ...taker, amount: '4' }).fill.fillId).toBe('GOLD-COIN:theirs:4');
});

test('what the venue calls a fill, and its record, are in it where they are told', () => {
  const told = { venueFillId: 't7', raw: { id: 7 } };
  expect(makeFill(goldOrder(), { ...taker, amount: '1', ...told }).fill).toMatchObject(told);
  expect('raw' in makeFill(goldOrder(), { ...taker, amount: '1' }).fill).toBe(false);
});

test('what is known better than price times amount, or worse, is said', () => {
  const { fill } = makeFill(goldOrder(), { ...taker, amount: '3', quote: '5.9', priceError: '0.005' });
  expect([fill.quote.toString(), fill.exact, fill.late]).toEqual(['5.9', false, false]);
  expect(makeFill(goldOrder({ status: 'canceled' }), { ...taker, amount: '3' }).fill.late).toBe(true);
  expect(makeFill(goldOrder(), { ...taker, amount: '3', exact: false, late: true }).fill).toMatchObject({
    exact: false,
    late: true,
  });
});

test('more than was ordered, and nothing, is refused and names the order', () => {
  const order = goldOrder({ clientOrderId: 'mine', filledAmount: decimal('8') });
  const refused = (act: () => unknown, message: string) =>
    expect(act).toThrow(
      expect.objectContaining({
        ...{ code: 'protocol', clientOrderId: 'mine', message: expect.stringContaining(message) },
      }),
    );
  refused(
    () => makeFill(order, { ...taker, amount: '2.001' }),
    'order mine: expected a fill of at most 2, the rest of 10, got 2.001',
  );
  refused(() => makeFill(order, { ...taker, amount: '0' }), 'more than zero, got 0');
  expect(makeFill(order, { ...taker, amount: '2' }).fill.fillId).toBe('GOLD-COIN:mine:10');
  const nameless = othersOrder({ venueOrderId: undefined });
  expect(() => makeFill(nameless, { ...taker, amount: '1' })).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

test('the fills of an order never overlap, leave no hole, and add up', () => {
  const parts = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 99 })), {
    ...{ minLength: 1, maxLength: 20 },
  });
  fc.assert(
    fc.property(parts, (amounts) => {
      let order = goldOrder();
      const fills: Fill[] = [];
      let [filled, quote] = [0, 0];
      for (const [amount, price] of amounts) {
        const details = { ...taker, amount: decimal(`${amount}e-3`), price: decimal(`${price}`) };
        if (filled + amount > 10_000) {
          expect(() => makeFill(order, details)).toThrow(/expected a fill of at most/);
          continue;
        }
        const next = makeFill(order, details);
        order = next.order;
        fills.push(next.fill);
        [filled, quote] = [filled + amount, quote + amount * price];
      }
      let reached = decimal('0');
      for (const { fromAmount, toAmount, amount } of fills) {
        expect(fromAmount.equals(reached) && toAmount.minus(fromAmount).equals(amount)).toBe(true);
        reached = toAmount;
      }
      expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(fills.length);
      expect(order.filledAmount.equals(decimal(`${filled}e-3`))).toBe(true);
      expect(order.filledQuote.equals(decimal(`${quote}e-3`))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
