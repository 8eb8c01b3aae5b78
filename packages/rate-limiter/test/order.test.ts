import { expect, test } from 'vitest';
import { caseOf, follow, limitOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

/** Two limits and a kind of request that needs both. */
const both = { id: 'both', links: [{ id: 'x' }, { id: 'y' }] };
const pair = [limitOf('x', 2), limitOf('y', 2), both];

test('requests without a common limit do not wait for each other', async () => {
  const { limiter } = caseOf(pair);
  limiter.tryAcquire('x', { weight: 2 });
  const held = follow(limiter, 'x');
  const free = follow(limiter, 'y');
  await settled();
  expect([held.state, free.state]).toEqual(['waiting', 'granted']);
});

test('nobody takes what is kept for one who came earlier and waits for another limit', async () => {
  const { limiter, time } = caseOf([limitOf('x', 2), limitOf('y', 1), both]);
  limiter.tryAcquire('x', { weight: 2 });
  time.jumpTo(100);
  const waiting = [follow(limiter, 'both'), follow(limiter, 'y')];
  expect(limiter.tryAcquire('y')).toBeUndefined();
  await settled();
  expect(waiting.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([1_000, 2_000]);
});

test('one for whom there is room beside what is kept goes at once', async () => {
  const { limiter, time } = caseOf(pair);
  limiter.tryAcquire('x', { weight: 2 });
  time.jumpTo(100);
  const waiting = [follow(limiter, 'both'), follow(limiter, 'y')];
  expect(limiter.tryAcquire('y')).toBeUndefined();
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([1_000, 100]);
});

test('one who is passed over keeps its own limits for itself too', async () => {
  const limits = [limitOf('x', 2), limitOf('y', 1), both, { id: 'yz', links: [{ id: 'y' }, { id: 'z' }] }];
  const goAtMs = [];
  for (const capacity of [1, 2]) {
    const { limiter, time } = caseOf([...limits, limitOf('z', capacity)]);
    limiter.tryAcquire('x', { weight: 2 });
    time.jumpTo(100);
    const chain = ['both', 'yz', 'z'].map((id) => follow(limiter, id));
    await time.advanceTo(5_000);
    goAtMs.push(chain.map(({ atMs }) => atMs));
  }
  // At 1,000 the second has to wait for a whole period more: then it keeps nothing from the third.
  expect(goAtMs).toEqual([
    [1_000, 2_000, 1_000],
    [1_000, 2_000, 100],
  ]);
});

/** Orders have a slow limit of their own, and share one of much more room with everything else. */
const venue = [
  limitOf('weight', 100, { windowMs: 60_000 }),
  { ...limitOf('orders', 1, { windowMs: 8_000 }), links: [{ id: 'weight' }] },
  { id: 'cancel', links: [{ id: 'weight' }] },
  { id: 'query', links: [{ id: 'weight' }] },
];

test('an order that waits for the limit of orders holds up no cancel and no query', async () => {
  const { limiter, time } = caseOf(venue);
  limiter.tryAcquire('orders', { lane: 'place' });
  const order = follow(limiter, 'orders', { lane: 'place' });
  await time.advanceTo(2_000);
  for (let count = 0; count < 30; count += 1) {
    expect(follow(limiter, 'cancel', { lane: 'cancel' }).atMs).toBe(2_000);
    expect(follow(limiter, 'query', { lane: 'query' }).atMs).toBe(2_000);
  }
  await time.advanceTo(10_000);
  expect(order.atMs).toBe(8_000);
});

test('once those who wait need all the room, whoever comes later waits behind them', async () => {
  const { limiter, time } = caseOf([limitOf('weight', 10, { windowMs: 60_000 }), ...venue.slice(1)]);
  const orders = Array.from({ length: 8 }, () => follow(limiter, 'orders'));
  await time.advanceTo(1_000);
  const fits = follow(limiter, 'query', { weight: 2 });
  const tooMuch = follow(limiter, 'cancel');
  expect([fits.state, tooMuch.state]).toEqual(['granted', 'waiting']);
  await time.advanceTo(70_000);
  expect(orders.map(({ atMs }) => atMs)).toEqual(orders.map((_, at) => 8_000 * at));
  expect(tooMuch.atMs).toBe(60_000);
});

test('one who is given up keeps nothing any more', async () => {
  const { limiter, time } = caseOf([limitOf('x', 2), limitOf('y', 2), both]);
  limiter.tryAcquire('x', { weight: 2 });
  time.jumpTo(100);
  const controllers = [new AbortController(), new AbortController()];
  for (const { signal } of controllers) follow(limiter, 'both', { signal });
  const behind = follow(limiter, 'y');
  expect(behind.state).toBe('waiting');
  await time.advanceTo(200);
  controllers[1]?.abort();
  await time.advanceTo(5_000);
  expect(behind.atMs).toBe(200);
});

test('one who is passed over goes when room beside appears, before those who came earlier', async () => {
  const { limiter, time } = caseOf([limitOf('weight', 10, { windowMs: 10_000 }), ...venue.slice(1)]);
  limiter.tryAcquire('query', { weight: 6 });
  await time.advanceTo(5_000);
  limiter.tryAcquire('orders');
  await time.advanceTo(6_000);
  const waiting = [follow(limiter, 'orders'), follow(limiter, 'query', { weight: 3 })];
  await time.advanceTo(20_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([13_000, 10_000]);
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
  const { limiter, time } = caseOf([limitOf('x', 1, { windowMs: 2_000 }), { id: 'y', windows }, both]);
  limiter.tryAcquire('x');
  const waiting = [follow(limiter, 'both'), follow(limiter, 'y', { weight: 9 })];
  await time.advanceTo(9_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([2_000, 5_000]);
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

test('whoever stands behind one that goes soon keeps nothing for that long, if it has no room itself by then', async () => {
  const limits = [
    { id: 'all', links: [{ id: 'orders' }, { id: 'day' }, { id: 'address' }] },
    { id: 'orders', windows: [{ capacity: 1, windowMs: 50 }] },
    { id: 'day', windows: [{ capacity: 1, windowMs: 200 }] },
    { id: 'address', windows: [{ capacity: 1, windowMs: 50 }] },
  ];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('orders');
  limiter.tryAcquire('day');
  time.jumpTo(10);
  const first = follow(limiter, 'orders');
  const behind = follow(limiter, 'all');
  const passing = follow(limiter, 'address');
  expect(passing).toMatchObject({ state: 'granted', atMs: 10 });
  await time.advanceTo(500);
  expect([first.atMs, behind.atMs]).toEqual([50, 200]);
});

test('one whose deadline passes while work goes on keeps nothing any more', async () => {
  const limits = [
    ...[limitOf('slow', 1, { windowMs: 10_000 }), limitOf('wanted', 1, { windowMs: 20_000 })],
    { id: 'both', links: [{ id: 'slow' }, { id: 'wanted' }] },
    limitOf('busy', 1, { windowMs: 50 }),
  ];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('slow');
  limiter.tryAcquire('busy');
  const late = follow(limiter, 'both', { deadlineMs: 100 });
  void limiter.run('busy', () => {
    time.jumpTo(200);
    return new Promise(() => {});
  });
  const behind = follow(limiter, 'wanted');
  await time.advanceTo(1_000);
  expect([late.state, behind.atMs]).toEqual(['deadline', 200]);
});

test('one that is put off by a request which left later keeps nothing for that long', async () => {
  const limits = [
    ...[limitOf('slow', 1, { windowMs: 210 }), limitOf('other', 2, { windowMs: 184 })],
    { id: 'heavy', links: [{ id: 'slow' }, { id: 'other', weight: 2 }] },
  ];
  const { limiter, time } = caseOf(limits);
  const grant = limiter.tryAcquire('slow');
  await time.advanceTo(50);
  const heavy = follow(limiter, 'heavy');
  const light = follow(limiter, 'other');
  await time.advanceTo(100);
  grant?.sent();
  await time.advanceTo(1_000);
  expect([light.atMs, heavy.atMs]).toEqual([100, 310]);
});

test('whoever stands behind several waits for the last of them, and keeps nothing elsewhere for the first', async () => {
  const limits = [
    ...[limitOf('soon', 1, { windowMs: 50 }), limitOf('later', 1, { windowMs: 100 })],
    ...[limitOf('shared', 2, { windowMs: 200 }), limitOf('other', 1, { windowMs: 40 })],
    { id: 'first', links: [{ id: 'soon' }, { id: 'shared' }] },
    { id: 'second', links: [{ id: 'later' }, { id: 'shared' }] },
    { id: 'third', links: [{ id: 'shared' }, { id: 'other' }] },
  ];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('soon');
  limiter.tryAcquire('later');
  time.jumpTo(20);
  const waiting = ['first', 'second', 'third'].map((id) => follow(limiter, id));
  expect(follow(limiter, 'other')).toMatchObject({ state: 'granted', atMs: 20 });
  await time.advanceTo(1_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([50, 100, 250]);
});
