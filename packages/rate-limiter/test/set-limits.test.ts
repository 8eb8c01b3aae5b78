import { expect, test } from 'vitest';
import type { LimitDefinition, LimiterEvent } from '../src/index.ts';
import { caseOf, fill, follow, limitOf, refusalOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('what is in use stays in use, and a greater capacity is there at once', async () => {
  const { limiter } = caseOf([limitOf('a', 4)]);
  fill(limiter, 'a');
  const waiting = [1, 2, 3].map(() => follow(limiter, 'a'));
  limiter.setLimits([limitOf('a', 6)]);
  expect(waiting.map(({ state }) => state)).toEqual(['granted', 'granted', 'waiting']);
  expect(usedOf(limiter, 'a')).toEqual([6]);
});

test('a smaller capacity lets nobody in until enough has left', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4)]);
  for (const atMs of [0, 100, 200, 300]) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a');
  }
  limiter.setLimits([limitOf('a', 2)]);
  const waiting = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(waiting.atMs).toBe(1_200);
});

test('a shorter window is in force at once, for what is in use too', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const waiting = follow(limiter, 'a');
  await time.advanceTo(100);
  limiter.setLimits([limitOf('a', 1, { windowMs: 300 })]);
  await time.advanceTo(5_000);
  expect(waiting.atMs).toBe(300);
});

