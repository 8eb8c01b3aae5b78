import { expect, test } from 'vitest';
import { caseOf, follow, limitOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('a limiter that nobody has used says so', () => {
  const windows = [
    { capacity: 10, windowMs: 1_000 },
    { capacity: 2, policy: 'concurrent' as const },
  ];
  const { limiter, time } = caseOf([
    { id: 'a', scope: 'ip', windows, sharePercent: 50 },
    { id: 'b', links: [{ id: 'a' }] },
  ]);
  time.jumpTo(77);
  const quiet = { waiting: 0, oldestWaitMs: 0, admitted: 0, refused: 0, late: 0 };
  expect(limiter.usage()).toEqual({
    atMs: 77,
    limits: [
      {
        id: 'a',
        scope: 'ip',
        windows: [
          { policy: 'sliding-window', capacity: 5, windowMs: 1_000, used: 0 },
          { policy: 'concurrent', capacity: 1, windowMs: 0, used: 0 },
        ],
        ...quiet,
      },
      { id: 'b', scope: 'b', windows: [], ...quiet },
    ],
    penalties: [],
    waiting: { all: 0, cancel: 0, place: 0, query: 0, background: 0 },
    running: 0,
  });
});

test('who waits is counted for its lane and for each limit that it needs, the oldest with its age', async () => {
  const limits = [limitOf('a', 1), { id: 'b', links: [{ id: 'a' }] }, limitOf('c', 1)];
  const { limiter, time } = caseOf(limits);
  limiter.tryAcquire('a');
  limiter.tryAcquire('c');
  time.jumpTo(100);
  follow(limiter, 'b', { lane: 'background' });
  time.jumpTo(250);
  follow(limiter, 'a', { lane: 'place' });
  follow(limiter, 'a', { lane: 'place' });
  follow(limiter, 'c');
  time.jumpTo(300);
  const {
    limits: [a, b, c],
    waiting,
  } = limiter.usage();
  expect([a?.waiting, a?.oldestWaitMs]).toEqual([3, 200]);
  expect([b?.waiting, b?.oldestWaitMs]).toEqual([1, 200]);
  expect([c?.waiting, c?.oldestWaitMs]).toEqual([1, 50]);
  expect(waiting).toEqual({ all: 4, cancel: 0, place: 2, query: 1, background: 1 });
});

test('let through and refused are counted for the limit that was named', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1), { id: 'b', links: [{ id: 'a' }] }], { maxWaiting: 2 });
  limiter.tryAcquire('b');
  follow(limiter, 'b');
  follow(limiter, 'a', { deadlineMs: 10 });
  follow(limiter, 'a');
  await time.advanceTo(1_000);
  const counts = limiter.usage().limits.map(({ admitted, refused }) => [admitted, refused]);
  expect(counts).toEqual([
    [0, 2],
    [2, 0],
  ]);
});

test('a request that is too heavy is counted as refused, and one of an unknown limit nowhere', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  follow(limiter, 'a', { weight: 2 });
  follow(limiter, 'x');
  await settled();
  expect(limiter.usage().limits.map(({ refused }) => refused)).toEqual([1]);
});

test('a snapshot does not change any more', () => {
  const { limiter } = caseOf([limitOf('a', 2)]);
  const before = limiter.usage();
  limiter.tryAcquire('a');
  expect(before.limits[0]?.windows[0]?.used).toBe(0);
  expect(before.limits[0]?.admitted).toBe(0);
});
