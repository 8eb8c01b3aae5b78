import { expect } from 'vitest';
import { ManualTime } from '../manual-time.ts';
import { CountingServer, send, times } from './arrivals.ts';
import { storeTest, until } from './shared-store.ts';

const one = [{ id: 'a', windows: [{ capacity: 1, windowMs: 20 }] }];
// A grant that takes longer than half of this is given back, and its request stands behind the others again.
const quick = { allowanceMs: 200 };

storeTest(
  'a heavy request gets its turn among light ones of others, and keeps nobody out after it',
  async (store) => {
    const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 100 }] }];
    const limiters = times(3, () => store.limiter(limits, quick));
    const server = new CountingServer();
    const light = times(2, (at) => times(20, () => send(limiters[at]!, server, 'a', { by: 'light' })));
    await until(() => server.arrivals.length >= 10);
    const before = server.arrivals.length;
    await send(limiters[2]!, server, 'a', { weight: 10, by: 'heavy' });
    // Those whose tickets were earlier may go first: one of each of the others, and what they still fit in with.
    expect(server.arrivals.length - before).toBeLessThanOrEqual(21);
    await Promise.all(light.flat());
    expect(server.arrivals).toHaveLength(41);
    expect(server.worst(100)).toBeLessThanOrEqual(10);
  },
);

storeTest(
  'what is reserved for a lane is left to it by every process, and it passes those below',
  async (store) => {
    const limits = [{ id: 'a', windows: [{ capacity: 10, windowMs: 60_000, reserved: { cancel: 3 } }] }];
    const patience = { place: 0, query: 0, background: 0 };
    const [one, other] = times(2, () => store.limiter(limits, { patience }));
    for (let at = 0; at < 7; at += 1) await one!.acquire('a', { lane: 'query' });
    const low = one!.acquire('a', { lane: 'query', deadlineMs: one!.now() + 400 });
    low.catch(() => 0);
    await until(async () => (await store.tickets()) === 1);
    for (let at = 0; at < 3; at += 1) await other!.acquire('a', { lane: 'cancel' });
    await expect(low).rejects.toMatchObject({ code: 'deadline' });
  },
);

storeTest('requests without a common limit do not wait for each other', async (store) => {
  const window = { capacity: 1, windowMs: 60_000 };
  const limits = ['a', 'b'].map((id) => ({ id, windows: [window] }));
  const [first, other] = times(2, () => store.limiter(limits));
  await first!.acquire('a');
  first!.acquire('a').catch(() => 0);
  await until(async () => (await store.tickets()) === 1);
  await other!.acquire('b');
  await expect(other!.acquire('b', { deadlineMs: other!.now() + 30 })).rejects.toMatchObject({
    code: 'deadline',
  });
});

storeTest('whoever waits behind one whose turn comes later does not keep asking', async (store) => {
  const limits = [
    { id: 'both', links: [{ id: 'slow' }, { id: 'shared' }] },
    { id: 'slow', windows: [{ capacity: 1, windowMs: 700 }] },
    { id: 'shared', windows: [{ capacity: 5, windowMs: 60_000 }] },
  ];
  const [first, other] = times(2, () => store.limiter(limits));
  await first!.acquire('both');
  const waits = first!.acquire('both');
  await until(async () => (await store.tickets()) === 1);
  const before = await store.scriptCalls();
  const behind = other!.acquire('shared');
  await Promise.all([waits, behind]);
  expect((await store.scriptCalls()) - before).toBeLessThan(15);
});

storeTest('the place of one that crashed while it waited is passed on after its grace', async (store) => {
  const [crashing, other] = times(2, () => store.limiter(one, { ...quick, turnGraceMs: 100 }));
  await crashing!.acquire('a');
  // A ticket of nobody, whose turn comes with the next room.
  const [seconds, micros] = await store.admin.time();
  const turn = Number(seconds) * 1e6 + Number(micros) + 220_000;
  await store.admin.zadd(store.key('tickets'), 1, 'gone');
  const place = { weights: { a: 1 }, lane: 0, turn, till: turn + 100_000 };
  await store.admin.hset(store.key('places'), 'gone', JSON.stringify(place));
  const startMs = performance.now();
  await other!.acquire('a');
  expect(performance.now() - startMs).toBeGreaterThan(200);
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(await store.tickets()).toBe(0);
});

storeTest('room that comes back early is used by who waits elsewhere within a second', async (store) => {
  const limits = [{ id: 'a', windows: [{ capacity: 1, windowMs: 60_000 }] }];
  const [one, other] = times(2, () => store.limiter(limits));
  const grant = await one!.acquire('a');
  const waits = other!.acquire('a');
  await until(async () => (await store.tickets()) === 1);
  const startMs = performance.now();
  grant.release();
  await waits;
  expect(performance.now() - startMs).toBeLessThan(10_000);
});

storeTest(
  'who waits so long for one limit that another has its room back by then keeps nobody from that',
  async (store) => {
    const limits = [
      { id: 'both', links: [{ id: 'slow' }, { id: 'shared' }] },
      { id: 'slow', windows: [{ capacity: 1, windowMs: 60_000 }] },
      { id: 'shared', windows: [{ capacity: 5, windowMs: 1_000 }] },
    ];
    // On clocks that stand still: who is made to wait waits for ever.
    const [first, other] = times(2, () => store.limiter(limits, { time: new ManualTime() }));
    await first!.acquire('both');
    first!.acquire('both').catch(() => 0);
    await until(async () => (await store.tickets()) === 1);
    await other!.acquire('shared');
  },
);

storeTest('a place says when its turn comes, after all that wait before it', async (store) => {
  const limits = [{ id: 'a', windows: [{ capacity: 2, windowMs: 60_000 }] }];
  const limiters = times(2, () => store.limiter(limits, { allowanceMs: 100 }));
  await limiters[0]!.acquire('a', { weight: 2 });
  for (const [at, limiter] of limiters.entries()) {
    limiter.acquire('a', { weight: 2 }).catch(() => 0);
    await until(async () => (await store.tickets()) === at + 1);
  }
  const places = Object.values(await store.admin.hgetall(store.key('places')));
  const turns = places.map((place) => JSON.parse(place).turn / 1e6).sort((a, b) => a - b);
  expect(turns[1]! - turns[0]!).toBeCloseTo(60.1, 1);
});

storeTest('who asks again keeps the place that it had', async (store) => {
  const limits = [{ id: 'a', windows: [{ capacity: 1, windowMs: 60_000 }] }];
  const time = new ManualTime();
  const [first, other] = [
    store.limiter(limits, { time, replyTimeoutMs: 5_000 }),
    store.limiter(limits, { time: new ManualTime() }),
  ];
  await first.acquire('a');
  for (const [at, limiter] of [first, other].entries()) {
    limiter.acquire('a').catch(() => 0);
    await until(async () => (await store.tickets()) === at + 1);
  }
  const order = (): Promise<string[]> => store.admin.zrange(store.key('tickets'), '0', '-1');
  const before = await order();
  const waits = (): number => time.delaysMs.filter((delayMs) => delayMs === 1_000).length;
  await until(() => waits() === 1);
  await time.advanceTo(1_000);
  await until(() => waits() === 2);
  expect(await order()).toEqual(before);
});
