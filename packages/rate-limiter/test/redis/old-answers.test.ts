import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { SharedRateLimiter } from '../../src/redis/index.ts';
import { ManualTime } from '../manual-time.ts';
import { type SharedOptions, type SharedStore, storeTest, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

const limits = ['a', 'b'].map((id) => ({ id, scope: 'ip', windows: [{ capacity: 10, windowMs: 60_000 }] }));
/** How often the store is asked whether a penalty still lasts. */
const lookMs = 1_000;

/** On a clock that stands still, so that nothing but an answer changes anything. */
function steered(store: SharedStore, options: SharedOptions = {}) {
  const [client, time] = [new SteeredClient(store.client as Redis), new ManualTime()];
  // Not as long as anything else: its timers are told apart by it.
  const limiter = store.limiter(limits, { client, time, replyTimeoutMs: 5_000, ...options });
  const looks = (): number => time.delaysMs.filter((delayMs) => delayMs === lookMs).length;
  return { client, time, limiter, looks };
}

function penaltyOf(limiter: SharedRateLimiter): number | undefined {
  return limiter.usage().penalties[0]?.untilMs;
}

async function penalties(store: SharedStore): Promise<number> {
  return store.admin.hlen(store.key('penalties'));
}

storeTest('a call that fails for a request that has given up does not make the store away', async (store) => {
  store.mayFail = true;
  const { client, time, limiter } = steered(store, { replyTimeoutMs: 100 });
  await limiter.acquire('a');
  client.steering = 'lose';
  const aborting = new AbortController();
  const refused = limiter.acquire('a', { signal: aborting.signal });
  await until(() => client.count('acquire') === 2);
  aborting.abort();
  await expect(refused).rejects.toMatchObject({ code: 'aborted' });
  client.steering = 'pass';
  await time.advanceTo(100);
  await until(() => store.failures.length === 1);
  await limiter.acquire('a');
});

storeTest('what the store grants in time to one that was refused meanwhile is given back', async (store) => {
  store.mayFail = true;
  const { client, limiter } = steered(store);
  await limiter.acquire('a');
  client.steering = 'hold-answer';
  const refused = limiter.acquire('b');
  refused.catch(() => 0);
  await until(async () => (await store.used('b')) === 1);
  client.steering = 'reject';
  await expect(limiter.acquire('a')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
  client.letGo();
  await until(async () => (await store.used('b')) === 0);
});

storeTest('an answer of before a pardon does not bring the penalty back', async (store) => {
  const { client, limiter } = steered(store);
  await limiter.acquire('a');
  const other = store.limiter(limits);
  other.penalise('ip', other.now() + 60_000, 'of another');
  await until(async () => (await penalties(store)) === 1);
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'acquire' });
  const waiting = limiter.acquire('a');
  await until(async () => (await store.tickets()) === 1);
  limiter.penalise('ip', 90_000, 'ours');
  limiter.pardon('ip');
  client.letGo();
  await waiting;
  expect(penaltyOf(limiter)).toBeUndefined();
});

storeTest('a new penalty stands, though the store said that the one before is over', async (store) => {
  const { client, time, limiter, looks } = steered(store);
  limiter.penalise('ip', 60_000, 'first');
  await until(async () => (await penalties(store)) === 1);
  // As another process writes down that it pardoned it.
  await store.admin.hset(store.key('penalties'), 'ip', '1|');
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'look' });
  await time.advanceTo(lookMs);
  await until(() => client.count('look') === 1);
  limiter.penalise('ip', 120_000, 'new');
  client.letGo();
  await until(() => looks() === 2);
  expect(penaltyOf(limiter)).toBe(120_000);
});

storeTest('a penalty that ended while the store was asked is not told to it any more', async (store) => {
  const { client, time, limiter } = steered(store);
  limiter.penalise('ip', 1_500, 'short');
  await until(async () => (await penalties(store)) === 1);
  await store.admin.del(store.key('penalties'));
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'look' });
  await time.advanceTo(lookMs);
  await until(() => client.count('look') === 1);
  time.jumpTo(2_000);
  client.letGo();
  await until(() => time.pending === 0);
  expect(client.count('penalise')).toBe(1);
});

storeTest('a limiter that is closed while the store is asked tells it nothing more', async (store) => {
  const { client, time, limiter } = steered(store);
  limiter.penalise('ip', 60_000, 'forgotten');
  await until(async () => (await penalties(store)) === 1);
  await store.admin.del(store.key('penalties'));
  Object.assign(client, { steering: 'hold-answer', onlyAction: 'look' });
  await time.advanceTo(lookMs);
  await until(() => client.count('look') === 1);
  limiter.close();
  client.letGo();
  await until(() => time.pending === 0);
  expect(client.count('penalise')).toBe(1);
});

storeTest('an end that differs by no more than the way of an answer is the same end', async (store) => {
  const { client, time, limiter, looks } = steered(store);
  limiter.penalise('ip', 60_000, 'status 429');
  for (const [at, { endMs, seenMs }] of [
    { endMs: 59_800, seenMs: 60_000 },
    { endMs: 59_700, seenMs: 59_700 },
  ].entries()) {
    const askedMs = (at + 1) * lookMs;
    const answer = ['looked', '1:1', [String((endMs - askedMs) * 1_000)]];
    Object.assign(client, { steering: { answer }, onlyAction: 'look' });
    await time.advanceTo(askedMs);
    await until(() => looks() === at + 2);
    expect(penaltyOf(limiter)).toBe(seenMs);
  }
});
