import { expect } from 'vitest';
import { CountingServer, send, times } from './arrivals.ts';
import { pause, type SharedStore, storeTest, storeTestOfBoth, until } from './shared-store.ts';

const allowanceMs = 100;
const windowMs = 150;

storeTestOfBoth('a request is charged to all of its limits, or to none', async (store) => {
  const limits = [
    { id: 'order', windows: [{ capacity: 5, windowMs: 60_000 }], links: [{ id: 'all', weight: 3 }] },
    { id: 'all', windows: [{ capacity: 7, windowMs: 60_000 }] },
  ];
  const [one, other] = [store.limiter(limits), store.limiter(limits)];
  await one.run('order', () => 0);
  await other.run('order', () => 0);
  const third = one.acquire('order', { deadlineMs: one.now() + 60 });
  await expect(third).rejects.toMatchObject({ code: 'deadline' });
  expect([await store.used('order'), await store.used('all')]).toEqual([2, 6]);
});

storeTestOfBoth(
  'a server sees no more than a limit in any window, with several windows and weights',
  async (store) => {
    const limits = [
      {
        id: 'a',
        windows: [
          { capacity: 6, windowMs },
          { capacity: 10, windowMs: 2 * windowMs },
        ],
      },
    ];
    const limiters = times(3, () => store.limiter(limits, { allowanceMs }));
    const server = new CountingServer(allowanceMs);
    await Promise.all(times(18, (at) => send(limiters[at % 3]!, server, 'a', { weight: 1 + (at % 3) })));
    expect(server.arrivals).toHaveLength(18);
    expect(server.worst(windowMs)).toBeLessThanOrEqual(6);
    expect(server.worst(2 * windowMs)).toBeLessThanOrEqual(10);
  },
);

storeTest(
  'what is taken comes back after its window and its allowance, not before and not much later',
  async (store) => {
    const limiter = store.limiter([{ id: 'a', windows: [{ capacity: 1, windowMs }] }], { allowanceMs });
    const server = new CountingServer();
    await Promise.all(times(3, () => send(limiter, server, 'a')));
    const [first, second, third] = server.arrivals.map(({ atMs }) => atMs);
    // The store's time is earlier than ours by its answer's way, which may be half of the allowance.
    expect(second! - first!).toBeGreaterThan(windowMs + allowanceMs / 2);
    expect(third! - second!).toBeGreaterThan(windowMs + allowanceMs / 2);
    expect(third! - first!).toBeLessThan(2 * (windowMs + allowanceMs) + 500);
  },
);

storeTest('a large capacity is counted in slots, and never exceeded by that', async (store) => {
  const capacity = 100_000;
  const limits = [{ id: 'a', windows: [{ capacity, windowMs: 2 * windowMs }] }];
  const limiters = times(2, () => store.limiter(limits, { allowanceMs }));
  const server = new CountingServer(allowanceMs);
  let slots = 0;
  await Promise.all([
    ...times(300, (at) => send(limiters[at % 2]!, server, 'a', { weight: 900 })),
    until(async () => {
      slots = Math.max(slots, await store.admin.zcard(store.key('a:0:cancel:sliding-window:log')));
      return server.arrivals.length >= 222;
    }),
  ]);
  expect(server.worst(2 * windowMs)).toBeLessThanOrEqual(capacity);
  expect(slots).toBeLessThanOrEqual(1_025);
});

storeTest(
  'requests within one slot of a large capacity are counted together, to the time of the last',
  async (store) => {
    const limiter = store.limiter([{ id: 'a', windows: [{ capacity: 10_000, windowMs: 1_024_000 }] }]);
    for (let at = 0; at < 5; at += 1) await limiter.acquire('a');
    const log = await store.admin.zrange(store.key('a:0:cancel:sliding-window:log'), '0', '-1', 'WITHSCORES');
    expect(log).toHaveLength(2);
    expect(Number(log[1])).toBeGreaterThan(Number(log[0]));
    expect(await store.used('a')).toBe(5);
  },
);

storeTestOfBoth('a token bucket lets a burst through, then its pace', async (store) => {
  const bucket = { capacity: 20, windowMs: 400, policy: 'token-bucket' } as const;
  const perMs = bucket.capacity / bucket.windowMs;
  const limits = [{ id: 'a', windows: [{ ...bucket, allowanceMs }] }];
  const limiters = times(2, () => store.limiter(limits));
  const server = new CountingServer(allowanceMs);
  const startMs = performance.now();
  await Promise.all(times(34, (at) => send(limiters[at % 2]!, server, 'a')));
  const tookMs = performance.now() - startMs;
  const burst = bucket.capacity - Math.ceil(perMs * allowanceMs);
  expect(server.highest(perMs)).toBeLessThanOrEqual(bucket.capacity + 1e-6);
  expect(tookMs).toBeGreaterThan((34 - burst) / perMs - 40);
  expect(tookMs).toBeLessThan((34 - burst) / perMs + 1_500);
});

storeTest('a bucket is as full as it was, whatever is given back late', async (store) => {
  const limits = [
    { id: 'a', windows: [{ capacity: 100, windowMs: 1_000, policy: 'token-bucket' as const }] },
  ];
  const limiter = store.limiter(limits);
  const [early] = [await limiter.acquire('a', { weight: 10 }), await limiter.acquire('a', { weight: 60 })];
  const before = await bucketOf(store);
  await pause(150);
  early.release();
  await until(async () => (await bucketOf(store)).at !== before.at);
  const after = await bucketOf(store);
  // All of the ten had run out by then: nothing of it comes back.
  const ranOut = (after.at - before.at) / 10_000;
  expect(after.level).toBeCloseTo(before.level - ranOut, 3);
});

storeTest('a lane with a reserve above it has less of a bucket, and the same pace', async (store) => {
  const bucket = {
    capacity: 100,
    windowMs: 1_000,
    policy: 'token-bucket',
    reserved: { cancel: 50 },
  } as const;
  const limiter = store.limiter([{ id: 'a', windows: [bucket] }]);
  await limiter.acquire('a', { weight: 30 });
  const before = await bucketOf(store, 'place');
  await pause(60);
  await limiter.acquire('a');
  const after = await bucketOf(store, 'place');
  expect(after.level).toBeCloseTo(Math.max(0, before.level - (after.at - before.at) / 10_000) + 1, 3);
});

async function bucketOf(store: SharedStore, lane = 'cancel'): Promise<{ level: number; at: number }> {
  const { level, at } = await store.admin.hgetall(store.key(`a:0:${lane}:token-bucket:sums`));
  return { level: Number(level), at: Number(at) };
}

storeTest('a capacity of as many as there are slots is counted one by one', async (store) => {
  const limiter = store.limiter([{ id: 'a', windows: [{ capacity: 1_024, windowMs: 1_024_000 }] }]);
  for (let at = 0; at < 3; at += 1) await limiter.acquire('a');
  expect(await store.admin.zcard(store.key('a:0:cancel:sliding-window:log'))).toBe(3);
});

storeTest('an allowance of ten milliseconds is the least that can be shared', async (store) => {
  const of = (least: number) => [
    { id: 'a', windows: [{ capacity: 1, windowMs: 1_000, allowanceMs: least }] },
  ];
  expect(() => store.limiter(of(10))).not.toThrow();
  expect(() => store.limiter(of(9.99))).toThrow('at least 10');
});
