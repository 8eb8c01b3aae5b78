import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import { ManualTime } from '../manual-time.ts';
import { times } from './arrivals.ts';
import { pause, type SharedStore, storeTest, storeTestOfBoth, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

const limits = [{ id: 'open', windows: [{ capacity: 2, policy: 'concurrent' as const }] }];
const held = (store: SharedStore): Promise<number> => store.used('open', 'concurrent');

storeTestOfBoth('so many are open at one time as may be, whoever opened them', async (store) => {
  const limiters = times(3, () => store.limiter(limits));
  let [open, most, done] = [0, 0, 0];
  const work = async (): Promise<void> => {
    open += 1;
    most = Math.max(most, open);
    await pause(15);
    open -= 1;
    done += 1;
  };
  await Promise.all(times(12, (at) => limiters[at % 3]!.run('open', work)));
  expect([most, done]).toEqual([2, 12]);
  await until(async () => (await held(store)) === 0);
});

storeTest('who waits in the same process takes the place of one that is done, at once', async (store) => {
  // On a clock that stands still: nothing but the end of the first can let the second in.
  const time = new ManualTime();
  const limiter = store.limiter(limits, { time });
  const [first] = [await limiter.acquire('open', { weight: 2 })];
  const second = limiter.acquire('open');
  await until(async () => (await store.tickets()) === 1);
  first.done();
  (await second).done();
  await until(() => time.pending === 0);
});

storeTest('a lease is renewed while it is held, also after the limiter was closed', async (store) => {
  const [limiter, other] = [store.limiter(limits, { leaseMs: 120 }), store.limiter(limits)];
  const grants = [await limiter.acquire('open'), await limiter.acquire('open')];
  await pause(300);
  expect(await held(store)).toBe(2);
  limiter.close();
  await pause(300);
  const waiting = other.acquire('open', { deadlineMs: other.now() + 50 });
  await expect(waiting).rejects.toMatchObject({ code: 'deadline' });
  for (const grant of grants) grant.done();
  await other.acquire('open', { weight: 2 });
});

storeTest('what a client held that went without a word comes back when its lease ends', async (store) => {
  const steered = new SteeredClient(store.client as Redis);
  const crashed = store.limiter(limits, { client: steered, leaseMs: 200 });
  const other = store.limiter(limits);
  await crashed.acquire('open', { weight: 2 });
  const startMs = performance.now();
  steered.steering = 'lose';
  await other.acquire('open', { weight: 2 });
  expect(performance.now() - startMs).toBeGreaterThan(150);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

storeTest('a store that lost its memory learns what is held before it lets in anybody', async (store) => {
  const [limiter, other] = times(2, () => store.limiter(limits, { leaseMs: 300 }));
  await other!.run('open', () => 0);
  const grant = await limiter!.acquire('open', { weight: 2 });
  await store.admin.flushall();
  const waiting = other!.acquire('open', { deadlineMs: other!.now() + 700 });
  await expect(waiting).rejects.toMatchObject({ code: 'deadline' });
  expect(await held(store)).toBe(2);
  grant.done();
  await other!.acquire('open');
  expect(await held(store)).toBe(1);
});

storeTest('work that goes on while the store is away is held again before others come in', async (store) => {
  store.mayFail = true;
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  const limiter = store.limiter(limits, { client, time, leaseMs: 150, retryMs: 30 });
  await limiter.acquire('open', { weight: 2 });
  client.steering = 'reject';
  await expect(limiter.acquire('open')).rejects.toMatchObject({ code: 'unavailable' });
  // The lease ends at the store, and its next renewal is not due yet when the store is back.
  await pause(200);
  client.steering = 'pass';
  await time.advanceTo(30);
  await until(() => client.count('renew') === 1);
  limiter.acquire('open').catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  expect(await held(store)).toBe(2);
});

storeTest('a client that sends a command twice holds once', async (store) => {
  const twice = store.client as Redis;
  const client = {
    script: (subcommand: 'LOAD', script: string) => twice.script(subcommand, script),
    evalsha: (sha: string, count: number, ...rest: string[]) => {
      void twice.evalsha(sha, count, ...rest);
      return twice.evalsha(sha, count, ...rest);
    },
  };
  const limiter = store.limiter(limits, { client });
  const grant = await limiter.acquire('open');
  expect(await held(store)).toBe(1);
  grant.done();
  grant.done();
  await until(async () => (await held(store)) === 0);
});

storeTest('after the store lost its memory, no new process gets the name of an old one', async (store) => {
  const open = { capacity: 4, policy: 'concurrent' as const };
  const shared = [{ id: 'open', windows: [open] }];
  const [old, young] = times(2, () => store.limiter(shared, { leaseMs: 200 }));
  await old!.run('open', () => 0);
  await store.admin.flushall();
  // The second request of each: with one name, they would be one holder.
  await Promise.all([
    old!.acquire('open'),
    young!.acquire('open', { lane: 'cancel' }),
    young!.acquire('open'),
  ]);
  expect(await held(store)).toBe(3);
});
