import { expect, test } from 'vitest';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { AccountSnapshot, OrderSnapshot } from '../src/engine/engine-snapshot.ts';
import type { OrderEvent, OrderRequest } from '../src/engine/engine-types.ts';
import { toText, toUnits } from '../src/engine/money.ts';
import { restoreEngine } from '../src/engine/restore-engine.ts';
import { engineCase, plainRules } from './engine-case.ts';

test('an order takes the best price first, and at one price who came first, at the price of the maker', () => {
  const { heard, place } = engineCase();
  place('s1', { side: 'sell', priceTicks: 12, sizeLots: 2 });
  place('s2', { side: 'sell', priceTicks: 11, sizeLots: 2 });
  place('s3', { side: 'sell', priceTicks: 11, sizeLots: 2 });
  heard();
  place('b', { account: 'bob', priceTicks: 12, sizeLots: 5 });
  expect(heard()).toEqual([
    'b accepted',
    ...['trade 2 at 11', 's2 filled 2 as maker', 'b filled 2 as taker', 'sell 11: 2'],
    ...['trade 2 at 11', 's3 filled 2 as maker', 'b filled 2 as taker', 'sell 11: 0'],
    ...['trade 1 at 12', 's1 filled 1 as maker', 'b filled 1 as taker', 'sell 12: 1'],
  ]);
});

test('what is left rests behind those at its price, and keeps its place when a part is filled', () => {
  const { engine, heard, place } = engineCase();
  place('b1', { priceTicks: 10, sizeLots: 3 });
  place('b2', { priceTicks: 10, sizeLots: 3 });
  place('s1', { side: 'sell', priceTicks: 10, sizeLots: 1 });
  heard();
  place('s2', { side: 'sell', priceTicks: 10, sizeLots: 3 });
  expect(heard()).toEqual([
    's2 accepted',
    ...['trade 2 at 10', 'b1 filled 2 as maker', 's2 filled 2 as taker', 'buy 10: 3'],
    ...['trade 1 at 10', 'b2 filled 1 as maker', 's2 filled 1 as taker', 'buy 10: 2'],
  ]);
  expect([engine.levels('A/Q', 'buy'), engine.levels('A/Q', 'sell')]).toEqual([
    [{ priceTicks: 10, sizeLots: 2 }],
    [],
  ]);
});

test.each<[string, Partial<OrderRequest>, readonly string[]]>([
  ['post-only', { postOnly: true, priceTicks: 11 }, ['x accepted', 'x canceled would-take']],
  ['FOK', { timeInForce: 'FOK', sizeLots: 9 }, ['x accepted', 'x canceled not-fillable']],
  [
    'IOC',
    { timeInForce: 'IOC', sizeLots: 9, priceTicks: 11 },
    [
      ...['x accepted', 'trade 2 at 11', 's1 filled 2 as maker', 'x filled 2 as taker', 'sell 11: 0'],
      'x canceled nothing-left-to-take',
    ],
  ],
  [
    'market',
    { kind: 'market', sizeLots: 9 },
    [
      ...['x accepted', 'trade 2 at 11', 's1 filled 2 as maker', 'x filled 2 as taker', 'sell 11: 0'],
      ...['trade 2 at 12', 's2 filled 2 as maker', 'x filled 2 as taker', 'sell 12: 0'],
      'x canceled nothing-left-to-take',
    ],
  ],
])('%s orders leave nothing in the book', (_, request, expected) => {
  const { balance, engine, heard, place } = engineCase();
  place('s1', { side: 'sell', account: 'bob', priceTicks: 11, sizeLots: 2 });
  place('s2', { side: 'sell', account: 'bob', priceTicks: 12, sizeLots: 2 });
  heard();
  place('x', { priceTicks: 13, ...request });
  expect(heard()).toEqual(expected);
  expect(engine.order('x')).toBe(undefined);
  expect(balance('ann', 'Q').split(' ')[0]).toBe(balance('ann', 'Q').split(' ')[1]);
});

