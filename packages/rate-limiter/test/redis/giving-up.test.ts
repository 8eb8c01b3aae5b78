import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { ManualTime } from '../manual-time.ts';
import { times } from './arrivals.ts';
import { type SharedStore, storeTest, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 60_000 }] }];
const full = { weight: 10 };

function steer({ client }: SharedStore): SteeredClient {
  return new SteeredClient(client as Redis);
}

storeTest('a request that is aborted while the store is asked is charged nothing', async (store) => {
  const client = steer(store);
  const limiter = store.limiter(limits, { client });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const aborting = new AbortController();
  const refused = limiter.acquire('a', { weight: 4, signal: aborting.signal });
  await until(async () => (await store.used('a')) === 5);
  aborting.abort(new Error('enough'));
  await expect(refused).rejects.toMatchObject({ code: 'aborted', cause: new Error('enough') });
  client.letGo();
  await until(async () => (await store.used('a')) === 1);
});

storeTest('a request whose deadline passes while the store is asked is charged nothing', async (store) => {
  const client = steer(store);
  const limiter = store.limiter(limits, { client });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const refused = limiter.acquire('a', { deadlineMs: limiter.now() + 20 });
  refused.catch(() => 0);
  await expect(refused).rejects.toMatchObject({ code: 'deadline' });
  client.letGo();
  await until(() => client.count('give-back') === 1);
  await until(async () => (await store.used('a')) === 1);
});

storeTest('a request that gives up while the store makes it wait leaves no ticket', async (store) => {
  const client = steer(store);
  const limiter = store.limiter(limits, { client });
  await limiter.acquire('a', full);
  const aborting = new AbortController();
  const waiting = limiter.acquire('a', { signal: aborting.signal });
  await until(async () => (await store.tickets()) === 1);
  aborting.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  await until(async () => (await store.tickets()) === 0);

  client.steering = 'hold-answer';
  const deadline = limiter.acquire('a', { deadlineMs: limiter.now() + 20 });
  deadline.catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  await expect(deadline).rejects.toMatchObject({ code: 'deadline' });
  client.letGo();
  await until(async () => (await store.tickets()) === 0);
  expect(await store.admin.hlen(store.key('places'))).toBe(0);
});

storeTest('what is given back can be used at once, and is given back once', async (store) => {
  // On a clock that stands still: nothing but what comes back can let the third in.
  const limiter = store.limiter(limits, { time: new ManualTime() });
  const grants = [await limiter.acquire('a', { weight: 6 }), await limiter.acquire('a', { weight: 4 })];
  const waiting = limiter.acquire('a', { weight: 5 });
  await until(async () => (await store.tickets()) === 1);
  grants[0]!.release();
  grants[0]!.release();
  await waiting;
  expect(await store.used('a')).toBe(9);
});

storeTest('requests of one slot are given back each by itself', async (store) => {
  const many = [{ id: 'a', windows: [{ capacity: 10_000, windowMs: 10_240_000 }] }];
  const limiter = store.limiter(many);
  const grants = [];
  for (const weight of [1, 20, 300]) grants.push(await limiter.acquire('a', { weight }));
  grants[1]!.release();
  await until(async () => (await store.used('a')) === 301);
  grants[0]!.release();
  grants[2]!.release();
  await until(async () => (await store.used('a')) === 0);
  expect(await store.admin.zcard(store.key('a:0:cancel:sliding-window:log'))).toBe(0);
});

storeTest('a limiter that is closed leaves no ticket, no timer and no promise behind', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const limiter = store.limiter([...limits, { ...limits[0]!, id: 'b' }], { client, time });
  await limiter.acquire('a', full);
  const waiting = [limiter.acquire('a'), limiter.acquire('a')];
  await until(async () => (await store.tickets()) === 1);
  client.steering = 'hold-answer';
  waiting.push(limiter.acquire('b'));
  await until(async () => (await store.used('b')) === 1);
  limiter.close();
  for (const { reason } of (await Promise.allSettled(waiting)) as PromiseRejectedResult[])
    expect(reason).toMatchObject({ code: 'closed' });
  client.letGo();
  await until(async () => (await store.tickets()) === 0 && (await store.used('b')) === 0);
  await until(() => time.pending === 0);
  await expect(limiter.acquire('a')).rejects.toMatchObject({ code: 'closed' });
});

