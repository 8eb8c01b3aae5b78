import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';

const bucket = { policy: 'token-bucket' } as const;

test('a burst of the capacity goes out, then one for each share of the window', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4, bucket)]);
  expect(fill(limiter, 'a')).toBe(4);
  const waiting = [1, 2, 3].map(() => follow(limiter, 'a'));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([250, 500, 750]);
});

test('a heavy request waits until so much has flowed in', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  limiter.tryAcquire('a', { weight: 8 });
  const heavy = follow(limiter, 'a', { weight: 10 });
  await time.advanceTo(5_000);
  expect(heavy.atMs).toBe(800);
});

test('the bucket does not fill above its capacity, however long nothing happens', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4, bucket)]);
  fill(limiter, 'a');
  await time.advanceTo(1_000_000);
  expect(usedOf(limiter, 'a')).toEqual([0]);
  expect(fill(limiter, 'a')).toBe(4);
});

test('what is used runs out evenly, in parts', () => {
  const { limiter, time } = caseOf([limitOf('a', 4, bucket)]);
  fill(limiter, 'a');
  time.jumpTo(125);
  expect(usedOf(limiter, 'a')).toEqual([3.5]);
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(250);
  expect(limiter.tryAcquire('a')).toBeDefined();
});

test('what flows in during the allowance is held back from the burst, not from the pace', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, { ...bucket, allowanceMs: 150 })]);
  expect(fill(limiter, 'a')).toBe(8);
  const waiting = [1, 2, 3].map(() => follow(limiter, 'a'));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([100, 200, 300]);
});

test('what is given back is there again, less what ran out meanwhile', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  limiter.tryAcquire('a', { weight: 5 });
  const grant = limiter.tryAcquire('a', { weight: 4 });
  time.jumpTo(100);
  grant?.release();
  expect(usedOf(limiter, 'a')).toEqual([5]);
  time.jumpTo(500);
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('a giving back never takes out more than there is', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  const grant = limiter.tryAcquire('a', { weight: 5 });
  time.jumpTo(2_000);
  limiter.tryAcquire('a', { weight: 3 });
  grant?.release();
  expect(usedOf(limiter, 'a')).toEqual([3]);
  const early = limiter.tryAcquire('a', { weight: 2 });
  time.jumpTo(2_400);
  early?.release();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(2_500);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a request that leaves later than it was let through counts from then', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  const grant = limiter.tryAcquire('a', { weight: 2 });
  time.jumpTo(150);
  grant?.sent();
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(1_000);
  grant?.sent();
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(1_100);
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('a reply changes nothing in a bucket, as it flows on anyway', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  const grant = limiter.tryAcquire('a', { weight: 6 });
  time.jumpTo(100);
  grant?.replied();
  expect(usedOf(limiter, 'a')).toEqual([5]);
});

test('a new capacity changes the pace from now on and keeps what is used', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  limiter.tryAcquire('a', { weight: 10 });
  time.jumpTo(200);
  limiter.setLimits([limitOf('a', 20, bucket)]);
  expect(usedOf(limiter, 'a')).toEqual([8]);
  expect(fill(limiter, 'a')).toBe(12);
  time.jumpTo(300);
  expect(usedOf(limiter, 'a')).toEqual([18]);
});

test('a reserve takes from the burst of the lanes below, and not from their pace', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, { ...bucket, reserved: { cancel: 4 } })]);
  expect(fill(limiter, 'a', { lane: 'query' })).toBe(6);
  const waiting = [1, 2].map(() => follow(limiter, 'a', { lane: 'query' }));
  await time.advanceTo(1_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([100, 200]);
});

test('a request that says twice that it leaves only now counts from the second time, once', () => {
  const { limiter, time } = caseOf([limitOf('a', 10, bucket)]);
  const grant = limiter.tryAcquire('a', { weight: 2 });
  for (const atMs of [100, 150]) {
    time.jumpTo(atMs);
    grant?.sent();
    expect(usedOf(limiter, 'a')).toEqual([2]);
  }
});

test('the time to room of a bucket counts a whole burst as the time in which it flows in', async () => {
  const { limiter } = caseOf([limitOf('a', 4, bucket)], { maxWaiting: 4 });
  fill(limiter, 'a');
  for (let count = 0; count < 4; count += 1) follow(limiter, 'a');
  expect(await refusalOf(() => limiter.acquire('a'))).toMatchObject({ retryAfterMs: 1_250 });
});
