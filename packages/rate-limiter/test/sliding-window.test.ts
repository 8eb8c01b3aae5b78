import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('no more than the capacity goes out, and more as soon as the window is over', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  await time.advanceTo(500);
  expect(fill(limiter, 'a')).toBe(3);
  time.jumpTo(1_499);
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(1_500);
  expect(fill(limiter, 'a')).toBe(3);
});

test('each request leaves the window by itself', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  for (const atMs of [0, 300, 600]) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a');
  }
  const waiting = [1, 2, 3, 4].map(() => follow(limiter, 'a'));
  await time.advanceTo(3_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([1_000, 1_300, 1_600, 2_000]);
});

test('a heavy request waits for as many as it needs and no more', async () => {
  const { limiter, time } = caseOf([limitOf('a', 10)]);
  for (const [atMs, weight] of [
    [0, 4],
    [100, 3],
    [200, 3],
  ] as const) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a', { weight });
  }
  const heavy = follow(limiter, 'a', { weight: 7 });
  await time.advanceTo(1_099);
  expect(heavy.state).toBe('waiting');
  await time.advanceTo(5_000);
  expect(heavy.atMs).toBe(1_100);
});

test('a request counts for its window and the allowance', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 70 });
  limiter.tryAcquire('a');
  const next = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(next.atMs).toBe(1_070);
});

test('the allowance of a window goes before that of the limiter', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { allowanceMs: 5 })], { allowanceMs: 70 });
  limiter.tryAcquire('a');
  const next = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(next.atMs).toBe(1_005);
});

test('several windows of one limit are kept at once', async () => {
  const windows = [
    { capacity: 2, windowMs: 100 },
    { capacity: 3, windowMs: 1_000 },
  ];
  const { limiter, time } = caseOf([{ id: 'a', windows }]);
  const waiting = Array.from({ length: 6 }, () => follow(limiter, 'a'));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([0, 0, 100, 1_000, 1_000, 1_100]);
});

test('fractions of a millisecond count', () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 0.5 })]);
  time.jumpTo(10.25);
  limiter.tryAcquire('a');
  time.jumpTo(10.7);
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(10.75);
  expect(limiter.tryAcquire('a')).toBeDefined();
});

test('room between two milliseconds is waited for up to the next', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 10.25 })]);
  limiter.tryAcquire('a');
  const next = follow(limiter, 'a');
  await time.advanceTo(50);
  expect(time.delaysMs).toEqual([11]);
  expect(next.atMs).toBe(11);
});

test('what is taken at one moment of a clock that stands still leaves together', async () => {
  const { limiter, time } = caseOf([limitOf('a', 500)]);
  expect(fill(limiter, 'a')).toBe(500);
  time.jumpTo(1_000);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a window above 1,024 is counted in slots of time that leave with their last request', () => {
  const { limiter, time } = caseOf([limitOf('a', 2_048, { windowMs: 10_240 })]);
  limiter.tryAcquire('a');
  time.jumpTo(10);
  limiter.tryAcquire('a');
  time.jumpTo(10_249);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(10_250);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a slot is no longer than a 1,024th of the window', () => {
  const { limiter, time } = caseOf([limitOf('a', 2_048, { windowMs: 10_240 })]);
  for (const atMs of [0, 10, 11, 20]) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a');
  }
  time.jumpTo(10_250);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(10_260);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a window of 1,024 is counted exactly', () => {
  const { limiter, time } = caseOf([limitOf('a', 1_024, { windowMs: 10_240 })]);
  limiter.tryAcquire('a');
  time.jumpTo(1);
  limiter.tryAcquire('a');
  time.jumpTo(10_240);
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('a great capacity is kept exactly by weight', () => {
  const capacity = 90_071_992_547_409;
  const { limiter } = caseOf([limitOf('a', capacity)]);
  expect(limiter.tryAcquire('a', { weight: capacity - 1 })).toBeDefined();
  expect(limiter.tryAcquire('a', { weight: 2 })).toBeUndefined();
  expect(limiter.tryAcquire('a', { weight: 1 })).toBeDefined();
  expect(limiter.tryAcquire('a')).toBeUndefined();
});

test('more requests than the log first has room for are all remembered', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1_000, { windowMs: 10_000 })]);
  for (let atMs = 0; atMs < 1_000; atMs += 1) {
    time.jumpTo(atMs);
    expect(limiter.tryAcquire('a')).toBeDefined();
  }
  expect(limiter.tryAcquire('a')).toBeUndefined();
  for (let atMs = 10_000; atMs < 13_000; atMs += 1) {
    time.jumpTo(atMs);
    expect(limiter.tryAcquire('a') !== undefined).toBe(atMs % 10_000 < 1_000);
  }
  await settled();
});

test('no span of the window ever holds more than the capacity, and hardly less, under a steady rush', async () => {
  const { limiter, time } = caseOf([limitOf('a', 7, { windowMs: 100 })]);
  const sentAtMs: number[] = [];
  for (let count = 0; count < 200; count += 1) void limiter.run('a', () => sentAtMs.push(limiter.now()));
  await time.advanceTo(5_000);
  expect(sentAtMs).toHaveLength(200);
  for (const [at, sentMs] of sentAtMs.slice(7).entries()) expect(sentMs - (sentAtMs[at] ?? 0)).toBe(100);
});
