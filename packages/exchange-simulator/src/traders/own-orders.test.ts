import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EngineOrder, OrderSide } from '../engine/engine-types.ts';
import { OwnOrders } from './own-orders.ts';

const sizes = fc.array(
  fc.record({ priceTicks: fc.integer({ min: 1, max: 12 }), sizeLots: fc.integer({ min: 1, max: 9 }) }),
);
const drawnSide = fc.constantFrom<OrderSide>('buy', 'sell');

test('orders stand in the order of their prices and their coming, whoever goes', () => {
  fc.assert(
    fc.property(drawnSide, sizes, fc.array(fc.nat()), (side, drawn, going) => {
      const { own, orders } = sideOf(side, drawn);
      for (const index of going) {
        const [gone] = orders.splice(index % Math.max(1, orders.length), 1);
        if (gone === undefined) break;
        own.remove(gone);
        own.remove(gone);
      }
      const inOrder = Array.from({ length: own.count }, (_, index) => own.at(index));
      expect(inOrder).toEqual(sorted(side, orders));
      expect(own.levels).toBe(new Set(orders.map(({ priceTicks }) => priceTicks)).size);
    }),
  );
});

test('what stands within reach of a price is counted, but no further than it is asked for', () => {
  fc.assert(
    fc.property(drawnSide, sizes, fc.nat(12), fc.nat(6), (side, drawn, index, reach) => {
      const { own, orders } = sideOf(side, drawn);
      const [first, ...behind] = sorted(side, orders).slice(index);
      const near = behind.filter(
        ({ priceTicks }) => Math.abs(priceTicks - (first?.priceTicks ?? 0)) <= reach,
      );
      const lots = near.reduce((total, { sizeLots }) => total + sizeLots, 0);
      expect(own.lotsBehind(index, reach, Number.POSITIVE_INFINITY)).toBe(first === undefined ? 0 : lots);
      expect(own.lotsBehind(index, reach, 5) >= 5).toBe(first !== undefined && lots >= 5);
    }),
  );
});

test('as many may go as leave a next one near, with enough behind it', () => {
  const { own } = sideOf('sell', [
    { priceTicks: 10, sizeLots: 1 },
    { priceTicks: 11, sizeLots: 2 },
    { priceTicks: 12, sizeLots: 3 },
    { priceTicks: 13, sizeLots: 4 },
    { priceTicks: 30, sizeLots: 99 },
  ]);
  expect(own.dispensable(9, 2, 4)).toBe(2);
  expect(own.dispensable(9, 5, 4)).toBe(2);
  expect(own.dispensable(9, 1, 3)).toBe(1);
  expect(own.dispensable(1, 2, 4)).toBe(1);
  expect(own.dispensable(9, 2, 8)).toBe(0);
  expect(new OwnOrders('buy').dispensable(9, 2, 0)).toBe(0);
});

function sideOf(
  side: OrderSide,
  drawn: readonly Pick<EngineOrder, 'priceTicks' | 'sizeLots'>[],
): { readonly own: OwnOrders; readonly orders: EngineOrder[] } {
  const own = new OwnOrders(side);
  const orders = drawn.map((order, index) => orderOf(side, index, order));
  for (const order of orders) own.add(order);
  return { own, orders };
}

function sorted(side: OrderSide, orders: readonly EngineOrder[]): readonly EngineOrder[] {
  const sign = side === 'sell' ? 1 : -1;
  return [...orders].sort((one, other) => (one.priceTicks - other.priceTicks) * sign);
}

function orderOf(
  side: OrderSide,
  index: number,
  { priceTicks, sizeLots }: Pick<EngineOrder, 'priceTicks' | 'sizeLots'>,
): EngineOrder {
  return {
    ...{ id: `${index}`, account: 'maker', symbol: 'A/Q', side, kind: 'limit', timeInForce: 'GTC' },
    ...{ postOnly: true, sizeLots, priceTicks, stopTicks: undefined, placedAtMs: 0, status: 'open' },
    ...{ cancelReason: undefined, filledLots: 0, filledQuote: 0n, fee: 0n, feeAsset: 'Q', held: 0n },
  };
}
