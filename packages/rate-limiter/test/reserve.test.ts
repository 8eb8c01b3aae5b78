import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, refusalOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

const reserved = { cancel: 2, place: 3 } as const;

test('a lane leaves alone what is reserved for those above it', () => {
  for (const [lane, most] of [
    ['cancel', 10],
    ['place', 8],
    ['query', 5],
    ['background', 5],
  ] as const) {
    const { limiter } = caseOf([limitOf('a', 10, { reserved })]);
    expect(fill(limiter, 'a', { lane })).toBe(most);
  }
});

test('a weight above what is left for its lane is too heavy', async () => {
  const { limiter } = caseOf([limitOf('a', 10, { reserved })]);
  const refusal = await refusalOf(() => limiter.run('a', () => 0, { weight: 6, lane: 'background' }));
  expect(refusal.message).toBe('limit a: expected a weight of at most 5 in lane background, got 6');
  expect(limiter.tryAcquire('a', { weight: 6, lane: 'place' })).toBeDefined();
});

test('the usual weight is too heavy for a lane that has less than it', async () => {
  const { limiter } = caseOf([{ ...limitOf('a', 10, { reserved }), weight: 6 }]);
  await expect(limiter.run('a', () => 0, { lane: 'query' })).rejects.toMatchObject({ code: 'too-heavy' });
  expect(limiter.tryAcquire('a', { lane: 'cancel' })?.weight).toBe(6);
});

test('a lane passes those below it that wait, if its own reserve has room', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, { reserved })], {
    patience: { place: 0, query: 0, background: 0 },
  });
  fill(limiter, 'a', { lane: 'query' });
  time.jumpTo(100);
  const low = follow(limiter, 'a', { lane: 'query' });
  const high = [1, 2, 3].map(() => follow(limiter, 'a', { lane: 'place' }));
  await settled();
  expect(low.state).toBe('waiting');
  expect(high.map(({ state }) => state)).toEqual(['granted', 'granted', 'granted']);
});

test('a reserve does not let one pass its own lane', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, { reserved: { cancel: 4 } })]);
  limiter.tryAcquire('a', { lane: 'cancel', weight: 8 });
  time.jumpTo(100);
  const heavy = follow(limiter, 'a', { lane: 'cancel', weight: 3 });
  const light = follow(limiter, 'a', { lane: 'cancel', weight: 1 });
  await settled();
  expect([heavy.state, light.state]).toEqual(['waiting', 'waiting']);
});

test('no one passes at a limit that reserves nothing', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const limits = [
    { id: 'a', links: [{ id: 'open' }, { id: 'kept' }] },
    limitOf('open', 1),
    limitOf('kept', 10, { reserved }),
  ];
  const { limiter } = caseOf(limits, { patience });
  limiter.tryAcquire('a');
  const low = follow(limiter, 'a', { lane: 'query' });
  const high = follow(limiter, 'a', { lane: 'cancel' });
  limiter.setLimits([limits[0]!, limitOf('open', 2), limits[2]!]);
  await settled();
  expect([low.state, high.state]).toEqual(['granted', 'waiting']);
});

test('a reserve in every window is needed to pass where there is no room beside', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const states = [];
  for (const capacity of [6, 7]) {
    const windows = [
      { capacity: 10, windowMs: 1_000, reserved: { cancel: 5 } },
      { capacity, windowMs: 1_000 },
    ];
    const { limiter, time } = caseOf([{ id: 'a', windows }], { patience });
    limiter.tryAcquire('a', { lane: 'query', weight: 5 });
    time.jumpTo(100);
    const low = follow(limiter, 'a', { lane: 'query' });
    const high = follow(limiter, 'a', { lane: 'cancel' });
    await settled();
    states.push([low.state, high.state]);
  }
  expect(states).toEqual([
    ['waiting', 'waiting'],
    ['waiting', 'granted'],
  ]);
});

test('whoever waits for its reserve in one window keeps nothing elsewhere because another has room sooner', async () => {
  const reserved = { place: 1 };
  const windows = [
    { capacity: 2, windowMs: 10, reserved },
    { capacity: 2, windowMs: 120, reserved },
  ];
  const limits = [
    { id: 'both', links: [{ id: 'orders' }, { id: 'address', weight: 3 }] },
    { id: 'orders', windows },
    { id: 'address', windows: [{ capacity: 3, windowMs: 50 }] },
  ];
  const { limiter, time } = caseOf(limits, { patience: { place: 0, query: 0, background: 0 } });
  limiter.tryAcquire('both', { lane: 'place' });
  time.jumpTo(52);
  limiter.tryAcquire('orders', { lane: 'query' });
  time.jumpTo(60);
  follow(limiter, 'both', { lane: 'query' });
  const order = follow(limiter, 'both', { lane: 'place' });
  const passing = follow(limiter, 'address', { lane: 'cancel' });
  expect(passing).toMatchObject({ state: 'granted', atMs: 60 });
  await time.advanceTo(500);
  expect(order).toMatchObject({ state: 'granted', atMs: 120 });
});

