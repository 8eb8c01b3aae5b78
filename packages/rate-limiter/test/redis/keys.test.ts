import { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { LimitDefinition } from '../../src/index.ts';
import { ManualTime } from '../manual-time.ts';
import { pause, type SharedStore, storeTest, until } from './shared-store.ts';
import { SteeredClient } from './steered-client.ts';

const limits: readonly LimitDefinition[] = [
  {
    id: 'a',
    scope: 'ip',
    windows: [
      { capacity: 5, windowMs: 30, reserved: { cancel: 1 } },
      { capacity: 5, windowMs: 400, policy: 'token-bucket', allowanceMs: 100 },
      { capacity: 3, policy: 'concurrent' },
    ],
  },
];

/** Does everything that a limiter can do at a store. */
async function useAll(store: SharedStore, client = store.client): Promise<void> {
  const limiter = store.limiter(limits, { client, leaseMs: 60, allowanceMs: 100 });
  const grants = [];
  for (const lane of ['query', 'query', 'cancel'] as const) grants.push(await limiter.acquire('a', { lane }));
  const waiting = limiter.acquire('a', { lane: 'query' });
  waiting.catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  limiter.report('a', 4, { windowMs: 30, sentAtMs: 0 });
  await pause(80);
  for (const grant of grants) grant.release();
  (await waiting).done();
  limiter.penalise('ip', limiter.now() + 20, 'short');
  await limiter.acquire('a');
  limiter.penalise('ip', limiter.now() + 20_000, 'long');
  limiter.pardon('ip');
  await until(async () => (await store.admin.hget(store.key('penalties'), 'ip'))?.endsWith('|') === true);
}

storeTest('all keys have the prefix in braces and expire, and nothing else is written', async (store) => {
  await store.admin.flushall();
  await useAll(store);
  const waits = store.limiter(limits);
  waits.acquire('a', { lane: 'cancel', weight: 3 }).catch(() => 0);
  waits.acquire('a', { lane: 'cancel', weight: 3 }).catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  const keys = await store.admin.keys('*');
  expect(keys.filter((key) => !key.startsWith(`{${store.keyPrefix}}:`))).toEqual([]);
  expect(keys.length).toBeGreaterThan(5);
  for (const key of keys) {
    const leftMs = await store.admin.pttl(key);
    expect(leftMs, key).toBeGreaterThan(50_000);
    expect(leftMs, key).toBeLessThanOrEqual(key.endsWith(':store') ? 2_592_000_000 : 81_000);
  }
});

storeTest('what is given back of a bucket that has expired leaves no key for ever', async (store) => {
  const limiter = store.limiter(limits);
  const grant = await limiter.acquire('a');
  const sums = store.key('a:1:cancel:token-bucket:sums');
  await store.admin.del(sums);
  grant.release();
  await until(async () => (await store.used('a', 'concurrent', 2)) === 0);
  expect(await store.admin.exists(sums)).toBe(0);
});

storeTest('the log of a window and its sums expire at the same moment', async (store) => {
  const limiter = store.limiter([{ id: 'a', windows: [{ capacity: 1_000, windowMs: 60_000 }] }]);
  const name = store.key('a:0:cancel:sliding-window');
  for (let at = 0; at < 100; at += 1) {
    await limiter.acquire('a');
    const [log, sums] = [
      await store.admin.pexpiretime(`${name}:log`),
      await store.admin.pexpiretime(`${name}:sums`),
    ];
    expect(log).toBe(sums);
  }
});

storeTest('every key that the script touches is declared', async (store) => {
  const lines: string[][] = [];
  const monitor = await store.admin.duplicate().monitor();
  try {
    monitor.on('monitor', (_time: string, args: string[]) => void lines.push(args));
    await useAll(store);
  } finally {
    monitor.disconnect();
  }
  const declared = new Set<string>();
  for (const [command = '', , count, ...rest] of lines) {
    if (command.toLowerCase() === 'evalsha')
      for (const key of rest.slice(0, Number(count))) declared.add(key);
  }
  const touched = lines.flatMap(([command = '', key = '']) =>
    /^(h|z|p?(expire|ttl|pexpireat))/i.test(command) && command === command.toUpperCase() ? [key] : [],
  );
  expect(touched.length).toBeGreaterThan(50);
  expect(touched.filter((key) => !declared.has(key))).toEqual([]);
});

storeTest('a user of the server that may touch nothing else is enough', async (store) => {
  const rights = ['on', '>secret', `~{${store.keyPrefix}}:*`, '+evalsha', '+script|load', '+info', '+ping'];
  const commands = '+time +hget +hset +hdel +hmget +hincrby +hexists +zadd +zrem +zscore +zrange +zrevrange';
  const rest = '+zrangebyscore +pexpire +pexpireat +pttl';
  await store.admin.acl('SETUSER', 'limited', ...rights, ...commands.split(' '), ...rest.split(' '));
  const client = new Redis(store.redis.port, '127.0.0.1', { username: 'limited', password: 'secret' });
  try {
    await useAll(store, client);
  } finally {
    client.disconnect();
  }
});

storeTest('a short use does not shorten the life of what lasts longer', async (store) => {
  const one = { capacity: 5, windowMs: 1_000 };
  const limiter = store.limiter(['x', 'y'].map((id) => ({ id, windows: [one] })));
  await limiter.acquire('x');
  await store.admin.pexpire(store.key('store'), 1_000);
  await limiter.acquire('x');
  expect(await store.admin.pttl(store.key('store'))).toBeGreaterThan(1_000_000);
  limiter.penalise('x', limiter.now() + 600_000, 'long');
  limiter.penalise('y', limiter.now() + 1_000, 'short');
  await until(async () => (await store.admin.hlen(store.key('penalties'))) === 2);
  expect(await store.admin.pttl(store.key('penalties'))).toBeGreaterThan(600_000);
});

storeTest('what is known of the store expires, whatever is said to it first', async (store) => {
  const [first, young] = [store.limiter(limits), store.limiter(limits)];
  const leftMs = (): Promise<number> => store.admin.pttl(store.key('store'));
  first.penalise('ip', first.now() + 60_000, 'first');
  await until(async () => (await store.admin.exists(store.key('penalties'))) === 1);
  expect(await leftMs()).toBeGreaterThan(1_000_000);
  await store.admin.pexpire(store.key('store'), 30_000);
  young.acquire('a').catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  expect(await leftMs()).toBeGreaterThan(1_000_000);
});

storeTest('what leaves late, and what is held for long, is kept for as long as any', async (store) => {
  const time = new ManualTime();
  const client = new SteeredClient(store.client as Redis);
  const windows = [
    { capacity: 5, windowMs: 1_000 },
    { capacity: 5, policy: 'concurrent' as const },
  ];
  const limiter = store.limiter([{ id: 'a', windows }], { client, time, allowanceMs: 100, leaseMs: 3_000 });
  const grant = await limiter.acquire('a');
  const log = { late: 'a:0:cancel:sliding-window:log', held: 'a:1:cancel:concurrent:log' };
  for (const name of Object.values(log)) await store.admin.pexpire(store.key(name), 30_000);
  time.jumpTo(80);
  grant.sent();
  await until(async () => (await store.admin.pttl(store.key(log.late))) > 50_000);
  await time.advanceTo(1_000);
  await until(async () => (await store.admin.pttl(store.key(log.held))) > 50_000);
  expect([client.count('move'), client.count('renew')]).toEqual([1, 1]);
  grant.done();
});