test('own orders match like those of strangers, and only the fees are gone', () => {
  const rules = { reserveRate: '0.01' };
  const { engine, balance, place } = engineCase(rules, { fees: { maker: '0', taker: '0.01' } });
  place('s', { side: 'sell', priceTicks: 10 });
  place('b', { priceTicks: 10 });
  expect([balance('ann', 'A'), balance('ann', 'Q')]).toEqual(['1000000 1000000', '999999.9 999999.9']);
  expect(engine.ledger().get('Q')).toMatchObject({ fees: toUnits('0.1', ''), held: 0n });
});

test('stop orders wait for the last trade, and go when all of what triggered them has been dealt with', () => {
  const { engine, heard, place } = engineCase();
  const bob = { account: 'bob', side: 'sell' } as const;
  for (const priceTicks of [10, 11, 12, 13]) place(`s${priceTicks}`, { ...bob, priceTicks });
  place('far', { kind: 'stop-market', stopTicks: 12, priceTicks: 20 });
  place('near', { kind: 'stop-limit', stopTicks: 11, priceTicks: 11 });
  expect(engine.order('near')?.status).toBe('waiting');
  heard();
  place('b', { priceTicks: 11, sizeLots: 2 });
  expect(heard().filter((words) => !words.includes('filled'))).toEqual([
    ...['b accepted', 'trade 1 at 10', 'sell 10: 0', 'trade 1 at 11', 'sell 11: 0'],
    ...['near triggered', 'buy 11: 1'],
  ]);
  place('c', { priceTicks: 12 });
  expect(heard().filter((words) => !words.includes('filled'))).toEqual([
    ...['c accepted', 'trade 1 at 12', 'sell 12: 0', 'far triggered', 'trade 1 at 13', 'sell 13: 0'],
  ]);
});

test('a stop price that the last trade has reached already triggers at once', () => {
  const { heard, place } = engineCase();
  place('s', { side: 'sell', priceTicks: 10 });
  place('b', { priceTicks: 10 });
  heard();
  place('x', { side: 'sell', kind: 'stop-limit', stopTicks: 10, priceTicks: 9 });
  expect(heard()).toEqual(['x accepted', 'x triggered', 'sell 9: 1']);
});

test('a stop order that was canceled is not triggered, wherever it stood among the others', () => {
  for (const gone of [11, 12, 13]) {
    const { engine, heard, place } = engineCase();
    for (const stopTicks of [11, 12, 13])
      place(`stop ${stopTicks}`, { kind: 'stop-limit', stopTicks, priceTicks: 5 });
    engine.cancel(`stop ${gone}`, 2);
    place('s', { side: 'sell', priceTicks: 13 });
    place('b', { priceTicks: 13 });
    const triggered = heard().filter((words) => words.endsWith('triggered'));
    expect(triggered).toHaveLength(2);
    expect(triggered).not.toContain(`stop ${gone} triggered`);
  }
});

test('every trade of a sweep triggers, not only its last', () => {
  const { heard, place } = engineCase();
  for (const priceTicks of [10, 12]) place(`s${priceTicks}`, { side: 'sell', priceTicks });
  place('low', { side: 'sell', kind: 'stop-limit', stopTicks: 10, priceTicks: 15 });
  heard();
  place('b', { priceTicks: 12, sizeLots: 2 });
  expect(heard().slice(-2)).toEqual(['low triggered', 'sell 15: 1']);
});

