import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { isLimitError } from '../../src/index.ts';
import type { RedisClient, SharedRateLimiter } from '../../src/redis/index.ts';
import { ManualTime } from '../manual-time.ts';
import { times } from './arrivals.ts';
import { type SharedOptions, type SharedStore, storeTest, storeTestOfBoth, until } from './shared-store.ts';
import { SteeredClient, type Steering } from './steered-client.ts';

const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 60_000 }] }];

function steered(store: SharedStore, options: SharedOptions = {}) {
  store.mayFail = true;
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  return { client, time, limiter: store.limiter(limits, { client, time, ...options }) };
}

async function codeOf(limiter: SharedRateLimiter): Promise<string> {
  return limiter
    .run('a', () => 'granted')
    .catch((error) => (isLimitError(error) ? error.code : String(error)));
}

storeTest('a store that cannot be reached from the start refuses at once, with the reason', async (store) => {
  const { client, limiter } = steered(store, { retryMs: 700 });
  client.steering = 'reject';
  for (const calls of [1, 1]) {
    const refused = await limiter.acquire('a').catch((error) => error);
    expect(refused).toMatchObject({ code: 'unavailable', retryAfterMs: 700 });
    expect(refused.cause.cause).toEqual(new Error('connection refused'));
    expect(client.scripts).toBe(calls);
  }
});

for (const steering of ['reject', 'throw', { answer: 'PONG' }, { answer: [7] }] as readonly Steering[]) {
  const name = `a store that fails (${JSON.stringify(steering)}) is away until it answers again`;
  storeTest(name, async (store) => {
    const { client, time, limiter } = steered(store);
    expect(await codeOf(limiter)).toBe('granted');
    client.steering = steering;
    expect(await codeOf(limiter)).toBe('unavailable');
    await time.advanceTo(1_000);
    expect(await codeOf(limiter)).toBe('unavailable');
    client.steering = 'pass';
    expect(await codeOf(limiter)).toBe('unavailable');
    await time.advanceTo(2_000);
    await until(async () => (await codeOf(limiter)) === 'granted');
  });
}

storeTest('who waits is refused when the store goes away', async (store) => {
  const { client, time, limiter } = steered(store);
  await limiter.acquire('a', { weight: 10 });
  const waiting = times(3, () => codeOf(limiter));
  await until(async () => (await store.tickets()) === 1);
  client.steering = 'reject';
  await time.advanceTo(1_000);
  expect(await Promise.all(waiting)).toEqual(['unavailable', 'unavailable', 'unavailable']);
});

storeTestOfBoth(
  'a server that hangs is away, and what it was asked meanwhile is given back',
  async (store) => {
    store.mayFail = true;
    const limiter = store.limiter(limits, { replyTimeoutMs: 60, retryMs: 40 });
    await limiter.acquire('a');
    store.redis.pause();
    try {
      const startMs = performance.now();
      expect(await codeOf(limiter)).toBe('unavailable');
      expect(performance.now() - startMs).toBeGreaterThan(50);
      const againMs = performance.now();
      for (let at = 0; at < 20; at += 1) expect(await codeOf(limiter)).toBe('unavailable');
      expect(performance.now() - againMs).toBeLessThan(20 * 60);
    } finally {
      store.redis.resume();
    }
    await until(async () => (await codeOf(limiter)) === 'granted');
    await until(async () => (await store.used('a')) === 2);
    expect(await store.tickets()).toBe(0);
  },
);

storeTestOfBoth(
  'a server that was stopped and comes back with nothing counts everything as used',
  async (store) => {
    store.mayFail = true;
    const quick = [{ id: 'a', windows: [{ capacity: 10, windowMs: 400 }] }];
    const limiter = store.limiter(quick, { replyTimeoutMs: 60, retryMs: 40 });
    await limiter.acquire('a', { weight: 10 });
    await store.redis.stop();
    await until(async () => (await codeOf(limiter)) === 'unavailable');
    await store.redis.restart();
    await until(async () => (await store.admin.ping().catch(() => '')) === 'PONG');
    const startMs = performance.now();
    await until(async () => (await codeOf(limiter)) === 'granted');
    expect(performance.now() - startMs).toBeGreaterThan(300);
  },
);

storeTest('a script that the server has forgotten is loaded again, without a failure', async (store) => {
  const clients: RedisClient[] = [await store.connect(), await store.connect('node-redis')];
  for (const limiter of clients.map((client) => store.limiter(limits, { client }))) {
    await limiter.acquire('a');
    await store.admin.script('FLUSH');
    await Promise.all(times(2, () => limiter.acquire('a', { lane: 'cancel' })));
  }
  expect(await store.used('a')).toBe(6);
});

storeTest('an answer that comes after the store was back changes nothing', async (store) => {
  const { client, time, limiter } = steered(store, { replyTimeoutMs: 100, retryMs: 50 });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const refused = codeOf(limiter);
  await until(async () => (await store.used('a')) === 2);
  await time.advanceTo(100);
  expect(await refused).toBe('unavailable');
  client.steering = 'pass';
  await time.advanceTo(150);
  await until(async () => (await codeOf(limiter)) === 'granted');
  expect(await store.used('a')).toBe(3);
  client.letGo();
  await until(async () => (await store.used('a')) === 2);
  expect(await codeOf(limiter)).toBe('granted');
});

storeTest('a limiter that is closed while it tries the store again leaves it alone', async (store) => {
  const { client, time, limiter } = steered(store);
  client.steering = 'reject';
  expect(await codeOf(limiter)).toBe('unavailable');
  client.steering = 'hold-answer';
  await time.advanceTo(1_000);
  limiter.close();
  client.letGo();
  await until(() => time.pending === 0);
  const calls = client.actions.length;
  await time.advanceTo(10_000);
  expect([client.actions.length, time.pending]).toEqual([calls, 0]);
});

storeTest('a limiter that is closed while the store hangs does not try again', async (store) => {
  const { client, time, limiter } = steered(store);
  client.steering = 'reject';
  expect(await codeOf(limiter)).toBe('unavailable');
  client.steering = 'lose';
  await time.advanceTo(1_000);
  limiter.close();
  await time.advanceTo(2_000);
  await until(() => time.pending === 0);
});

storeTest('a limiter that is closed before the store has ever answered does not try again', async (store) => {
  const { client, time, limiter } = steered(store);
  client.steering = 'lose';
  const refused = limiter.acquire('a');
  await until(() => client.scripts === 1);
  limiter.close();
  await expect(refused).rejects.toMatchObject({ code: 'closed' });
  await time.advanceTo(1_000);
  await until(() => store.failures.length === 1);
  expect(time.pending).toBe(0);
});