test('a reserve does not let a request of another kind pass its own lane', async () => {
  const limits = [limitOf('a', 10, { reserved: { cancel: 4 } }), { id: 'k', links: [{ id: 'a' }] }];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('a', { lane: 'cancel', weight: 3 });
  time.jumpTo(100);
  const heavy = follow(limiter, 'a', { lane: 'cancel', weight: 8 });
  const light = follow(limiter, 'k', { lane: 'cancel' });
  await settled();
  expect([heavy.state, light.state]).toEqual(['waiting', 'waiting']);
});

test('one of its own lane that has left the queue keeps nobody from passing', async () => {
  const patience = { place: 0, query: 0, background: 0 };
  const { limiter, time } = caseOf([limitOf('a', 10, { reserved: { cancel: 2 } })], { patience });
  fill(limiter, 'a', { lane: 'cancel' });
  time.jumpTo(100);
  const controller = new AbortController();
  follow(limiter, 'a', { lane: 'cancel', signal: controller.signal });
  controller.abort();
  await time.advanceTo(2_000);
  fill(limiter, 'a', { lane: 'query' });
  time.jumpTo(2_100);
  const low = follow(limiter, 'a', { lane: 'query' });
  const high = follow(limiter, 'a', { lane: 'cancel' });
  await settled();
  expect([low.state, high.state]).toEqual(['waiting', 'granted']);
});

test('a weight above everything is too heavy for the highest lane as well', async () => {
  const { limiter } = caseOf([limitOf('a', 8)]);
  const refusal = await refusalOf(() => limiter.run('a', () => 0, { weight: 9, lane: 'cancel' }));
  expect(refusal.message).toBe('limit a: expected a weight of at most 8 in lane cancel, got 9');
});

/** Two of `heavy` wait for a bucket, of which two of ten are reserved for cancels. */
function bucketWithReserve() {
  const bucket = { capacity: 10, windowMs: 10_000, policy: 'token-bucket', reserved: { cancel: 2 } } as const;
  const limits = [
    { id: 'bucket', windows: [bucket] },
    limitOf('other', 1, { windowMs: 8_000 }),
    { id: 'heavy', links: [{ id: 'bucket', weight: 8 }, { id: 'other' }] },
  ];
  const found = caseOf(limits, { patience: { place: 0, query: 0, background: 0 } });
  found.limiter.tryAcquire('other');
  return found;
}

test('a reserve of a bucket comes back when it has run out of it, and not by whole units', async () => {
  for (const comesAtMs of [0, 700, 999]) {
    const { limiter, time } = bucketWithReserve();
    for (let taken = 0; taken < 2; taken += 1) limiter.tryAcquire('bucket', { lane: 'cancel' });
    follow(limiter, 'heavy', { lane: 'place' });
    follow(limiter, 'heavy', { lane: 'place' });
    await time.advanceTo(comesAtMs);
    const cancel = follow(limiter, 'bucket', { lane: 'cancel' });
    await time.advanceTo(20_000);
    expect(cancel.atMs).toBeGreaterThanOrEqual(1_000);
    // Timers count whole milliseconds.
    expect(cancel.atMs).toBeLessThanOrEqual(1_001);
  }
});

test('the last digits of two levels do not make a reserve smaller', async () => {
  for (let at = 0; at < 60; at += 1) {
    const { limiter, time } = bucketWithReserve();
    limiter.tryAcquire('bucket', { lane: 'place', weight: 6 });
    limiter.tryAcquire('bucket', { lane: 'cancel' });
    follow(limiter, 'heavy', { lane: 'place' });
    for (let look = 0; look < 5; look += 1) {
      time.jumpTo(time.now() + 1 + ((at * 7 + look * 13) % 37) / 3);
      if (look % 2 === 1) limiter.usage();
    }
    expect(follow(limiter, 'bucket', { lane: 'cancel' }).state, `${at}`).toBe('granted');
  }
});

test('who waits for its reserve in two windows is woken once, when both cover it', async () => {
  const windows = [100, 300].map((windowMs) => ({ capacity: 3, windowMs, reserved: { cancel: 1 } }));
  const { limiter, time } = caseOf([{ id: 'a', windows }], {
    patience: { place: 0, query: 0, background: 0 },
  });
  limiter.tryAcquire('a', { lane: 'cancel' });
  time.jumpTo(20);
  limiter.tryAcquire('a');
  time.jumpTo(50);
  const query = follow(limiter, 'a', { weight: 2 });
  const cancel = follow(limiter, 'a', { lane: 'cancel' });
  const timers = time.delaysMs.length;
  await time.advanceTo(300);
  expect([cancel.atMs, query.state, time.delaysMs.length - timers]).toEqual([300, 'waiting', 1]);
});