test('fills, fees and balances are those of the worked example, to the last digit', () => {
  const rules = { symbol: 'ASD/USDT', base: 'ASD', quote: 'USDT', tickSize: '0.0001', lotSize: '1' };
  const more = { minNotional: '5', reserveRate: '0.001' };
  const { engine, events, place } = engineCase(
    { ...rules, ...more },
    { rich: false, fees: { maker: '0', taker: '0.001' } },
  );
  engine.deposit('bob', 'ASD', toUnits('500', ''), 0);
  engine.deposit('ann', 'ASD', toUnits('250', ''), 0);
  engine.deposit('ann', 'USDT', toUnits('1000', ''), 0);
  for (const [priceTicks, sizeLots] of [
    [710, 120],
    [711, 200],
    [712, 180],
  ] as const)
    place(`s${priceTicks}`, { account: 'bob', side: 'sell', priceTicks, sizeLots });
  const seen: string[][] = [];
  const told = events.length;
  const states = (): string[] => {
    const [base, quote] = [engine.balance('ann', 'ASD'), engine.balance('ann', 'USDT')];
    return [base.total, quote.total, quote.total - quote.held].map(toText);
  };
  place('b', { priceTicks: 712, sizeLots: 500 });
  for (const event of events.slice(told) as OrderEvent[]) {
    if (event.kind !== 'order' || event.order.id !== 'b') continue;
    const { filledLots, fee } = event.order;
    seen.push([event.change, `${filledLots}`, toText(fee), toText(event.order.held)]);
  }
  expect(seen).toEqual([
    ['accepted', '0', '0', '35.6356'],
    ['filled', '120', '0.00852', '27.083056'],
    ['filled', '320', '0.02274', '12.828816'],
    ['filled', '500', '0.035556', '0'],
  ]);
  expect(states()).toEqual(['750', '964.408444', '964.408444']);
});

test.each([
  ['7105', '0.00083', '5.90304715'],
  ['7967.62', '0.0083', '66.197377246'],
  ['50', '0.1', '5.005'],
])('a buy at %s of %s holds what was recorded', (price, size, held) => {
  const rules = {
    symbol: 'B/Q',
    base: 'B',
    quote: 'Q',
    tickSize: '0.01',
    lotSize: '0.00001',
    reserveRate: '0.001',
  };
  const { engine, place } = engineCase({ ...rules, minNotional: '0', minSize: '0.00001' });
  const [priceTicks, sizeLots] = [Math.round(Number(price) * 100), Math.round(Number(size) * 100_000)];
  place('b', { priceTicks, sizeLots });
  expect(toText(engine.order('b')?.held ?? 0n)).toBe(held);
});

test.each<[string, Partial<OrderRequest>]>([
  ['unknown-account', { account: 'eve' }],
  ['unknown-instrument', { symbol: 'X/Y' }],
  ['duplicate-id', {}],
  ['invalid-combination', { stopTicks: 5 }],
  ['invalid-combination', { kind: 'stop-limit' }],
  ['invalid-combination', { postOnly: true, timeInForce: 'IOC' }],
  ['invalid-combination', { kind: 'market', timeInForce: 'FOK' }],
  ['invalid-combination', { side: 'up' as 'buy' }],
  ['invalid-size', { sizeLots: 1.5 }],
  ['invalid-size', { sizeLots: 1_001 }],
  ['invalid-price', { priceTicks: 0 }],
  ['invalid-stop', { kind: 'stop-limit', stopTicks: -1 }],
  ['invalid-notional', { priceTicks: 1_001, sizeLots: 1_000 }],
  ['insufficient-funds', { side: 'sell', account: 'bob', sizeLots: 1_000, priceTicks: 1 }],
])('a request is refused as %s, and changes nothing', (refusal, request) => {
  const { engine, heard, place } = engineCase();
  place('x', {});
  engine.withdraw('bob', 'A', toUnits('999500', ''), 0);
  heard();
  const before = JSON.stringify(engine.snapshot());
  const id = refusal === 'duplicate-id' ? 'x' : 'y';
  expect(place(id, request)).toEqual({ refusal });
  expect([heard(), JSON.stringify(engine.snapshot())]).toEqual([[], before]);
});

test('an instrument that only lets cancel takes no orders, and a halted one lets nothing happen', () => {
  const { engine, place } = engineCase();
  place('b', {});
  engine.setStatus('A/Q', 'cancel-only');
  expect(place('c', {})).toEqual({ refusal: 'not-trading' });
  engine.setStatus('A/Q', 'halted');
  expect([engine.cancel('b', 2), engine.cancel('none', 2)]).toEqual(['not-trading', 'unknown-order']);
  expect(engine.cancelAll('ann', 2)).toEqual([]);
  engine.setStatus('A/Q', 'cancel-only');
  expect(engine.cancelAll('ann', 2).map(({ id, status }) => [id, status])).toEqual([['b', 'canceled']]);
});

