import { expect } from 'vitest';
import { times } from './arrivals.ts';
import { storeTest, until } from './shared-store.ts';

const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 60_000, reserved: { cancel: 3 } }] }];
const patience = { place: 0, query: 0, background: 0 };

storeTest(
  'a lane takes of the capacity of those above it: all lanes together never exceed it',
  async (store) => {
    const [one, other] = times(2, () => store.limiter(limits, { patience }));
    await one!.acquire('a', { lane: 'query', weight: 7 });
    for (let at = 0; at < 3; at += 1) await other!.acquire('a', { lane: 'cancel' });
    const fourth = other!.acquire('a', { lane: 'cancel', deadlineMs: other!.now() + 50 });
    await expect(fourth).rejects.toMatchObject({ code: 'deadline' });
    expect(other!.usage().limits[0]!.windows[0]!.used).toBe(10);
  },
);

storeTest('a reserve lets nobody pass who waits in the same lane', async (store) => {
  const [one, other] = times(2, () => store.limiter(limits, { patience }));
  await one!.acquire('a', { lane: 'query', weight: 7 });
  await one!.acquire('a', { lane: 'cancel' });
  one!.acquire('a', { lane: 'cancel', weight: 3 }).catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  const light = other!.acquire('a', { lane: 'cancel', deadlineMs: other!.now() + 50 });
  await expect(light).rejects.toMatchObject({ code: 'deadline' });
});

storeTest('what others used is added to what each lane knows of', async (store) => {
  const limiter = store.limiter(limits);
  await limiter.acquire('a', { lane: 'query', weight: 2 });
  await limiter.acquire('a', { lane: 'cancel', weight: 3 });
  limiter.report('a', 7);
  await until(async () => (await store.used('a')) === 7);
  const below = store.key('a:0:place:sliding-window:sums');
  expect(await store.admin.hget(below, 'used')).toBe('4');
});
