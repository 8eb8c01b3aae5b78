import { expect, test } from 'vitest';
import { caseOf, follow, limitOf } from './limiter-case.ts';

test('no timer runs where nobody waits', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const grant = limiter.tryAcquire('a');
  await limiter.run('a', () => 0);
  grant?.replied();
  expect(limiter.tryAcquire('a')).toBeUndefined();
  expect(time.delaysMs).toEqual([]);
});

test('a thousand who wait have one timer, which is set once for each time that somebody can go', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10, { windowMs: 100 })]);
  const waiting = Array.from({ length: 1_000 }, (_, at) =>
    follow(limiter, 'a', { deadlineMs: 100_000 + at }),
  );
  expect(time.delaysMs).toEqual([100]);
  await time.advanceTo(20_000);
  expect(waiting.every(({ state }) => state === 'granted')).toBe(true);
  expect(time.delaysMs).toHaveLength(99);
  expect(time.mostPending).toBe(1);
  expect(time.pending).toBe(0);
});

test('the timer is for the first who can go, of whichever limit', async () => {
  const { limiter, time } = caseOf([
    limitOf('slow', 1, { windowMs: 9_000 }),
    limitOf('fast', 1, { windowMs: 200 }),
  ]);
  limiter.tryAcquire('slow');
  limiter.tryAcquire('fast');
  follow(limiter, 'slow');
  const fast = follow(limiter, 'fast');
  expect(time.delaysMs).toEqual([9_000, 200]);
  await time.advanceTo(1_000);
  expect(fast.atMs).toBe(200);
  expect(time.delaysMs).toEqual([9_000, 200, 8_800]);
  expect(time.mostPending).toBe(1);
});

test('the timer goes with the last who waits', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const controllers = [new AbortController(), new AbortController()];
  for (const { signal } of controllers) follow(limiter, 'a', { signal });
  controllers[0]?.abort();
  expect(time.pending).toBe(1);
  controllers[1]?.abort();
  expect(time.pending).toBe(0);
});

test('a timer that comes too early is set again', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const early: (() => void)[] = [];
  const { limiter: hasty } = caseOf([limitOf('a', 1)], {
    time: {
      now: () => time.now(),
      setTimer: (delayMs, fire) => {
        early.push(fire);
        return time.setTimer(delayMs, fire);
      },
    },
  });
  hasty.tryAcquire('a');
  const waiting = follow(hasty, 'a');
  await time.advanceTo(400);
  early[0]?.();
  expect(waiting.state).toBe('waiting');
  expect(time.delaysMs).toEqual([1_000, 600]);
  await time.advanceTo(1_000);
  expect(waiting.atMs).toBe(1_000);
  limiter.close();
});

test('a program that was busy lets all in at once for which there is room by then', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  limiter.tryAcquire('a', { weight: 2 });
  const waiting = [1, 2, 3].map(() => follow(limiter, 'a'));
  time.jumpTo(7_500);
  await time.advanceTo(8_400);
  expect(waiting.map(({ atMs, state }) => (state === 'granted' ? atMs : state))).toEqual([
    7_500,
    7_500,
    'waiting',
  ]);
});

test('many kinds of request of one limit are served one after the other by one timer', async () => {
  const kinds = Array.from({ length: 300 }, (_, at) => ({ id: `k${at}`, links: [{ id: 'a' }] }));
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 10 }), ...kinds]);
  limiter.tryAcquire('a');
  const waiting = kinds.map(({ id }) => follow(limiter, id));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual(kinds.map((_, at) => 10 * (at + 1)));
  expect(time.delaysMs.length).toBe(300);
});
