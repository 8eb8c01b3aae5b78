import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';

test('one that left late keeps those behind it in the log, so that a heavy request waits for the last of them', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const late = limiter.tryAcquire('a');
  time.jumpTo(100);
  limiter.tryAcquire('a');
  time.jumpTo(500);
  late?.sent();
  const heavy = follow(limiter, 'a', { weight: 2 });
  await time.advanceTo(5_000);
  expect(heavy.atMs).toBe(1_500);
});

test('nothing that shares a slot with the request that was answered is taken for somebody else’s', () => {
  const { limiter, time } = caseOf([limitOf('a', 2_048, { windowMs: 10_240 })]);
  limiter.tryAcquire('a');
  time.jumpTo(5);
  limiter.tryAcquire('a');
  limiter.report('a', 1, { sentAtMs: 2 });
  expect(usedOf(limiter, 'a')).toEqual([2]);
});

test('what left later than it was let through is not in a count from before', () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  const grant = limiter.tryAcquire('a');
  time.jumpTo(50);
  grant?.sent();
  limiter.report('a', 1, { sentAtMs: 20 });
  expect(usedOf(limiter, 'a')).toEqual([2]);
});

test('another allowance does not prolong what was answered', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { allowanceMs: 100 });
  const answered = limiter.tryAcquire('a');
  time.jumpTo(20);
  answered?.replied();
  limiter.setLimits([limitOf('a', 3, { allowanceMs: 300 })]);
  time.jumpTo(1_019);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(1_020);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a longer window of less capacity than is in use takes nothing away', () => {
  const { limiter, time } = caseOf([limitOf('a', 4)]);
  limiter.tryAcquire('a');
  time.jumpTo(1_100);
  fill(limiter, 'a');
  limiter.setLimits([limitOf('a', 2, { windowMs: 3_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([4]);
});

test('a longer window does not remember what was given back', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  const first = limiter.tryAcquire('a');
  time.jumpTo(10);
  limiter.tryAcquire('a');
  first?.release();
  time.jumpTo(1_005);
  limiter.setLimits([limitOf('a', 3, { windowMs: 5_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('what a longer window cannot remember counts with the allowance', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { allowanceMs: 100 });
  limiter.tryAcquire('a');
  time.jumpTo(1_100);
  expect(usedOf(limiter, 'a')).toEqual([0]);
  limiter.setLimits([limitOf('a', 3, { windowMs: 2_000 })]);
  time.jumpTo(2_099);
  expect(usedOf(limiter, 'a')).toEqual([3]);
  time.jumpTo(2_100);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('the time to room of a second round counts the allowance again', async () => {
  const { limiter } = caseOf([limitOf('a', 1)], { allowanceMs: 100, maxWaiting: 1 });
  limiter.tryAcquire('a');
  follow(limiter, 'a');
  expect(await refusalOf(() => limiter.acquire('a'))).toMatchObject({ retryAfterMs: 2_200 });
});

test('a second reply of one request does not stand for that of another', () => {
  const { limiter, time, events } = caseOf([limitOf('a', 2_000)], { allowanceMs: 100 });
  const grant = limiter.tryAcquire('a');
  limiter.tryAcquire('a');
  time.jumpTo(10);
  grant?.replied();
  grant?.replied();
  time.jumpTo(1_010);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  expect(events.filter(({ kind }) => kind === 'late')).toEqual([]);
});

test('what is taken steadily comes back, also where each request says again when it left', () => {
  const { limiter, time } = caseOf([limitOf('a', 2_000)]);
  let taken = 0;
  for (let at = 0; at < 20_000; at += 1) {
    time.jumpTo(at / 4);
    const grant = limiter.tryAcquire('a');
    grant?.sent();
    if (grant !== undefined) taken += 1;
  }
  // Five seconds; slots cost a thousandth.
  expect(taken).toBeGreaterThan(9_950);
  expect(taken).toBeLessThanOrEqual(10_000);
});