test('money that is held can neither be withdrawn nor held again', () => {
  const { engine, place } = engineCase({}, { rich: false });
  engine.deposit('ann', 'Q', toUnits('10', ''), 0);
  place('b', { priceTicks: 7 });
  expect(engine.withdraw('ann', 'Q', toUnits('3.000000001', ''), 0)).toBe(false);
  expect(place('c', { priceTicks: 4 })).toEqual({ refusal: 'insufficient-funds' });
  expect(engine.withdraw('ann', 'Q', toUnits('3', ''), 0)).toBe(true);
});

test('fees for which nothing is held are refused', () => {
  const fees = { maker: '0', taker: '0.002' };
  const message = 'fees: expected at most 0.001, which A/Q holds for them, got 0 and 0.002';
  expect(() => engineCase({ reserveRate: '0.001' }, { fees })).toThrow(message);
  const { engine } = engineCase({ reserveRate: '0.001' });
  expect(() => engine.setFees('ann', fees)).toThrow(message);
  expect(() => engineCase({ commission: 'received' }, { fees })).not.toThrow();
});

test('many small fills at the rate of the reserve pay no more in fees than was held', () => {
  const rules = {
    tickSize: '0.001',
    lotSize: '0.000001',
    minSize: '0',
    minNotional: '0',
    reserveRate: '0.001',
  };
  const { engine, place } = engineCase(rules, { fees: { maker: '0.001', taker: '0' } });
  place('b', { priceTicks: 1, sizeLots: 3 });
  const held = engine.order('b')?.held ?? 0n;
  const before = engine.balance('ann', 'Q').total;
  for (const id of ['s1', 's2', 's3']) place(id, { account: 'bob', side: 'sell', priceTicks: 1 });
  expect([held, before - engine.balance('ann', 'Q').total]).toEqual([4n, 4n]);
  expect(engine.ledger().get('Q')?.fees).toBe(1n);
});

test('a restored engine goes on with the same orders in the same order', () => {
  const { engine, place } = engineCase();
  place('b1', { priceTicks: 10, sizeLots: 2 });
  place('b2', { account: 'bob', priceTicks: 10, sizeLots: 2 });
  place('s1', { side: 'sell', priceTicks: 10 });
  place('stop', { side: 'sell', kind: 'stop-limit', stopTicks: 5, priceTicks: 5 });
  const restored = restoreEngine(JSON.parse(JSON.stringify(engine.snapshot())));
  expect(restored.snapshot()).toEqual(engine.snapshot());
  restored.place(
    { id: 's2', account: 'bob', symbol: 'A/Q', side: 'sell', kind: 'limit', sizeLots: 2, priceTicks: 10 },
    3,
  );
  expect([restored.order('b1'), restored.order('b2')?.filledLots]).toEqual([undefined, 1]);
});

test.each<[string, (order: OrderSnapshot) => readonly OrderSnapshot[], string]>([
  ['two of one id', (order) => [order, order], 'expected an id that no other order has'],
  ['no size', (order) => [{ ...order, sizeLots: -3 }], 'expected one that an engine would have taken'],
  ['another time', (order) => [{ ...order, timeInForce: 'GTD' as 'GTC' }], 'that an engine would have taken'],
  ['an end', (order) => [{ ...order, status: 'filled' }], 'open or waits for its stop price, got filled'],
  ['a wait for nothing', (order) => [{ ...order, status: 'waiting' }], 'stop price, got waiting'],
  ['nothing left', (order) => [{ ...order, filledLots: 2 }], 'something left of its 2 lots, got 2 filled'],
  ['a debt', (order) => [{ ...order, held: '-1' }], 'to have what it holds, got -1 units'],
  ['too much held', (order) => [{ ...order, held: '1000000000000001' }], 'got 1000000000000001 units'],
])('a snapshot of an order with %s is refused', (_what, change, sentence) => {
  const { engine, place } = engineCase();
  place('b1', { priceTicks: 10, sizeLots: 2 });
  const snapshot = engine.snapshot();
  const instruments = snapshot.instruments.map((each) => ({ ...each, orders: each.orders.flatMap(change) }));
  expect(() => restoreEngine({ ...snapshot, instruments })).toThrow(sentence);
  expect(() => restoreEngine(snapshot)).not.toThrow();
});

