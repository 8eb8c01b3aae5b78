import { decimal, isVenueError, type OrderRequest, type OrderType } from '@venuekit/connector-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge, type OrderInUnits, type Verdict } from '../../test/models/order-rules-model.ts';
import { createInstrument } from '../market-data/instrument.ts';
import { createInstruments } from '../market-data/instrument-list.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { newOrder } from './new-order.ts';
import { checkOrderRules } from './order-rules.ts';

const pair = 'GOLD-COIN';
const instrument = createInstrument({
  ...{ pair, base: 'GOLD', quote: 'COIN', tickSize: '0.01', lotSize: '0.1' },
  ...{ minAmount: '0.5', maxAmount: '100', minNotional: '10', maxNotional: '1000' },
});
const limit = { type: 'limit', pair, side: 'buy', amount: '1', price: '20' } as const;

/** Text of a whole number of ten-thousandths. */
function unitsText(units: number, places = 4): string {
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function verdictOf(order: OrderInUnits): Verdict {
  const { side, safe, amount, price, stopPrice } = order;
  const rules = createInstrument({
    ...{ pair, base: 'GOLD', quote: 'COIN', tickSize: unitsText(order.tick), lotSize: unitsText(order.lot) },
    ...{ minAmount: unitsText(order.minAmount), maxAmount: unitsText(order.maxAmount) },
    ...{ minNotional: unitsText(order.minNotional, 8), maxNotional: unitsText(order.maxNotional, 8) },
  });
  const terms = { pair, side, amount: unitsText(amount), price: unitsText(price) };
  const increments = safe ? 'safe' : 'refuse';
  const request: OrderRequest<OrderType> =
    stopPrice === undefined
      ? { ...terms, increments, type: 'limit' }
      : { ...terms, increments, type: 'stop_limit', stopPrice: unitsText(stopPrice) };
  try {
    const checked = checkOrderRules(request, rules);
    const toUnits = (text: unknown) => Number(decimal(String(text)).times('10000').toString());
    return {
      amount: toUnits(checked.amount),
      price: toUnits(checked.price),
      stopPrice: checked.stopPrice === undefined ? undefined : toUnits(checked.stopPrice),
    };
  } catch (error) {
    if (!isVenueError(error)) throw error;
    expect(error).toMatchObject({ code: 'invalid-order', outcome: 'not-sent' });
    return {
      broken: /^placeOrder: (.* breaks \w+): expected .*, got /.exec(error.message)?.[1] ?? error.message,
    };
  }
}

test('every order is judged as by integer arithmetic', () => {
  const amount = fc.integer({ min: -2, max: 400 });
  const orders: fc.Arbitrary<OrderInUnits> = fc.record({
    ...{ side: fc.constantFrom('buy', 'sell' as const), safe: fc.boolean() },
    ...{ amount, price: amount, stopPrice: fc.option(amount, { nil: undefined }) },
    ...{ tick: fc.constantFrom(1, 2, 5, 25), lot: fc.constantFrom(1, 3, 10) },
    ...{ minAmount: fc.integer({ min: 1, max: 40 }), maxAmount: fc.integer({ min: 40, max: 400 }) },
    minNotional: fc.integer({ min: 0, max: 2_000 }),
    maxNotional: fc.integer({ min: 2_000, max: 160_000 }),
  });
  const seen = new Map<string, number>();
  const check = (order: OrderInUnits) => {
    const expected = judge(order);
    expect(verdictOf(order)).toEqual(expected);
    const name = 'broken' in expected ? expected.broken : 'passes';
    seen.set(name, (seen.get(name) ?? 0) + 1);
  };
  fc.assert(fc.property(orders, check), { numRuns: 3_000 });
  // Every rule was broken, and orders passed: the comparison is about something.
  const limits = ['amount breaks minAmount', 'amount breaks maxAmount'];
  const values = ['price times amount breaks minNotional', 'price times amount breaks maxNotional'];
  const steps = ['amount breaks lotSize', 'price breaks tickSize', 'stopPrice breaks tickSize'];
  for (const name of ['passes', ...limits, ...values, ...steps])
    expect(seen.get(name), name).toBeGreaterThan(0);
});

test('safe increments never make an order worse for its owner', () => {
  const odd = { ...limit, amount: '1.19', price: '20.005', increments: 'safe' } as const;
  const texts = (request: OrderRequest<OrderType>) => {
    const { amount, price, stopPrice } = checkOrderRules(request, instrument);
    return [amount, price, stopPrice].map((value) => value?.toString());
  };
  expect(texts(odd)).toEqual(['1.1', '20', undefined]);
  expect(texts({ ...odd, side: 'sell' })).toEqual(['1.1', '20.01', undefined]);
  const stop = { ...odd, type: 'stop_limit', stopPrice: '21.005' } as const;
  expect(texts(stop)).toEqual(['1.1', '20', '21']);
  expect(texts({ ...stop, side: 'sell' })).toEqual(['1.1', '20.01', '21.01']);
  const atMarket = { ...stop, type: 'stop_market', price: undefined } as const;
  expect(texts(atMarket as never)).toEqual(['1.1', undefined, '21']);
  expect(texts({ ...atMarket, side: 'sell' } as never)).toEqual(['1.1', undefined, '21.01']);
});

test('by rounding the limit price never overtakes the stop price', () => {
  const order = fc.record({
    side: fc.constantFrom('buy', 'sell' as const),
    ...{ price: fc.integer({ min: 100, max: 200 }), stopPrice: fc.integer({ min: 100, max: 200 }) },
    tick: fc.constantFrom(1, 2, 5, 25),
  });
  const rounded = new Set<string>();
  fc.assert(
    fc.property(order, ({ side, price, stopPrice, tick }) => {
      const terms = { pair, base: 'GOLD', quote: 'COIN', tickSize: unitsText(tick), lotSize: '1' };
      const request = { type: 'stop_limit', pair, side, amount: '1', increments: 'safe' } as const;
      const prices = { price: unitsText(price), stopPrice: unitsText(stopPrice) };
      const checked = checkOrderRules({ ...request, ...prices }, createInstrument(terms));
      const after = checked.price?.compare(checked.stopPrice ?? '0') ?? Number.NaN;
      if (price <= stopPrice) expect(after).toBeLessThanOrEqual(0);
      if (price >= stopPrice) expect(after).toBeGreaterThanOrEqual(0);
      if (price % tick !== 0 && stopPrice % tick !== 0) rounded.add(side);
    }),
    { numRuns: 1_000 },
  );
  expect(rounded.size).toBe(2);
});

test.each([
  [{ ...limit, price: '20.001' }, 'price', 'tick'],
  [{ ...limit, amount: '1.15' }, 'amount', 'lot'],
  [{ ...limit, amount: '0.4' }, 'amount', 'min-amount'],
  [{ ...limit, amount: '100.1' }, 'amount', 'max-amount'],
  [{ ...limit, amount: '0.5', price: '1' }, 'amount', 'min-notional'],
  [{ ...limit, amount: '51' }, 'amount', 'max-notional'],
  [{ ...limit, stopPrice: '1' }, 'stopPrice', 'form'],
  [{ ...limit, amount: 1.5 }, 'amount', 'form'],
  [{ ...limit, pair: 'SILVER-COIN' }, 'pair', 'form'],
])('a denial of %j names for programs %s and %s', (request, field, rule) => {
  expect(() => checkOrderRules(request as never, instrument)).toThrow(
    expect.objectContaining({ rule: { field, rule } }),
  );
});

test('where a market has no limits, none is checked', () => {
  const free = createInstrument({ pair, base: 'GOLD', quote: 'COIN', tickSize: '0.01', lotSize: '0.1' });
  expect(free).toMatchObject({ maxAmount: undefined, maxNotional: undefined });
  for (const amount of ['0.1', '100000000000000']) {
    expect(checkOrderRules({ ...limit, amount }, free).amount.toString()).toBe(amount);
  }
});

test('a market that takes only orders that rest takes no others', () => {
  const resting = { ...instrument, status: 'post-only', venueStatus: 'PostOnly' } as const;
  expect(checkOrderRules({ ...limit, type: 'limit_maker' }, resting).timeInForce).toBe('GTC');
  expect(() => checkOrderRules(limit, resting)).toThrow(
    expect.objectContaining({ code: 'market-unavailable', rule: { field: 'pair', rule: 'status' } }),
  );
});

test.each([
  [{ ...limit, pair: 'SILVER-COIN' }, 'pair breaks instrument: expected GOLD-COIN, got SILVER-COIN'],
  [{ ...limit, side: 'hold' }, 'side breaks side: expected buy or sell, got hold'],
  [{ ...limit, type: 'iceberg' }, 'type breaks type: expected limit, limit_maker'],
  [{ ...limit, type: 'toString' }, 'type breaks type'],
  [{ ...limit, price: undefined }, 'price breaks type: expected a price of a limit order, got none'],
  [{ ...limit, type: 'market' }, 'price breaks type: expected no price of a market order, got 20'],
  [{ ...limit, stopPrice: '1' }, 'stopPrice breaks type'],
  [{ ...limit, type: 'limit_maker', timeInForce: 'IOC' }, 'timeInForce breaks type'],
  [{ ...limit, timeInForce: 'GTD' }, 'timeInForce breaks timeInForce: expected GTC, IOC or FOK, got GTD'],
  [{ ...limit, increments: 'up' }, 'increments breaks increments'],
  [{ ...limit, amount: 1.5 }, 'amount breaks number'],
  [{ ...limit, price: 'ten' }, 'price breaks number'],
  [{ ...limit, amount: '-1' }, 'amount breaks positive: expected more than zero, got -1'],
  [{ ...limit, amount: '1.15' }, 'amount breaks lotSize: expected a whole multiple of 0.1, got 1.15'],
  [{ ...limit, amount: '0.4' }, 'amount breaks minAmount: expected at least 0.5 GOLD, got 0.4'],
  [{ ...limit, amount: '51' }, 'price times amount breaks maxNotional: expected at most 1000 COIN, got 1020'],
])('a denial of %j names field and rule, what was expected and what was got', (request, message) => {
  const check = () => checkOrderRules(request as never, instrument, { venue: 'v', clientOrderId: 'mine' });
  expect(check).toThrow(
    expect.objectContaining({
      ...{ code: 'invalid-order', outcome: 'not-sent', venue: 'v', clientOrderId: 'mine' },
      message: expect.stringContaining(message),
    }),
  );
});

test('an instrument that does not trade is market-unavailable, before everything else', () => {
  const halted = { ...instrument, status: 'halted', venueStatus: 'NoTrading' } as const;
  expect(() => checkOrderRules({ ...limit, amount: '-1' }, halted)).toThrow(
    expect.objectContaining({
      code: 'market-unavailable',
      message: expect.stringContaining('halted (NoTrading)'),
    }),
  );
});

test('limits are included, and the value of a market order is left to the caller', () => {
  const passes = (request: OrderRequest<OrderType>) => checkOrderRules(request, instrument).timeInForce;
  expect(passes({ ...limit, amount: '0.5' })).toBe('GTC');
  expect(passes({ ...limit, amount: '100', price: '10', timeInForce: 'FOK' })).toBe('FOK');
  expect(passes({ type: 'market', pair, side: 'sell', amount: '100' })).toBe('IOC');
  expect(passes({ type: 'stop_market', pair, side: 'sell', amount: '100', stopPrice: '1000' })).toBe('IOC');
});

test('a new order has its identifier, its terms and nothing filled, and cannot be changed', () => {
  const runtime = createManualRuntime();
  const instruments = createInstruments('v', [instrument]);
  const order = newOrder(limit, { runtime, instruments });
  const now = runtime.clock.now();
  expect(order).toMatchObject({
    ...{ pair, side: 'buy', type: 'limit', timeInForce: 'GTC', status: 'created', origin: 'own' },
    ...{ pendingCommand: 'none', knowledge: 'live', venueOrderId: undefined, fees: [] },
    triggered: undefined,
    ...{ createdAtMs: now, changedAtMs: now, venueTimeMs: undefined },
  });
  expect([order.amount, order.price, order.filledAmount, order.filledQuote].map(String)).toEqual([
    '1',
    '20',
    '0',
    '0',
  ]);
  expect(newOrder(limit, { runtime, instruments }).clientOrderId).not.toBe(order.clientOrderId);
  expect(newOrder({ ...limit, clientOrderId: 'mine' }, { runtime, instruments }).clientOrderId).toBe('mine');
  expect(newOrder(limit, { runtime, instruments, makeClientOrderId: () => 'made' }).clientOrderId).toBe(
    'made',
  );
  const stop = { type: 'stop_market', pair, side: 'sell', amount: '1', stopPrice: '20' } as const;
  expect(newOrder(stop, { runtime, instruments }).triggered).toBe(false);
  expect(() => Object.assign(order, { status: 'filled' })).toThrow(TypeError);
  expect(() =>
    newOrder({ ...limit, amount: '0' }, { runtime, instruments, makeClientOrderId: () => 'made' }),
  ).toThrow(expect.objectContaining({ clientOrderId: 'made', outcome: 'not-sent' }));
});

test('an order for a pair that is not listed is refused like one that breaks a rule', () => {
  const instruments = createInstruments('v', [instrument]);
  const order = { ...limit, pair: 'NO-SUCH', clientOrderId: 'mine' };
  expect(() => newOrder(order, { runtime: createManualRuntime(), instruments })).toThrow(
    expect.objectContaining({ code: 'market-unavailable', outcome: 'not-sent', clientOrderId: 'mine' }),
  );
});
