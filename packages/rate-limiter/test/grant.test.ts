import { expect, test } from 'vitest';
import { caseOf, fill, follow, limitOf, usedOf } from './limiter-case.ts';

test('a reply ends the allowance: the window counts from it at the latest', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 100 });
  const grant = limiter.tryAcquire('a');
  time.jumpTo(30);
  grant?.replied();
  const next = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(next.atMs).toBe(1_030);
});

test('a reply after the allowance does not make the window longer', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 100 });
  const grant = limiter.tryAcquire('a');
  time.jumpTo(400);
  grant?.replied();
  const next = follow(limiter, 'a');
  await time.advanceTo(5_000);
  expect(next.atMs).toBe(1_100);
});

test.each([
  [
    'each counts by its own reply',
    2,
    [
      [1_019, 2],
      [1_020, 1],
      [1_059, 1],
      [1_060, 0],
    ],
  ],
  [
    'the last reply counts where a large limit counts them together',
    2_000,
    [
      [1_059, 2],
      [1_060, 0],
    ],
  ],
] as const)('of what was taken at one moment %s', (_, capacity, expected) => {
  const { limiter, time } = caseOf([limitOf('a', capacity)], { allowanceMs: 100 });
  const [first, second] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  time.jumpTo(20);
  first?.replied();
  time.jumpTo(60);
  second?.replied();
  for (const [atMs, used] of expected) {
    time.jumpTo(atMs);
    expect(usedOf(limiter, 'a')).toEqual([used]);
  }
});

test('a reply that overtakes an earlier request never frees that one', () => {
  const { limiter, time } = caseOf([limitOf('a', 2)], { allowanceMs: 100 });
  limiter.tryAcquire('a');
  time.jumpTo(10);
  limiter.tryAcquire('a')?.replied();
  time.jumpTo(1_099);
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(1_100);
  expect(fill(limiter, 'a')).toBe(2);
});

test('a reply wakes whoever waits at the earlier time', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 400 });
  const grant = limiter.tryAcquire('a');
  const next = follow(limiter, 'a');
  await time.advanceTo(1_100);
  grant?.replied();
  await time.advanceTo(1_200);
  grant?.replied();
  expect(next.state).toBe('waiting');
  await time.advanceTo(5_000);
  expect(next.atMs).toBe(1_400);
});

test('a reply for which the window is over lets the next in at once', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 50 })], { allowanceMs: 400 });
  const [grant, next] = [limiter.tryAcquire('a'), follow(limiter, 'a')];
  await time.advanceTo(30);
  grant?.replied();
  await time.advanceTo(1_000);
  expect(next.atMs).toBe(80);
});

test('a sending after the granting begins the window anew', () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 10 });
  const grant = limiter.tryAcquire('a');
  time.jumpTo(500);
  grant?.sent();
  expect(grant?.sentAtMs).toBe(500);
  time.jumpTo(1_509);
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(1_510);
  expect(limiter.tryAcquire('a')).toBeDefined();
});

test('after the reply neither a sending nor a giving back changes anything', () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: 10 });
  const grant = limiter.tryAcquire('a');
  time.jumpTo(5);
  grant?.replied();
  time.jumpTo(700);
  grant?.sent();
  grant?.release();
  expect(grant?.sentAtMs).toBe(0);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(1_005);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('what is given back is free at once, and given back only once', async () => {
  const { limiter } = caseOf([limitOf('a', 4)]);
  const grants = [limiter.tryAcquire('a', { weight: 2 }), limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  const next = follow(limiter, 'a', { weight: 2 });
  grants[0]?.release();
  grants[0]?.release();
  grants[0]?.done();
  expect(next.state).toBe('granted');
  expect(usedOf(limiter, 'a')).toEqual([4]);
});

test('after its giving back a grant can neither be sent nor replied', () => {
  const { limiter, time, events } = caseOf([limitOf('a', 2)]);
  const [grant, other] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  grant?.release();
  time.jumpTo(500);
  grant?.sent();
  grant?.replied();
  expect(grant?.sentAtMs).toBe(0);
  expect(other).toBeDefined();
  expect(events.filter(({ kind }) => kind === 'late')).toEqual([]);
  time.jumpTo(1_000);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('after the end of the work a grant gives nothing back', () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const grant = limiter.tryAcquire('a');
  grant?.done();
  grant?.release();
  time.jumpTo(500);
  grant?.sent();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(1_000);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a giving back after the window takes nothing from those who came since', () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const grant = limiter.tryAcquire('a', { weight: 2 });
  time.jumpTo(1_000);
  limiter.tryAcquire('a');
  grant?.release();
  expect(usedOf(limiter, 'a')).toEqual([1]);
});

test('what is given back from the middle is free, and the rest leaves when it would have', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  const grants = [0, 100, 200].map((atMs) => {
    time.jumpTo(atMs);
    return limiter.tryAcquire('a');
  });
  grants[1]?.release();
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(1_000);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  grants[0]?.release();
  expect(usedOf(limiter, 'a')).toEqual([1]);
  time.jumpTo(1_200);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('of what was taken at one moment a part can be given back', () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { allowanceMs: 50 });
  const grants = [1, 2, 3].map(() => limiter.tryAcquire('a'));
  grants[0]?.release();
  expect(usedOf(limiter, 'a')).toEqual([2]);
  time.jumpTo(10);
  grants[1]?.replied();
  grants[2]?.replied();
  time.jumpTo(1_010);
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('taking and giving back for ever leaves no more behind than before', () => {
  const { limiter, time } = caseOf([limitOf('a', 3, { windowMs: 10_000_000 })]);
  limiter.tryAcquire('a');
  for (let count = 0; count < 100_000; count += 1) {
    time.jumpTo(count);
    const [early, late] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
    early?.release();
    late?.release();
  }
  expect(usedOf(limiter, 'a')).toEqual([1]);
  expect(fill(limiter, 'a')).toBe(2);
});

test('a reply that took longer than the shortest allowance is told as late, with its weight', () => {
  const windows = [
    { capacity: 9, windowMs: 1_000, allowanceMs: 200 },
    { capacity: 9, policy: 'concurrent' as const },
  ];
  const { limiter, time, events } = caseOf([
    { id: 'a', links: [{ id: 'b' }, { id: 'c' }] },
    limitOf('b', 9, { allowanceMs: 50 }),
    { id: 'c', windows },
  ]);
  const grants = [limiter.tryAcquire('a', { weight: 3 }), limiter.tryAcquire('a'), limiter.tryAcquire('c')];
  time.jumpTo(50);
  grants[1]?.replied();
  time.jumpTo(51);
  grants[0]?.replied();
  grants[2]?.replied();
  expect(events.filter(({ kind }) => kind === 'late')).toEqual([
    { kind: 'late', limit: 'a', weight: 3, tookMs: 51 },
  ]);
  expect(limiter.usage().limits.map(({ late }) => late)).toEqual([3, 0, 0]);
});

test('nothing is late for a limit that only counts what goes on', () => {
  const { limiter, time, events } = caseOf([{ id: 'a', windows: [{ capacity: 1, policy: 'concurrent' }] }]);
  const grant = limiter.tryAcquire('a');
  time.jumpTo(10 ** 6);
  grant?.replied();
  expect(events.map(({ kind }) => kind)).toEqual(['admitted']);
});