storeTest('a grant that came too late is given back and asked for again', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const limiter = store.limiter(limits, { client, time, allowanceMs: 100 });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const granted = limiter.acquire('a');
  await until(async () => (await store.used('a')) === 2);
  time.jumpTo(51);
  client.letGo();
  await granted;
  expect([client.count('acquire'), client.count('give-back')]).toEqual([3, 1]);
  expect(await store.used('a')).toBe(2);
});

storeTest('a store that is always too late is as good as away, and nothing is charged', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const limiter = store.limiter(limits, { client, time, allowanceMs: 100 });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const refused = limiter.acquire('a');
  refused.catch(() => 0);
  for (const asked of [2, 3, 4]) {
    await until(() => client.count('acquire') === asked);
    time.jumpTo(asked * 60);
    client.letGo();
    client.steering = 'hold-answer';
  }
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
  client.letGo();
  await until(async () => (await store.used('a')) === 1);
});

storeTest('the window of a request that leaves late begins when it leaves', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const bucket = { capacity: 10, windowMs: 60_000, policy: 'token-bucket' as const };
  const both = [{ id: 'a', windows: [...limits[0]!.windows, bucket] }];
  const limiter = store.limiter(both, { client, time, allowanceMs: 100 });
  const [early, late] = await Promise.all(times(2, () => limiter.acquire('a', { weight: 3 })));
  const log = (): Promise<string[]> =>
    store.admin.zrange(store.key('a:0:cancel:sliding-window:log'), '0', '-1');
  const before = await log();
  time.jumpTo(50);
  early!.sent();
  expect(client.count('move')).toBe(0);
  time.jumpTo(80);
  late!.sent();
  await until(async () => (await log())[1] !== before[1]);
  expect((await log())[0]).toBe(before[0]);
  expect(await store.used('a')).toBe(6);
  // Given back before the store has said where it is now.
  time.jumpTo(200);
  late!.sent();
  late!.release();
  await until(async () => (await store.used('a')) === 3);
  expect(await store.admin.hget(store.key('a:1:cancel:token-bucket:sums'), 'level')).toMatch(/^(3|2\.9)/);
});

storeTest('what was granted to a request that may not go yet is given back with it', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const limiter = store.limiter(limits, { client, time });
  await limiter.acquire('a');
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'acquire' });
  const aborting = new AbortController();
  const refused = limiter.acquire('a', { signal: aborting.signal });
  await until(async () => (await store.used('a')) === 2);
  limiter.penalise('a', 60_000, 'meanwhile');
  client.letGo();
  await until(() => limiter.usage().limits[0]!.windows[0]!.used === 2);
  aborting.abort();
  await expect(refused).rejects.toMatchObject({ code: 'aborted' });
  await until(async () => (await store.used('a')) === 1);
  limiter.close();
  await until(() => time.pending === 0);
});

storeTest('room that came back while the store was asked is not slept through', async (store) => {
  const [client, time] = [steer(store), new ManualTime()];
  const limiter = store.limiter(limits, { client, time });
  const grant = await limiter.acquire('a', full);
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'acquire' });
  const waiting = limiter.acquire('a');
  await until(async () => (await store.tickets()) === 1);
  grant.release();
  await until(async () => (await store.used('a')) === 0);
  client.letGo();
  await waiting;
});

storeTest('a deadline that has come waits for the one answer of the store, and no longer', async (store) => {
  const limiter = store.limiter([
    { id: 'a', windows: [{ capacity: 2, windowMs: 60_000 }] },
    { id: 'pace', windows: [{ capacity: 10, windowMs: 2_000, policy: 'token-bucket', allowanceMs: 0 }] },
  ]);
  const now = () => ({ deadlineMs: limiter.now() });
  for (const id of ['a', 'a', 'pace']) await limiter.acquire(id, now());
  await expect(limiter.acquire('a', now())).rejects.toMatchObject({ code: 'deadline' });
  await until(async () => (await store.used('a')) === 2);
});
