import { expect, test } from 'vitest';
import { createExchange } from '../src/exchange.ts';
import { createVenueActions } from '../src/faults/venue-actions.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect } from './plain-dialect.ts';

test('an order from outside has the id that it is given for its account', () => {
  const dialect = createPlainDialect();
  const market = { kind: 'synthetic', seed: 'actions', pairs: 2, traders: false } as const;
  const exchange = createExchange({ market, dialect, runtime: createHandMadeRuntime() });
  const { desk, listings } = dialect.venue;
  if (desk === undefined) throw new Error('expected a desk');
  const actions = createVenueActions({
    ...{ desk, listings, users: exchange.users, setStatus: () => {}, bestPrice: () => undefined },
    nameOrder: (account) => `order-of-${account}`,
  });
  const order = { symbol: 'BTC/USDT', side: 'buy', amount: '0.01', price: '20000' } as const;
  expect(actions.placeOrder({ ...order, account: 'U2' })).toBe('order-of-cash2');
  expect(desk.openOrders('cash2').map(({ id }) => id)).toEqual(['order-of-cash2']);
  expect(actions.assets).toEqual(['BTC', 'USDT', 'ETH']);
  expect(actions.accountOf('U1')).toBe('cash1');
  exchange.close();
});
