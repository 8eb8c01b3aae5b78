import { expect, test } from 'vitest';
import { caseOf, follow, limitOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

/** Two limits and a kind of request that needs both. */
const pair = [limitOf('x', 2), limitOf('y', 2), { id: 'both', links: [{ id: 'x' }, { id: 'y' }] }];

test('requests without a common limit do not wait for each other', async () => {
  const { limiter } = caseOf(pair);
  limiter.tryAcquire('x', { weight: 2 });
  const held = follow(limiter, 'x');
  const free = follow(limiter, 'y');
  await settled();
  expect([held.state, free.state]).toEqual(['waiting', 'granted']);
});

test('nobody goes before one who came earlier and waits for a limit that both need', async () => {
  const { limiter, time } = caseOf(pair);
  limiter.tryAcquire('x', { weight: 2 });
  time.jumpTo(100);
  const both = follow(limiter, 'both');
  const behind = follow(limiter, 'y');
  expect(limiter.tryAcquire('y')).toBeUndefined();
  await settled();
  expect(behind.state).toBe('waiting');
  await time.advanceTo(1_000);
  expect([both.atMs, behind.atMs]).toEqual([1_000, 1_000]);
});

test('one who stands behind another holds its own limits for itself too', async () => {
  const limits = [...pair, limitOf('z', 2), { id: 'yz', links: [{ id: 'y' }, { id: 'z' }] }];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('x', { weight: 2 });
  time.jumpTo(100);
  const chain = ['both', 'yz', 'z'].map((id) => follow(limiter, id));
  await settled();
  expect(chain.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
  await time.advanceTo(1_000);
  expect(chain.map(({ atMs }) => atMs)).toEqual([1_000, 1_000, 1_000]);
});

test('one who waits so long that all comes back by then keeps nothing from others until a period before', async () => {
  const limits = [limitOf('x', 1, { windowMs: 5_000 }), ...pair.slice(1)];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('x');
  const both = follow(limiter, 'both');
  await time.advanceTo(4_000);
  const before = follow(limiter, 'y', { weight: 2 });
  await time.advanceTo(4_001);
  const within = follow(limiter, 'y', { weight: 2 });
  await time.advanceTo(20_000);
  expect([before.atMs, both.atMs, within.atMs]).toEqual([4_000, 5_000, 6_000]);
});

test('one who stands behind such a one keeps nothing from others either', async () => {
  const chain = [
    limitOf('x', 1, { windowMs: 90_000 }),
    limitOf('y', 1, { windowMs: 90_000 }),
    limitOf('z', 1),
    { id: 'xy', links: [{ id: 'x' }, { id: 'y' }] },
    { id: 'yz', links: [{ id: 'y' }, { id: 'z' }] },
  ];
  const { limiter, time } = caseOf(chain);
  limiter.tryAcquire('x');
  await time.advanceTo(10);
  const waiting = ['xy', 'yz', 'z'].map((id) => follow(limiter, id));
  await time.advanceTo(400_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([90_000, 180_000, 10]);
});

test('the longest of the windows of a limit is the time for which it is kept', async () => {
  const windows = [
    { capacity: 9, windowMs: 100 },
    { capacity: 9, windowMs: 3_000 },
    { capacity: 9, windowMs: 50 },
  ];
  const { limiter, time } = caseOf([limitOf('x', 1, { windowMs: 2_000 }), { id: 'y', windows }, pair[2]!]);
  limiter.tryAcquire('x');
  const waiting = [follow(limiter, 'both'), follow(limiter, 'y')];
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([2_000, 2_000]);
});

test('a light request does not slip past a heavy one of the same limit', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4)]);
  limiter.tryAcquire('a', { weight: 2 });
  const heavy = follow(limiter, 'a', { weight: 3 });
  const light = follow(limiter, 'a');
  await time.advanceTo(999);
  expect([heavy.state, light.state]).toEqual(['waiting', 'waiting']);
  await time.advanceTo(1_000);
  expect([heavy.state, light.state]).toEqual(['granted', 'granted']);
});

test('requests of several kinds are served in the order of coming, not of their kinds', async () => {
  const limits = [
    { id: 'p', links: [{ id: 'a' }] },
    { id: 'q', links: [{ id: 'a' }] },
    limitOf('a', 1, { windowMs: 100 }),
  ];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('a');
  const order: string[] = [];
  for (const id of ['q', 'p', 'p', 'a', 'q', 'p']) void limiter.run(id, () => order.push(id));
  await time.advanceTo(1_000);
  expect(order).toEqual(['q', 'p', 'p', 'a', 'q', 'p']);
});

test('one who is given up in the middle or at the ends of a queue leaves the others in order', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100 })]);
  limiter.tryAcquire('a');
  const order: number[] = [];
  const controllers = Array.from({ length: 6 }, () => new AbortController());
  for (const [at, { signal }] of controllers.entries())
    limiter.run('a', () => order.push(at), { signal }).catch(() => {});
  for (const at of [0, 3, 5]) controllers[at]?.abort();
  void limiter.run('a', () => order.push(6));
  await time.advanceTo(1_000);
  expect(order).toEqual([1, 2, 4, 6]);
});

test('a queue that was empty for a while is used again as before', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const first = follow(limiter, 'a');
  await time.advanceTo(1_000);
  const [second, third] = [follow(limiter, 'a'), follow(limiter, 'a')];
  await time.advanceTo(5_000);
  expect([first.atMs, second.atMs, third.atMs]).toEqual([1_000, 2_000, 3_000]);
  expect(limiter.usage().waiting.all).toBe(0);
});

test('who can go goes at that moment although others of other limits wait longer', async () => {
  const limits = Array.from({ length: 40 }, (_, at) => limitOf(`l${at}`, 1, { windowMs: 100 * (at + 1) }));
  const { limiter, time } = caseOf(limits);
  for (const { id } of limits) limiter.tryAcquire(id);
  const waiting = [...limits].reverse().map(({ id }) => follow(limiter, id));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual(limits.map((_, at) => 4_000 - 100 * at));
});

test('tryAcquire does not go before one who waits', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4)]);
  limiter.tryAcquire('a', { weight: 3 });
  const heavy = follow(limiter, 'a', { weight: 2 });
  expect(limiter.tryAcquire('a', { lane: 'cancel' })).toBeUndefined();
  await time.advanceTo(1_000);
  expect(heavy.state).toBe('granted');
  expect(limiter.tryAcquire('a', { lane: 'cancel' })).toBeDefined();
});

test('a higher lane that fits goes although a lower one waits for more', async () => {
  const { limiter } = caseOf([limitOf('a', 4)]);
  limiter.tryAcquire('a', { weight: 2 });
  const heavy = follow(limiter, 'a', { weight: 3, lane: 'query' });
  const urgent = follow(limiter, 'a', { lane: 'cancel' });
  await settled();
  expect([heavy.state, urgent.state]).toEqual(['waiting', 'granted']);
});
