import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { LimitWindow } from '../../src/index.ts';
import { ManualTime } from '../manual-time.ts';
import { CountingServer, send, times } from './arrivals.ts';
import { pause, type SharedOptions, type SharedStore, storeTest, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 1_000 }] }];

/** A limiter on half of the capacity while the store is away. */
function steered(store: SharedStore, options: SharedOptions = {}) {
  store.mayFail = true;
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  const whenAway = { sharePercent: 50 };
  const limiter = store.limiter(limits, { client, time, whenAway, retryMs: 100, ...options });
  const granted: number[] = [];
  const ask = (count: number): void => {
    for (let at = 0; at < count; at += 1) limiter.run('a', () => granted.push(time.now())).catch(() => 0);
  };
  return { client, time, limiter, granted, ask };
}

storeTest(
  'alone, a process uses its share, and not before what others may have used is over',
  async (store) => {
    const { client, time, granted, ask } = steered(store, { whenAway: { sharePercent: 39 } });
    ask(1);
    await until(() => granted.length === 1);
    // Others may use the store for long after this process has last asked it.
    await time.advanceTo(5_000);
    client.steering = 'reject';
    ask(9);
    await time.advanceTo(6_099);
    expect(granted).toEqual([0]);
    await time.advanceTo(8_000);
    expect(granted).toEqual([0, 6_100, 6_100, 6_100, 7_200, 7_200, 7_200]);
  },
);

storeTest('what was used alone is told to the store when it is back', async (store) => {
  const { client, time, limiter, granted, ask } = steered(store);
  client.steering = 'reject';
  ask(5);
  await time.advanceTo(1_150);
  expect(granted).toHaveLength(5);
  expect(limiter.usage().limits[0]!.windows[0]!.used).toBe(5);
  client.steering = 'pass';
  await time.advanceTo(1_300);
  await until(async () => (await store.used('a')) === 5);
});

storeTest('a store that is soon back is told of nothing, as nothing was used', async (store) => {
  const { client, time, granted, ask } = steered(store);
  client.steering = 'reject';
  ask(3);
  await time.advanceTo(50);
  client.steering = 'pass';
  await time.advanceTo(100);
  await until(() => granted.length === 3);
  expect(await store.used('a')).toBe(3);
});

storeTest('nothing is let through alone while the store is told of it', async (store) => {
  const { client, time, granted, ask } = steered(store);
  client.steering = 'reject';
  ask(2);
  await time.advanceTo(1_150);
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'assume' });
  await time.advanceTo(1_250);
  await until(() => client.count('assume') === 1);
  ask(1);
  await time.advanceTo(1_260);
  expect(granted).toHaveLength(2);
  client.letGo();
  await until(() => granted.length === 3);
  expect(await store.used('a')).toBe(3);
});

storeTest('a process whose word does not reach the store goes on alone', async (store) => {
  const { client, time, granted, ask } = steered(store);
  client.steering = 'reject';
  ask(2);
  await time.advanceTo(1_150);
  Object.assign(client, { steering: 'lose', onlyAction: 'assume' });
  await time.advanceTo(1_250);
  await until(() => client.count('assume') === 1);
  ask(1);
  await time.advanceTo(2_300);
  expect(granted).toHaveLength(3);
});

storeTest('alone, nothing is held of a count of what is open', async (store) => {
  const open = [{ id: 'a', windows: [{ capacity: 10, policy: 'concurrent' as const }] }];
  const { client, time } = steered(store);
  const limiter = store.limiter(open, { client, time, whenAway: { sharePercent: 50 }, retryMs: 100 });
  client.steering = 'reject';
  const waiting = limiter.acquire('a');
  await time.advanceTo(5_000);
  client.steering = 'pass';
  await time.advanceTo(5_200);
  await until(async () => (await store.used('a', 'concurrent')) === 1);
  (await waiting).done();
});

storeTest('limits that change while the store is away hold alone too', async (store) => {
  const { client, time, limiter, granted, ask } = steered(store);
  client.steering = 'reject';
  ask(9);
  await time.advanceTo(1_150);
  expect(granted).toHaveLength(5);
  limiter.setLimits([{ id: 'a', windows: [{ capacity: 14, windowMs: 1_000 }] }]);
  await time.advanceTo(1_160);
  expect(granted).toHaveLength(7);
  client.steering = 'pass';
  await time.advanceTo(1_260);
  await until(async () => (await store.used('a')) >= 7);
});

for (const policy of ['sliding-window', 'token-bucket'] as const) {
  storeTest(`one process keeps to a ${policy}, however the store comes and goes`, async (store) => {
    store.mayFail = true;
    const window: LimitWindow = { capacity: 40, windowMs: 160, policy, allowanceMs: 40 };
    const client = new SteeredClient(store.client as Redis);
    const whenAway = { sharePercent: 100 };
    const options = { client, whenAway, replyTimeoutMs: 30, retryMs: 20 };
    const limiter = store.limiter([{ id: 'a', windows: [window] }], options);
    const server = new CountingServer(40);
    const sending = times(400, () => send(limiter, server, 'a').catch(() => 0));
    for (const steering of ['reject', 'lose', 'lose-answer', 'reject', 'lose'] as const) {
      await pause(130);
      client.steering = steering;
      await pause(steering === 'lose' ? 330 : 110);
      client.steering = 'pass';
    }
    limiter.close();
    await Promise.all(sending);
    expect(server.arrivals.length).toBeGreaterThan(40);
    const worst = policy === 'token-bucket' ? server.highest(40 / 160) : server.worst(160);
    expect(worst).toBeLessThanOrEqual(40 + 1e-6);
  });
}

storeTest('a limit that comes first while the store is away is not taken for another', async (store) => {
  const { client, time, limiter } = steered(store);
  client.steering = 'reject';
  await expect(limiter.acquire('a', { deadlineMs: 0 })).rejects.toMatchObject({ code: 'deadline' });
  limiter.setLimits([{ id: 'new', windows: limits[0]!.windows }, ...limits]);
  client.steering = 'pass';
  await time.advanceTo(100);
  await limiter.acquire('a');
  expect([await store.used('a'), client.count('assume')]).toEqual([1, 0]);
});