test('a longer window counts what it cannot remember as used', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  fill(limiter, 'a');
  time.jumpTo(1_200);
  limiter.tryAcquire('a');
  limiter.setLimits([limitOf('a', 5, { windowMs: 2_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([5]);
  time.jumpTo(1_999);
  expect(usedOf(limiter, 'a')).toEqual([5]);
  time.jumpTo(2_000);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(3_200);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a longer window that reaches back to nothing forgotten counts nothing more', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  limiter.tryAcquire('a');
  time.jumpTo(900);
  limiter.tryAcquire('a');
  limiter.setLimits([limitOf('a', 3, { windowMs: 5_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(20_000);
  usedOf(limiter, 'a');
  limiter.setLimits([limitOf('a', 3, { windowMs: 6_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('what was given back is not taken for forgotten', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  const [first] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  time.jumpTo(10);
  limiter.tryAcquire('a');
  first?.release();
  limiter.setLimits([limitOf('a', 3, { windowMs: 5_000 })]);
  expect(usedOf(limiter, 'a')).toEqual([2]);
});

test('another allowance counts for what is under way, and not for what was answered', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { allowanceMs: 100 });
  limiter.tryAcquire('a');
  time.jumpTo(10);
  const answered = limiter.tryAcquire('a');
  time.jumpTo(20);
  answered?.replied();
  limiter.setLimits([limitOf('a', 3, { allowanceMs: 300 })]);
  time.jumpTo(1_299);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(1_300);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('who waits goes on waiting in the same order, with deadline and signal', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const order: number[] = [];
  for (const at of [1, 2, 3]) void limiter.run('a', () => order.push(at));
  const late = follow(limiter, 'a', { deadlineMs: 600 });
  const controller = new AbortController();
  const given = follow(limiter, 'a', { signal: controller.signal });
  limiter.setLimits([limitOf('a', 1, { windowMs: 1_500 })]);
  limiter.setLimits([limitOf('a', 1, { windowMs: 500 })]);
  expect(limiter.usage().waiting.all).toBe(5);
  controller.abort();
  await time.advanceTo(1_500);
  expect(order).toEqual([1, 2, 3]);
  expect([late.state, late.atMs, given.state]).toEqual(['deadline', 600, 'aborted']);
  expect(limiter.usage().limits[0]?.waiting).toBe(0);
});

test('requests that the new limits do not know, or never let through, are refused', async () => {
  const { limiter } = caseOf([limitOf('a', 5), limitOf('b', 5), limitOf('c', 5)]);
  for (const id of ['a', 'b', 'c']) limiter.tryAcquire(id, { weight: 5 });
  const gone = follow(limiter, 'a');
  const heavy = follow(limiter, 'b', { weight: 4 });
  const light = follow(limiter, 'b', { weight: 3 });
  const same = follow(limiter, 'c');
  limiter.setLimits([limitOf('b', 3), limitOf('c', 5)]);
  await settled();
  expect(gone.error).toMatchObject({ code: 'unknown-limit', message: 'expected a limit of b, c, got "a"' });
  expect(heavy.error).toMatchObject({ code: 'too-heavy', limit: 'b' });
  expect([light.state, same.state]).toEqual(['waiting', 'waiting']);
  expect(limiter.usage().waiting).toMatchObject({ all: 2, query: 2 });
  await expect(limiter.run('a', () => 0)).rejects.toMatchObject({ code: 'unknown-limit' });
});

test('who stated no weight has the new one, and new links count', async () => {
  const { limiter, time } = caseOf([limitOf('a', 5)]);
  limiter.tryAcquire('a', { weight: 5 });
  follow(limiter, 'a');
  follow(limiter, 'a', { weight: 1 });
  limiter.setLimits([{ ...limitOf('a', 5), weight: 3, links: [{ id: 'b' }] }, limitOf('b', 9)]);
  await time.advanceTo(1_000);
  expect([usedOf(limiter, 'a'), usedOf(limiter, 'b')]).toEqual([[4], [4]]);
});

test('a limit that was not there before begins with nothing in use, also one that was there long ago', () => {
  const { limiter } = caseOf([limitOf('a', 2), limitOf('b', 2)]);
  fill(limiter, 'a');
  limiter.setLimits([limitOf('b', 2), limitOf('c', 2)]);
  expect(usedOf(limiter, 'c')).toEqual([0]);
  limiter.setLimits([limitOf('a', 2)]);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('windows are known by their position', () => {
  const { limiter } = caseOf([{ id: 'a', windows: [{ capacity: 3, windowMs: 100 }] }]);
  fill(limiter, 'a');
  limiter.setLimits([
    {
      id: 'a',
      windows: [
        { capacity: 5, windowMs: 100 },
        { capacity: 9, windowMs: 1_000 },
      ],
    },
  ]);
  expect(usedOf(limiter, 'a')).toEqual([3, 0]);
});

test('what was let through before a change can be replied and given back after it', () => {
  const { limiter } = caseOf([limitOf('a', 2), limitOf('b', 2)]);
  const [first, second] = [limiter.tryAcquire('a'), limiter.tryAcquire('b')];
  limiter.setLimits([limitOf('a', 2)]);
  first?.release();
  second?.replied();
  second?.release();
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('penalties and counts stay with their scope and limit', async () => {
  const { limiter } = caseOf([limitOf('a', 1), limitOf('b', 1)]);
  limiter.tryAcquire('a');
  follow(limiter, 'a', { signal: AbortSignal.abort() });
  limiter.penalise('a', 500, 'told to');
  limiter.setLimits([limitOf('a', 2)]);
  expect(limiter.usage().penalties).toEqual([{ scope: 'a', untilMs: 500, reason: 'told to' }]);
  expect(limiter.usage().limits[0]).toMatchObject({ admitted: 1, refused: 1 });
});

test('a reserve can come and go, and what all use stays in use', () => {
  const { limiter } = caseOf([limitOf('a', 10)]);
  fill(limiter, 'a', { lane: 'cancel' });
  limiter.setLimits([limitOf('a', 12, { reserved: { cancel: 2 } })]);
  expect(usedOf(limiter, 'a')).toEqual([10]);
  expect(fill(limiter, 'a', { lane: 'cancel' })).toBe(2);
  limiter.setLimits([limitOf('a', 13)]);
  expect(usedOf(limiter, 'a')).toEqual([12]);
  expect(fill(limiter, 'a', { lane: 'background' })).toBe(1);
});

test('wrong definitions leave everything as it was', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1), limitOf('b', 1)]);
  limiter.tryAcquire('a');
  const waiting = follow(limiter, 'a');
  limiter.penalise('b', 300, 'told to');
  const before = limiter.usage();
  const wrong: (readonly LimitDefinition[])[] = [
    [limitOf('a', 5), limitOf('a', 5)],
    [limitOf('a', 5), limitOf('c', 0)],
    [limitOf('a', 5, { windowMs: 10 }), { id: 'c', links: [{ id: 'd' }] }],
    [limitOf('a', 5), { ...limitOf('c', 1), weight: 2 }],
    [],
  ];
  for (const limits of wrong) {
    expect(await refusalOf(() => limiter.setLimits(limits))).toMatchObject({ code: 'invalid-limits' });
    expect(limiter.usage()).toEqual(before);
  }
  await time.advanceTo(2_000);
  expect(waiting.atMs).toBe(1_000);
});

test('a window that is counted in another way from now on is', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4)]);
  limiter.setLimits([limitOf('a', 4, { policy: 'token-bucket' })]);
  expect(fill(limiter, 'a')).toBe(4);
  const waiting = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(waiting.atMs).toBe(250);
});

test('nobody whom the new limits do not know is let in by what is done when another of them is refused', async () => {
  const known = [limitOf('a', 5), limitOf('z', 1)];
  const acts: (() => void)[] = [];
  const observe = (event: LimiterEvent): void => {
    if (event.kind === 'refused') acts.pop()?.();
  };
  const { limiter } = caseOf([...known, { id: 'k', links: [{ id: 'a' }] }], { observe });
  limiter.tryAcquire('a', { weight: 2 });
  limiter.tryAcquire('z');
  const gone = [follow(limiter, 'k', { weight: 5 }), follow(limiter, 'k')];
  acts.push(() => void follow(limiter, 'z'));
  limiter.setLimits(known);
  await settled();
  expect(gone.map(({ state }) => state)).toEqual(['unknown-limit', 'unknown-limit']);
});
