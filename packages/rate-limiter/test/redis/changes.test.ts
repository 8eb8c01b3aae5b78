import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { ManualTime } from '../manual-time.ts';
import { times } from './arrivals.ts';
import { pause, storeTest, storeTestOfBoth, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

function limitOf(capacity: number, windowMs = 60_000) {
  return { id: 'a', windows: [{ capacity, windowMs }] };
}

storeTestOfBoth('what a server says of the use of others counts for every process', async (store) => {
  const [one, other] = times(2, () => store.limiter([limitOf(10)]));
  await one!.acquire('a', { weight: 2 });
  one!.report('a', 7);
  await until(async () => (await store.used('a')) === 7);
  one!.report('a', 4);
  await other!.acquire('a', { weight: 3 });
  const refused = other!.acquire('a', { deadlineMs: other!.now() + 40 });
  await expect(refused).rejects.toMatchObject({ code: 'deadline' });
  expect(await store.used('a')).toBe(10);
});

storeTest('what was sent after the request that brought the count is not in it', async (store) => {
  const limiter = store.limiter([limitOf(10)]);
  const first = await limiter.acquire('a', { weight: 2 });
  await pause(30);
  await limiter.acquire('a', { weight: 3 });
  limiter.report('a', 4, { sentAtMs: first.sentAtMs });
  await until(async () => (await store.used('a')) === 7);
});

storeTest('a count in numbers beyond all limits closes the window and does no harm', async (store) => {
  const limiter = store.limiter([limitOf(10)]);
  for (const sentAtMs of [Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY, 0]) {
    limiter.report('a', 1e300, { sentAtMs });
    await until(async () => (await store.used('a')) > 1e15);
    const refused = limiter.acquire('a', { deadlineMs: limiter.now() + 20 });
    await expect(refused).rejects.toMatchObject({ code: 'deadline' });
  }
});

storeTest('a window that becomes longer counts what the store has forgotten as used', async (store) => {
  const limiter = store.limiter([limitOf(5, 40)], { allowanceMs: 60 });
  await limiter.acquire('a', { weight: 5 });
  const startMs = performance.now();
  await limiter.acquire('a');
  limiter.setLimits([limitOf(5, 500)]);
  await limiter.acquire('a');
  expect(performance.now() - startMs).toBeGreaterThan(500);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

storeTest('who waits when the limits are raised goes on at once', async (store) => {
  // On a clock that stands still: nothing but the change can let it in.
  const limiter = store.limiter([limitOf(2)], { time: new ManualTime() });
  await limiter.acquire('a', { weight: 2 });
  const waiting = limiter.acquire('a');
  await until(async () => (await store.tickets()) === 1);
  limiter.setLimits([limitOf(3)]);
  await waiting;
  expect(await store.used('a')).toBe(3);
});

storeTest('processes with different limits count together, each up to its own', async (store) => {
  const [small, large] = [store.limiter([limitOf(3)]), store.limiter([limitOf(6)])];
  await large.acquire('a', { weight: 4 });
  const refused = small.acquire('a', { deadlineMs: small.now() + 40 });
  await expect(refused).rejects.toMatchObject({ code: 'deadline' });
  await large.acquire('a', { weight: 2 });
});

storeTest('a window that is counted in another way begins with nothing in use', async (store) => {
  const windows = [
    { capacity: 4, windowMs: 60_000 },
    { capacity: 4, windowMs: 60_000, policy: 'token-bucket' as const },
    { capacity: 1, policy: 'concurrent' as const },
  ];
  const limiter = store.limiter([{ id: 'a', windows: [windows[2]!] }]);
  for (const window of [...windows, ...windows.toReversed()]) {
    limiter.setLimits([{ id: 'a', windows: [window] }]);
    const grant = await limiter.acquire('a');
    grant.done();
  }
  // What was used before the changes is still in use after them.
  expect(await store.used('a')).toBe(2);
});

storeTest('a grant that the store gave under limits that have changed is asked for again', async (store) => {
  const client = new SteeredClient(store.client as Redis);
  const limiter = store.limiter([limitOf(10)], { client, time: new ManualTime() });
  await limiter.acquire('a');
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'acquire' });
  const waiting = limiter.acquire('a');
  await until(async () => (await store.used('a')) === 2);
  limiter.setLimits([{ id: 'a', windows: [...limitOf(10).windows, { capacity: 20, windowMs: 90_000 }] }]);
  client.letGo();
  await waiting;
  expect([await store.used('a'), await store.used('a', 'sliding-window', 1)]).toEqual([2, 1]);
});

storeTest('what others are known to use is shown once the store has heard of it', async (store) => {
  const [one, other] = times(2, () => store.limiter([limitOf(10)]));
  const used = (): number => one!.usage().limits[0]!.windows[0]!.used;
  const watched: number[] = [];
  one!.watch(({ limits }) => void watched.push(limits[0]!.windows[0]!.used), { everyMs: 5 });
  one!.report('a', 4);
  await until(() => used() === 4 && watched.at(-1) === 4);
  await other!.acquire('a', { weight: 5 });
  // No news for the store, and some for this process.
  one!.report('a', 4);
  await until(() => used() === 9);
  expect(store.events.filter(({ kind }) => kind === 'others-used')).toHaveLength(1);
});

storeTest('what was shown as used is over with its window and its allowance', async (store) => {
  const time = new ManualTime();
  const limiter = store.limiter([limitOf(10)], { time, allowanceMs: 100 });
  const used = (): number => limiter.usage().limits[0]!.windows[0]!.used;
  await limiter.acquire('a', { weight: 3 });
  time.jumpTo(60_099);
  expect(used()).toBe(3);
  time.jumpTo(60_100);
  expect(used()).toBe(0);
});

storeTest('an older count of the same use of others is no news', async (store) => {
  const limiter = store.limiter([limitOf(10_000)]);
  const first = await limiter.acquire('a', { weight: 2 });
  await pause(5);
  limiter.report('a', 7);
  await until(async () => (await store.used('a')) === 7);
  limiter.report('a', 7, { sentAtMs: first.sentAtMs });
  await limiter.acquire('a');
  expect(await store.used('a')).toBe(8);
});

storeTest('limits that change often make no grant too late', async (store) => {
  const client = new SteeredClient(store.client as Redis);
  const limiter = store.limiter([limitOf(10)], { client, time: new ManualTime() });
  await limiter.acquire('a');
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'acquire' });
  const waiting = limiter.acquire('a');
  for (const asked of [2, 3, 4, 5]) {
    await until(() => client.count('acquire') === asked);
    limiter.setLimits([limitOf(10 + asked)]);
    client.letGo();
    client.steering = 'hold-answer';
  }
  await until(() => client.count('acquire') === 6);
  client.letGo();
  await waiting;
});
