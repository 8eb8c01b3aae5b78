import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderUpdate } from '../src/desk/desk-types.ts';
import { toText } from '../src/engine/money.ts';
import { createAscendexStage } from './ascendex-stage.ts';
import { deskCase } from './desk-case.ts';

/** Asks of the worked example: 120 at 0.0710, 200 at 0.0711, 180 at 0.0712. */
function asks({ floor }: ReturnType<typeof deskCase>): void {
  for (const [index, [priceTicks, sizeLots]] of [
    [710, 120],
    [711, 200],
    [712, 180],
  ].entries()) {
    const order = {
      id: `ask ${index}`,
      account: 'bob',
      symbol: 'ASD/USDT',
      side: 'sell',
      kind: 'limit',
    } as const;
    floor.place({ ...order, priceTicks: priceTicks ?? 0, sizeLots: sizeLots ?? 0 });
  }
}

test('an owner is told what becomes of an order, with both balances as they are after it (worked example 6.5)', () => {
  const given = deskCase();
  asks(given);
  given.submit('one', {});
  const table = given.updates.map((update) => {
    const { order, base, quote, fill } = update as OrderUpdate;
    return [
      ...[order?.phase, order?.filledLots, toText(order?.fee ?? 0n), toText(base.total)],
      ...[toText(quote.total), toText(quote.total - quote.held), fill?.priceTicks],
    ];
  });
  expect(table).toEqual([
    ['open', 0, '0', '250', '1000', '964.3644', undefined],
    ['partly-filled', 120, '0.00852', '370', '991.47148', '964.388424', 710],
    ['partly-filled', 320, '0.02274', '570', '977.23726', '964.408444', 711],
    ['filled', 500, '0.035556', '750', '964.408444', '964.408444', 712],
  ]);
});

test('a record does not change any more, while the order goes on', () => {
  const given = deskCase();
  asks(given);
  given.submit('one', { priceTicks: 710 });
  const before = given.desk.order('ann', 'one');
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  expect([before?.phase, given.desk.order('ann', 'one')?.phase]).toEqual(['partly-filled', 'canceled']);
  expect(before).toMatchObject({ clientId: 'my one', filledLots: 120 });
});

test('live orders are open, ended ones are remembered in the order of their ending', () => {
  const given = deskCase();
  for (const id of ['one', 'two', 'three']) given.submit(id, { sizeLots: 100, priceTicks: 700 });
  given.desk.cancel('ann', 'two', 'ASD/USDT');
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  expect(given.desk.openOrders('ann').map(({ id }) => id)).toEqual(['three']);
  expect(given.desk.openOrders('ann', 'BTC/USDT')).toEqual([]);
  expect(given.desk.endedOrders('ann').map(({ id }) => id)).toEqual(['two', 'one']);
});

test('a cancel of what has ended, or never was, is refused, and the order stays as it is', () => {
  const given = deskCase();
  given.submit('one', { priceTicks: 700 });
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  given.desk.cancel('ann', 'none', 'ASD/USDT');
  expect(given.heard()).toEqual([
    'one accepted open',
    'one canceled canceled requested',
    'one cancel-refused canceled already-ended',
    'none cancel-refused unknown-order',
  ]);
});

test('nobody cancels the orders of somebody else', () => {
  const given = deskCase();
  asks(given);
  given.desk.cancel('ann', 'ask 0', 'ASD/USDT');
  expect(given.heard()).toEqual(['ask 0 cancel-refused unknown-order']);
  expect(given.floor.engine.order('ask 0')?.status).toBe('open');
});

test('a refused order is told and remembered as rejected; a second one of the same id leaves the first as it is', () => {
  const given = deskCase();
  given.submit('poor', { sizeLots: 100_000 });
  given.submit('one', { priceTicks: 700 });
  given.submit('one', { priceTicks: 701 });
  expect(given.heard()).toEqual([
    'poor rejected rejected insufficient-funds',
    'one accepted open',
    'one rejected rejected duplicate-id',
  ]);
  expect(given.desk.order('ann', 'one')).toMatchObject({ phase: 'open', priceTicks: 700 });
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  given.submit('one', {});
  expect(given.heard().at(-1)).toBe('one rejected rejected duplicate-id');
  expect(given.desk.check({ ...given.desk.order('ann', 'poor'), id: 'poor' } as never)).toBe('duplicate-id');
});

test('a refused order has ended, and has all that was asked', () => {
  const given = deskCase();
  const asked = { kind: 'stop-limit', stopTicks: 720, priceTicks: 721, sizeLots: 100_000 } as const;
  given.submit('stop', { ...asked, timeInForce: 'IOC' });
  given.submit('post', { postOnly: true, side: 'sell', sizeLots: 1 });
  given.submit('market', { kind: 'market', sizeLots: 100_000 });
  expect(given.desk.openOrders('ann')).toEqual([]);
  const nothing = { filledLots: 0, filledQuote: 0n, fee: 0n, feeAsset: 'USDT', phase: 'rejected' };
  expect(given.desk.endedOrders('ann')).toMatchObject([
    { ...asked, ...nothing, timeInForce: 'IOC', postOnly: false, reason: 'insufficient-funds' },
    { ...nothing, timeInForce: 'GTC', postOnly: true, side: 'sell', reason: 'invalid-notional' },
    { ...nothing, timeInForce: 'IOC', kind: 'market', reason: 'insufficient-funds' },
  ]);
});