test('a snapshot of an account with debts, or with fees that nothing covers, is refused', () => {
  const snapshot = engineCase().engine.snapshot();
  const [first, ...others] = snapshot.accounts;
  const restored = (change: Partial<AccountSnapshot>) => () =>
    restoreEngine({ ...snapshot, accounts: [{ ...first!, ...change }, ...others] });
  expect(restored({ totals: [['Q', '-1']] })).toThrow('expected 0 or more of Q, got -1 units');
  expect(restored({ fees: { maker: '0.9', taker: '0.9' } })).toThrow('fees: expected at most');
});

test('very many stop orders that one trade triggers all go', () => {
  const { engine, place } = engineCase({ maxNotional: '1000000' });
  const count = 150_000;
  const high = count + 10;
  engine.deposit('ann', 'A', toUnits('1000000', ''), 0);
  // Each is triggered before those that came before it, which puts it behind them without moving any.
  for (let at = 0; at < count; at += 1)
    place(`stop ${at}`, { side: 'sell', kind: 'stop-limit', stopTicks: 9 + at, priceTicks: high + 1 });
  place('starter', { side: 'sell', kind: 'stop-limit', stopTicks: high, priceTicks: 9 });
  place('low', { account: 'bob', priceTicks: 9 });
  place('high', { account: 'bob', priceTicks: high });
  place('first', { side: 'sell', priceTicks: high });
  expect(engine.orders('ann').every(({ status }) => status === 'open')).toBe(true);
  expect(engine.levels('A/Q', 'sell')).toEqual([{ priceTicks: high + 1, sizeLots: count }]);
});

test('money goes from one account to another, or stays where it is', () => {
  const { engine, heard } = engineCase();
  heard();
  const before = [engine.balance('ann', 'Q'), engine.balance('bob', 'Q'), engine.ledger()];
  expect(() => engine.transfer('ann', 'nobody', 'Q', 1n, 1)).toThrow('account nobody: expected one that was');
  expect(() => engine.transfer('nobody', 'ann', 'Q', 1n, 1)).toThrow('account nobody: expected one that was');
  expect(() => engine.transfer('ann', 'bob', 'Q', 0n, 1)).toThrow('expected more than 0 units, got 0');
  expect(engine.transfer('ann', 'bob', 'X', 1n, 1)).toBe(false);
  expect([engine.balance('ann', 'Q'), engine.balance('bob', 'Q'), engine.ledger()]).toEqual(before);
  expect(heard()).toEqual([]);
  expect(engine.transfer('ann', 'bob', 'Q', 7n, 1)).toBe(true);
  expect(engine.ledger()).toEqual(before[2]);
});

test('a snapshot from which money is missing, or of another version, is refused', () => {
  const snapshot = engineCase().engine.snapshot();
  const flows = snapshot.flows.map((flow) => ({ ...flow, deposited: `${BigInt(flow.deposited) + 1n}` }));
  expect(() => restoreEngine({ ...snapshot, flows })).toThrow('expected what was deposited to be somewhere');
  expect(() => restoreEngine({ ...snapshot, version: 2 as 1 })).toThrow('expected version 1, got 2');
});

test.each([
  [{ tickSize: '0.0000000001' }, 'A/Q, tickSize: expected a decimal of at most 9 places, got 0.0000000001'],
  [{ tickSize: '0.00001', lotSize: '0.00001' }, 'expected a tick x lot of at most nine places'],
  [{ lotSize: '0' }, 'expected a tick and a lot above 0, got 1, 0'],
  [{ minNotional: '-1' }, 'A/Q, minNotional: expected a decimal from 0, got -1'],
])('rules that make no sense are refused by name: %o', (rules, message) => {
  const instruments = [{ ...plainRules, ...rules }];
  expect(() => createMatchingEngine({ instruments, fees: { maker: '0', taker: '0' } })).toThrow(message);
});
