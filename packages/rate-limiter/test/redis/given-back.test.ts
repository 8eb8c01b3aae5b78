import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { IoredisClient } from '../../src/redis/index.ts';
import { ManualTime } from '../manual-time.ts';
import { pause, type SharedStore, storeTest, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

/** Of slots of ten seconds: what a test takes is in one of them. */
const manyOf = { capacity: 10_000, windowMs: 10_240_000 };
const many = [{ id: 'a', windows: [manyOf] }];

/** A client that sends a command twice, as one does that lost its connection before the answer. */
function twice(redis: Redis, action: string): { client: IoredisClient; sent: () => Promise<unknown> } {
  const sending: Promise<unknown>[] = [];
  const client: IoredisClient = {
    script: (subcommand, script) => redis.script(subcommand, script),
    evalsha: (sha, count, ...rest) => {
      if (rest[count] !== action) return redis.evalsha(sha, count, ...rest);
      sending.push(redis.evalsha(sha, count, ...rest));
      const again = redis.evalsha(sha, count, ...rest);
      sending.push(again);
      return again;
    },
  };
  return { client, sent: () => Promise.all(sending) };
}

async function levelOf(store: SharedStore, at: number): Promise<number> {
  return store.used('a', 'token-bucket', at);
}

storeTest('what is given back twice comes back once, and what others took stays taken', async (store) => {
  const bucket = { ...manyOf, policy: 'token-bucket' as const };
  const { client, sent } = twice(store.client as Redis, 'give-back');
  const limiter = store.limiter([{ id: 'a', windows: [manyOf, bucket] }], { client });
  const grants = [];
  for (const weight of [1, 20, 300]) grants.push(await limiter.acquire('a', { weight }));
  const takenLevel = await levelOf(store, 1);
  grants[2]!.release();
  await until(async () => (await store.used('a')) <= 21);
  await sent();
  expect(await store.used('a')).toBe(21);
  expect(Math.round((takenLevel - (await levelOf(store, 1))) / 10)).toBe(30);
  for (const grant of grants) grant.release();
  await until(async () => (await store.used('a')) <= 0);
  await sent();
  expect(await store.used('a')).toBe(0);
});

storeTest('a request that is given back and then done says so once', async (store) => {
  const open = { capacity: 2, policy: 'concurrent' as const };
  const client = new SteeredClient(store.client as Redis);
  const limiter = store.limiter([{ id: 'a', windows: [manyOf, open] }], { client });
  const [first] = [await limiter.acquire('a'), await limiter.acquire('a')];
  first.release();
  first.done();
  first[Symbol.dispose]();
  first.release();
  await until(async () => (await store.used('a')) === 1);
  expect(client.count('give-back')).toBe(1);
  expect(await store.used('a', 'concurrent', 1)).toBe(1);
});

storeTest('a request whose leaving was told twice gives back its own room only', async (store) => {
  const { client } = twice(store.client as Redis, 'move');
  const time = new ManualTime();
  const limiter = store.limiter(many, { client, time, allowanceMs: 100 });
  const [, late] = [await limiter.acquire('a', { weight: 3 }), await limiter.acquire('a', { weight: 4 })];
  // What others used ends the slot: whatever leaves from now on has another.
  limiter.report('a', 8);
  await until(async () => (await store.used('a')) === 8);
  time.jumpTo(80);
  late.sent();
  // Once too often is safe, once too few is not.
  await until(async () => (await store.used('a')) === 12);
  const [slot] = await store.admin.zrange(store.key('a:0:cancel:sliding-window:log'), '0', '0');
  expect(await store.admin.hget(store.key('a:0:cancel:sliding-window:sums'), slot!)).toBe('3');
});

storeTest('what left late without an answer is not taken out of the room of others', async (store) => {
  store.mayFail = true;
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  const limiter = store.limiter(many, { client, time, allowanceMs: 100, replyTimeoutMs: 500 });
  const [, late] = [await limiter.acquire('a', { weight: 3 }), await limiter.acquire('a', { weight: 4 })];
  limiter.report('a', 8);
  await until(async () => (await store.used('a')) === 8);
  Object.assign(client, { steering: 'lose-answer', onlyAction: 'move' });
  time.jumpTo(80);
  late.sent();
  await until(() => client.count('move') === 1);
  await time.advanceTo(600);
  await until(() => store.failures.length === 1);
  late.release();
  await until(() => client.count('give-back') === 1);
  // Its answer comes after that of the release.
  await limiter.acquire('a', { weight: 100 });
  expect(await store.used('a')).toBe(108);
});

storeTest('a grant that is asked for again is given back as well', async (store) => {
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  const limiter = store.limiter(many, { client, time, allowanceMs: 100 });
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const granted = limiter.acquire('a', { weight: 5 });
  await until(async () => (await store.used('a')) === 6);
  time.jumpTo(51);
  client.letGo();
  (await granted).release();
  await until(async () => (await store.used('a')) === 1);
});

storeTest('a request that left late is given back from where it is then', async (store) => {
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  const limiter = store.limiter(many, { client, time, allowanceMs: 100 });
  const [, late] = [await limiter.acquire('a', { weight: 3 }), await limiter.acquire('a', { weight: 4 })];
  limiter.report('a', 8);
  await until(async () => (await store.used('a')) === 8);
  time.jumpTo(80);
  late.sent();
  late.release();
  await until(async () => (await store.used('a')) === 4);
  expect([client.count('move'), client.count('give-back')]).toEqual([1, 1]);
});

storeTest('what was given back is remembered as long as it may count, and no longer', async (store) => {
  const open = { capacity: 2, policy: 'concurrent' as const };
  const limiter = store.limiter(
    [
      { id: 'a', windows: [{ capacity: 10, windowMs: 40 }, open] },
      { id: 'b', windows: [open] },
    ],
    // On a clock that stands still: no grant is too late, and given back for that.
    { allowanceMs: 60, time: new ManualTime() },
  );
  const remembered = (): Promise<number> => store.admin.zcard(store.key('given'));
  (await limiter.acquire('b')).done();
  await until(async () => (await store.used('b', 'concurrent')) === 0);
  expect(await remembered()).toBe(0);
  for (let at = 0; at < 3; at += 1) {
    (await limiter.acquire('a')).release();
    await until(async () => (await store.used('a', 'concurrent', 1)) === 0);
    expect(await remembered()).toBe(1);
    // The window of what was given back, and its allowance.
    await pause(110);
  }
});