test('a refused order would have paid its fee in what its pair pays in', async () => {
  const stage = await createAscendexStage();
  const order = { clientId: '', account: stage.cash, kind: 'limit', priceTicks: 1, sizeLots: 1 } as const;
  for (const [symbol, side] of [
    ['ETH/BTC', 'sell'],
    ['SOL/USDT', 'buy'],
    ['SOL/USDT', 'sell'],
    ['X/Y', 'buy'],
  ] as const)
    stage.desk.submit({ ...order, id: `${symbol} ${side}`, symbol, side });
  const assets = stage.desk.endedOrders(stage.cash).map(({ feeAsset }) => feeAsset);
  expect(assets).toEqual(['ETH', 'SOL', 'USDT', '']);
});

test('a refused cancel is of the symbol of its order, whatever was asked', () => {
  const given = deskCase();
  given.submit('one', { priceTicks: 700, sizeLots: 100 });
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  given.desk.cancel('ann', 'one', 'X/Y');
  const [, canceled, refused] = given.updates as readonly OrderUpdate[];
  const { order, base, quote } = canceled!;
  expect(refused).toMatchObject({ ...{ order, base, quote }, symbol: 'ASD/USDT', refusal: 'already-ended' });
});

test('an owner is told when the books have it, and who comes meanwhile hears what is next', () => {
  const given = deskCase();
  asks(given);
  const booked = given.movements.length;
  const seen: number[] = [];
  let late: Disposable | undefined;
  given.desk.subscribe('ann', (update) => {
    if (update.kind === 'order' && update.fill !== undefined) seen.push(given.movements.length - booked);
  });
  const again = (): void => {
    late?.[Symbol.dispose]();
    if (seen.length < 9) late = given.desk.subscribe('ann', again);
    seen.push(0);
  };
  late = given.desk.subscribe('ann', again);
  given.submit('one', {});
  expect(seen).toEqual([0, 1, 0, 2, 0, 3, 0]);
});

test('a slow engine takes requests later, in their order; until then nobody knows of them', () => {
  let delayMs = 1_000;
  const given = deskCase({ delayMs: () => delayMs });
  given.submit('one', { priceTicks: 700 });
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  delayMs = 0;
  given.desk.cancel('ann', 'one', 'ASD/USDT');
  expect(given.heard()).toEqual(['one cancel-refused unknown-order']);
  given.runtime.pass(999);
  expect(given.desk.order('ann', 'one')).toBeUndefined();
  given.runtime.pass(1);
  expect(given.heard()).toEqual(['one accepted open', 'one canceled canceled requested']);
});

test('money that comes, goes and is moved is told with its reason, and changes nothing if there is too little', () => {
  const given = deskCase();
  given.desk.openAccount('ann margin');
  given.desk.deposit('ann', 'BTC', 5n);
  expect(given.desk.withdraw('ann', 'BTC', 6n)).toBe(false);
  expect(given.desk.withdraw('ann', 'BTC', 2n)).toBe(true);
  expect(given.desk.transfer('ann', 'ann margin', 'BTC', 4n)).toBe(false);
  expect(given.desk.transfer('ann', 'ann margin', 'BTC', 3n)).toBe(true);
  expect(given.heard()).toEqual([
    'deposit 0.000000005 BTC',
    'withdrawal -0.000000002 BTC',
    'transfer -0.000000003 BTC',
  ]);
  expect(given.desk.balance('ann margin', 'BTC')).toEqual({ total: 3n, held: 0n });
});

test('movements add up to the balance, whatever happens', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          side: fc.constantFrom('buy', 'sell'),
          sizeLots: fc.integer({ min: 1, max: 900 }),
          priceTicks: fc.integer({ min: 705, max: 718 }),
          isBob: fc.boolean(),
        }),
        { maxLength: 40 },
      ),
      (orders) => {
        const given = deskCase();
        for (const [index, { isBob, ...order }] of orders.entries()) {
          const id = `${index}`;
          const common = { id, symbol: 'ASD/USDT', kind: 'limit', ...order } as const;
          if (isBob) given.floor.place({ ...common, account: 'bob' });
          else given.submit(id, order);
        }
        const sums = new Map<string, bigint>();
        for (const movement of given.movements) {
          for (const { asset, change, total } of movement.lines) {
            sums.set(asset, (sums.get(asset) ?? 0n) + change);
            expect(sums.get(asset)).toBe(total);
          }
        }
        for (const [asset, { total }] of given.desk.balances('ann')) expect(sums.get(asset)).toBe(total);
        const numbers = given.updates.map(({ sequence }) => sequence);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      },
    ),
  );
});

test('movements are kept for seven days', () => {
  const given = deskCase();
  expect(given.desk.movements('ann')).toHaveLength(2);
  given.runtime.pass(7 * 86_400_000);
  expect(given.desk.movements('ann')).toHaveLength(2);
  given.runtime.pass(1);
  expect(given.desk.movements('ann')).toEqual([]);
});

test('ten thousand ended orders are remembered', () => {
  const given = deskCase();
  for (let index = 0; index <= 10_000; index += 1) {
    given.submit(`${index}`, { sizeLots: 100, priceTicks: 700 });
    given.desk.cancel('ann', `${index}`, 'ASD/USDT');
  }
  const ended = given.desk.endedOrders('ann');
  expect([ended.length, ended[0]?.id, ended.at(-1)?.id]).toEqual([10_000, '1', '10000']);
});
