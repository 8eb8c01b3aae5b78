import { expect } from 'vitest';
import type { SharedRateLimiter } from '../../src/redis/index.ts';
import { ManualTime, settled } from '../manual-time.ts';
import { times } from './arrivals.ts';
import { type SharedStore, storeTest, until } from './shared-store.ts';

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

const long = [{ id: 'a', windows: [{ capacity: 10, windowMs: 60_000 }] }];

/** Brings back what the store knew of itself at some time, when nothing was in use. */
async function restore(store: SharedStore, copy: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['log', 'sums']) await store.admin.del(store.key(`a:0:cancel:sliding-window:${name}`));
  await store.admin.hset(store.key('store'), copy);
}

function soon(limiter: SharedRateLimiter): Promise<unknown> {
  return limiter.acquire('a', { deadlineMs: limiter.now() + 60 });
}

storeTest('who reported the use of others still notices that the store lost its memory', async (store) => {
  const limiter = store.limiter(long);
  await limiter.acquire('a');
  limiter.report('a', 5);
  await until(async () => (await store.used('a')) === 5);
  await until(() => limiter.usage().limits[0]!.windows[0]!.used === 5);
  await store.admin.flushall();
  await expect(soon(limiter)).rejects.toMatchObject({ code: 'deadline' });
});

storeTest('a copy from before others were reported is older than what is known', async (store) => {
  const limiter = store.limiter(long);
  await limiter.acquire('a');
  const copy = await store.admin.hgetall(store.key('store'));
  limiter.report('a', 10);
  await until(async () => (await store.used('a')) === 10);
  await expect(soon(limiter)).rejects.toMatchObject({ code: 'deadline' });
  await restore(store, copy);
  await expect(soon(limiter)).rejects.toMatchObject({ code: 'deadline' });
});

storeTest('a copy from before a request left late is older than what is known', async (store) => {
  const time = new ManualTime();
  const limiter = store.limiter(long, { time, allowanceMs: 100 });
  const grant = await limiter.acquire('a');
  const copy = await store.admin.hgetall(store.key('store'));
  time.jumpTo(80);
  grant.sent();
  // It is on its way by then, and answered once no deadline is left.
  await settled();
  await until(() => time.pending === 0);
  await restore(store, copy);
  limiter.acquire('a').catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
});
