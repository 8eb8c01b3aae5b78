import { expect, test } from 'vitest';
import { caseOf, fill, follow, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

const sessions = { id: 'a', windows: [{ capacity: 2, policy: 'concurrent' }] } as const;

test('no more than the capacity goes on at one time, however much time goes by', () => {
  const { limiter, time } = caseOf([sessions]);
  expect(fill(limiter, 'a')).toBe(2);
  time.jumpTo(10 ** 9);
  expect(limiter.tryAcquire('a')).toBeUndefined();
});

test('whoever is done makes room at once, without a timer', async () => {
  const { limiter, time } = caseOf([sessions]);
  const grant = limiter.tryAcquire('a');
  limiter.tryAcquire('a');
  const [first, second] = [follow(limiter, 'a'), follow(limiter, 'a')];
  await settled();
  expect([first.state, second.state]).toEqual(['waiting', 'waiting']);
  grant?.done();
  expect(first.state).toBe('granted');
  await settled();
  expect(second.state).toBe('granted');
  expect(time.delaysMs).toEqual([]);
});

test('run is done by itself, whether its work ends well or not', async () => {
  const { limiter } = caseOf([sessions]);
  await limiter.run('a', async () => 1);
  await expect(limiter.run('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  await expect(
    limiter.run('a', () => {
      throw new Error('thrown');
    }),
  ).rejects.toThrow('thrown');
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('acquire is done at the end of a using block', async () => {
  const { limiter } = caseOf([sessions]);
  {
    using _ = await limiter.acquire('a');
    expect(usedOf(limiter, 'a')).toEqual([1]);
  }
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('done twice, or done and released, comes back once', () => {
  const { limiter } = caseOf([sessions]);
  const [first, second] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  first?.done();
  first?.done();
  first?.release();
  first?.[Symbol.dispose]();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  second?.release();
  second?.done();
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a reply or a sending does not end what goes on', () => {
  const { limiter } = caseOf([sessions]);
  const grant = limiter.tryAcquire('a');
  grant?.sent();
  grant?.replied();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  grant?.release();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  grant?.done();
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('weights count, of a window beside it too', async () => {
  const windows = [
    { capacity: 5, policy: 'concurrent' as const },
    { capacity: 6, windowMs: 1_000 },
  ];
  const { limiter, time } = caseOf([{ id: 'a', windows }]);
  const grant = limiter.tryAcquire('a', { weight: 3 });
  expect(limiter.tryAcquire('a', { weight: 3 })).toBeUndefined();
  limiter.tryAcquire('a', { weight: 2 });
  expect(usedOf(limiter, 'a')).toEqual([5, 5]);
  grant?.done();
  expect(usedOf(limiter, 'a')).toEqual([2, 5]);
  const waiting = follow(limiter, 'a', { weight: 3 });
  await time.advanceTo(2_000);
  expect(waiting.atMs).toBe(1_000);
});

test('nobody can know when there will be room, so no time is said', async () => {
  const { limiter, time } = caseOf([sessions]);
  fill(limiter, 'a');
  const waiting = follow(limiter, 'a', { deadlineMs: 50 });
  await time.advanceTo(50);
  expect(waiting.error).toMatchObject({ code: 'deadline', limit: 'a', retryAfterMs: undefined });
  expect(waiting.error?.message).toBe('a: no room before the deadline, after a wait of 50 ms; held up by a');
});

test('more sessions let those in who wait, fewer let those go on who are in', async () => {
  const { limiter } = caseOf([sessions]);
  const grants = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  const waiting = [1, 2].map(() => limiter.acquire('a'));
  const withCapacity = (capacity: number) => [
    { id: 'a', windows: [{ capacity, policy: 'concurrent' as const }] },
  ];
  limiter.setLimits(withCapacity(4));
  const later = await Promise.all(waiting);
  expect(usedOf(limiter, 'a')).toEqual([4]);
  limiter.setLimits(withCapacity(1));
  expect(usedOf(limiter, 'a')).toEqual([4]);
  for (const grant of [...grants, ...later]) {
    expect(limiter.tryAcquire('a')).toBeUndefined();
    grant?.done();
  }
  expect(fill(limiter, 'a')).toBe(1);
});
