import { expect } from 'vitest';
import { times } from './arrivals.ts';
import { storeTest, until } from './shared-store.ts';

const limits = [
  {
    id: 'a',
    windows: [
      { capacity: 10, windowMs: 400 },
      { capacity: 100, windowMs: 300, policy: 'token-bucket' as const },
    ],
  },
];

/** How long it takes until there is room. */
async function waitOf(limiter: { acquire(id: string): Promise<unknown> }): Promise<number> {
  const startMs = performance.now();
  await limiter.acquire('a');
  return performance.now() - startMs;
}

/** What it is less than where nothing counts as used; a machine that stands still for so long has other troubles. */
const atOnceMs = 400;

storeTest('a store that nobody knew before is used at once', async (store) => {
  expect(await waitOf(store.limiter(limits))).toBeLessThan(atOnceMs);
});

storeTest('a bucket of a store that lost its memory was full', async (store) => {
  const limiter = store.limiter([{ id: 'a', windows: limits[0]!.windows.slice(1) }]);
  await limiter.acquire('a');
  await store.admin.flushall();
  expect(await waitOf(limiter)).toBeGreaterThan(150);
});

storeTest(
  'a store that lost its memory counts everything as used, for all, once somebody knows',
  async (store) => {
    const [old, young] = times(2, () => store.limiter(limits));
    await old!.acquire('a');
    await store.admin.flushall();
    // The young one did not know the store before: it believes what the old one has found out.
    const noticed = until(async () => (await store.admin.hexists(store.key('store'), 'lost')) === 1);
    const waits = await Promise.all([waitOf(old!), noticed.then(() => waitOf(young!))]);
    expect(waits[0]).toBeGreaterThan(400);
    expect(waits[0]).toBeLessThan(5_000);
    expect(waits[1]).toBeGreaterThan(340);
    // It is over once, and not begun again by those who hear of it later.
    expect(await waitOf(old!)).toBeLessThan(atOnceMs);
  },
);

storeTest('a store that came back from an old copy of itself has lost its memory too', async (store) => {
  const limiters = times(2, () => store.limiter(limits));
  for (const limiter of limiters) await limiter.acquire('a');
  const copy = await store.admin.hgetall(store.key('store'));
  for (const limiter of limiters) await limiter.acquire('a');
  await store.admin.hset(store.key('store'), copy);
  expect(await waitOf(limiters[0]!)).toBeGreaterThan(400);
  expect(await waitOf(limiters[1]!)).toBeLessThan(atOnceMs);
});

storeTest('a copy from before the last loss is no newer memory', async (store) => {
  const limiter = store.limiter(limits);
  await limiter.acquire('a');
  const copy = await store.admin.hgetall(store.key('store'));
  await store.admin.flushall();
  await limiter.acquire('a');
  await store.admin.del(store.key('store'));
  await store.admin.hset(store.key('store'), { ...copy, count: '1000' });
  expect(await waitOf(limiter)).toBeGreaterThan(400);
});
