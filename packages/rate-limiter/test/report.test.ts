import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';

test('what the server counts beyond ours was used by others and counts for a window', async () => {
  const { limiter, time, events } = caseOf([limitOf('a', 10)]);
  limiter.tryAcquire('a', { weight: 3 });
  time.jumpTo(200);
  limiter.report('a', 7);
  expect(usedOf(limiter, 'a')).toEqual([7]);
  expect(events.at(-1)).toEqual({ kind: 'others-used', limit: 'a', weight: 4 });
  expect(fill(limiter, 'a')).toBe(3);
  time.jumpTo(1_199);
  expect(usedOf(limiter, 'a')).toEqual([7]);
  time.jumpTo(1_200);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('what others used counts for the allowance too', () => {
  const { limiter, time } = caseOf([limitOf('a', 10)], { allowanceMs: 50 });
  limiter.report('a', 4);
  time.jumpTo(1_049);
  expect(usedOf(limiter, 'a')).toEqual([4]);
  time.jumpTo(1_050);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('less than is known here is not believed', () => {
  const { limiter, events } = caseOf([limitOf('a', 10)]);
  limiter.tryAcquire('a', { weight: 3 });
  limiter.report('a', 3);
  limiter.report('a', 0);
  expect(usedOf(limiter, 'a')).toEqual([3]);
  expect(events.map(({ kind }) => kind)).toEqual(['admitted']);
});

test('the same count twice is taken once, and a broken one rounded up', () => {
  const { limiter } = caseOf([limitOf('a', 10)]);
  limiter.report('a', 2.25);
  limiter.report('a', 2.25);
  expect(usedOf(limiter, 'a')).toEqual([3]);
});

test('what was sent after the request that was answered is not in the count of the server', () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  const first = limiter.tryAcquire('a');
  time.jumpTo(10);
  const second = limiter.tryAcquire('a', { weight: 4 });
  time.jumpTo(20);
  limiter.report('a', 2, { sentAtMs: first?.sentAtMs ?? 0 });
  expect(usedOf(limiter, 'a')).toEqual([6]);
  // The one that somebody else used is known by now.
  limiter.report('a', 6, { sentAtMs: second?.sentAtMs ?? 0 });
  expect(usedOf(limiter, 'a')).toEqual([6]);
});

test('more than the capacity keeps everybody out until it is over, those who wait too', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  limiter.tryAcquire('a', { weight: 10 });
  const waiting = follow(limiter, 'a');
  await time.advanceTo(500);
  limiter.report('a', 1_000);
  expect(usedOf(limiter, 'a')).toEqual([1_000]);
  await time.advanceTo(5_000);
  expect(waiting.atMs).toBe(1_500);
});

test('of several windows the reply has to say which it speaks of', async () => {
  const windows = [
    { capacity: 10, windowMs: 1_000 },
    { capacity: 20, windowMs: 60_000 },
  ];
  const { limiter } = caseOf([{ id: 'a', windows }]);
  limiter.report('a', 5, { windowMs: 60_000 });
  expect(usedOf(limiter, 'a')).toEqual([0, 5]);
  for (const options of [{}, { windowMs: 7 }]) {
    const refusal = await refusalOf(() => limiter.report('a', 6, options));
    expect(refusal).toMatchObject({ code: 'invalid-request', field: 'windowMs', limit: 'a' });
    expect(refusal.message).toContain('windowMs: expected the length of one window of the limit, got');
  }
});

test('what is not ours is there for others before ours is touched', () => {
  const { limiter } = caseOf([{ ...limitOf('a', 20), sharePercent: 50 }]);
  limiter.tryAcquire('a', { weight: 2 });
  limiter.report('a', 12);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  limiter.report('a', 15);
  expect(usedOf(limiter, 'a')).toEqual([5]);
});

test('a report counts for the lanes with less as well', () => {
  const { limiter } = caseOf([limitOf('a', 10, { reserved: { cancel: 4 } })]);
  limiter.report('a', 5);
  expect(fill(limiter, 'a', { lane: 'query' })).toBe(1);
});

test('a report on a bucket fills its level, and on what goes on at one time nothing', () => {
  const { limiter, time } = caseOf([
    limitOf('a', 10, { policy: 'token-bucket' }),
    { id: 'b', windows: [{ capacity: 3, policy: 'concurrent' }] },
  ]);
  limiter.tryAcquire('a', { weight: 4 });
  time.jumpTo(100);
  limiter.report('a', 6);
  expect(usedOf(limiter, 'a')).toEqual([6]);
  limiter.tryAcquire('b');
  limiter.report('b', 1);
  limiter.report('b', 3);
  expect(usedOf(limiter, 'b')).toEqual([1]);
});

test('a count that is none, and a limit that counts nothing, are refused', async () => {
  const { limiter } = caseOf([limitOf('a', 10), { id: 'b', links: [{ id: 'a' }] }]);
  for (const used of [-1, Number.NaN, Number.POSITIVE_INFINITY, '3' as never]) {
    const refusal = await refusalOf(() => limiter.report('a', used));
    expect(refusal).toMatchObject({ code: 'invalid-request', field: 'used', limit: 'a' });
    expect(refusal.message).toContain('a, used: expected a weight from 0, got');
  }
  expect(await refusalOf(() => limiter.report('b', 1))).toMatchObject({ field: 'windowMs', limit: 'b' });
  expect(await refusalOf(() => limiter.report('c', 1))).toMatchObject({ code: 'unknown-limit' });
  limiter.report('a', 0);
});

test('what others used is counted once, however many replies on their way tell of it', () => {
  const { limiter, time } = caseOf([limitOf('a', 100)]);
  const grants = [1, 2, 3, 4, 5].map(() => {
    time.jumpTo(limiter.now() + 10);
    return limiter.tryAcquire('a');
  });
  time.jumpTo(200);
  for (const [at, grant] of grants.entries())
    limiter.report('a', 30 + at + 1, { sentAtMs: grant?.sentAtMs ?? 0 });
  expect(usedOf(limiter, 'a')).toEqual([35]);
});

test('of requests of one moment those that left later are still ours', async () => {
  const { limiter, time } = caseOf([limitOf('a', 100, { windowMs: 60_000 })]);
  const [heavy, light] = [limiter.tryAcquire('a', { weight: 50 }), limiter.tryAcquire('a')];
  await time.advanceTo(5);
  light?.sent();
  limiter.report('a', 50, { sentAtMs: heavy?.sentAtMs ?? 0 });
  expect(usedOf(limiter, 'a')).toEqual([51]);
});

test('requests that were counted together before a change of limits are still ours', async () => {
  const limits = (capacity: number) => [limitOf('a', capacity, { windowMs: 60_000 })];
  const { limiter, time } = caseOf(limits(2_000));
  const first = limiter.tryAcquire('a', { weight: 500 });
  await time.advanceTo(20);
  const second = limiter.tryAcquire('a');
  limiter.setLimits(limits(1_000));
  await time.advanceTo(40);
  second?.sent();
  limiter.report('a', 500, { sentAtMs: first?.sentAtMs ?? 0 });
  expect(usedOf(limiter, 'a')).toEqual([501]);
});
