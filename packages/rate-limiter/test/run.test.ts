import { expect, test } from 'vitest';
import type { Grant } from '../src/index.ts';
import { caseOf, follow, limitOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('work starts before run returns where there is room', () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  let grant: Grant | undefined;
  void limiter.run('a', (given) => {
    grant = given;
  });
  expect(grant).toMatchObject({ id: 'a', lane: 'query', weight: 1, sentAtMs: 0 });
  expect(time.delaysMs).toEqual([]);
});

test('run gives what the work gives, or its error', async () => {
  const { limiter } = caseOf([limitOf('a', 9)]);
  expect(await limiter.run('a', () => 7)).toBe(7);
  expect(await limiter.run('a', async () => 8)).toBe(8);
  const lost = new Error('lost');
  await expect(limiter.run('a', () => Promise.reject(lost))).rejects.toBe(lost);
  const thrower = () => {
    throw lost;
  };
  await expect(limiter.run('a', thrower)).rejects.toBe(lost);
});

test('work that waited gives its result or its error too, and those behind it go on', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)]);
  limiter.tryAcquire('a', { weight: 3 });
  const lost = new Error('lost');
  const thrower = () => {
    throw lost;
  };
  const ends = Promise.allSettled([
    limiter.run('a', thrower),
    limiter.run('a', () => 8),
    limiter.run('a', async () => 9),
  ]);
  await time.advanceTo(1_000);
  expect(await ends).toEqual([
    { status: 'rejected', reason: lost },
    { status: 'fulfilled', value: 8 },
    { status: 'fulfilled', value: 9 },
  ]);
});

test('a request stays charged although its work failed', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  await expect(limiter.run('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(limiter.tryAcquire('a')).toBeUndefined();
});

test('work that gives its grant back is not charged', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  await limiter.run('a', (grant) => grant.release());
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('the window of each begins when its work starts, even if the ones before kept the program busy', async () => {
  const { limiter, time } = caseOf([limitOf('a', 4_000)]);
  const sentAtMs: number[] = [];
  const work = (grant: Grant): void => {
    time.jumpTo(time.now() + 1);
    sentAtMs.push(grant.sentAtMs);
  };
  for (let count = 0; count < 4_000; count += 1) void limiter.run('a', work);
  expect(sentAtMs).toEqual(Array.from({ length: 4_000 }, (_, at) => at));
  await settled();
});

test('who waits has a window of his own although all are let in by one timer', async () => {
  const { limiter, time } = caseOf([limitOf('a', 100)]);
  limiter.tryAcquire('a', { weight: 100 });
  const sentAtMs: number[] = [];
  const work = (grant: Grant): void => {
    sentAtMs.push(grant.sentAtMs);
    time.jumpTo(time.now() + 5);
  };
  for (let count = 0; count < 100; count += 1) void limiter.run('a', work);
  await time.advanceTo(1_000);
  expect(sentAtMs).toEqual(Array.from({ length: 100 }, (_, at) => 1_000 + 5 * at));
  time.jumpTo(2_004);
  expect(usedOf(limiter, 'a')).toEqual([99]);
});

test('acquire restamps where its caller goes on', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const first = limiter.acquire('a');
  time.jumpTo(40);
  expect((await first).sentAtMs).toBe(40);
  const second = limiter.acquire('a');
  await time.advanceTo(1_039);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  await time.advanceTo(1_040);
  expect((await second).sentAtMs).toBe(1_040);
});

test('acquire counts from its restamping if the caller was busy after the granting', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const granted = limiter.acquire('a');
  time.jumpTo(500);
  await granted;
  time.jumpTo(1_499);
  expect(limiter.tryAcquire('a')).toBeUndefined();
  time.jumpTo(1_500);
  expect(limiter.tryAcquire('a')).toBeDefined();
});

test('run counts what goes on, and acquire does not', async () => {
  const { limiter } = caseOf([limitOf('a', 9)]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = limiter.run('a', () => promise);
  await limiter.acquire('a');
  expect(limiter.usage().running).toBe(1);
  resolve();
  await running;
  expect(limiter.usage().running).toBe(0);
});

test('run takes anything that can be awaited', async () => {
  const { limiter } = caseOf([limitOf('a', 9)]);
  // biome-ignore lint/suspicious/noThenProperty: a promise of another library is what is meant.
  const thenable: PromiseLike<number> = { then: (resolve) => Promise.resolve(5).then(resolve) };
  expect(await limiter.run('a', () => thenable)).toBe(5);
});

test('a request that was refused is not charged and its work not called', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)], { maxWaiting: 1 });
  limiter.tryAcquire('a');
  const late = follow(limiter, 'a', { weight: 2, deadlineMs: 10 });
  const full = follow(limiter, 'a', { weight: 2 });
  await time.advanceTo(10);
  const given = follow(limiter, 'a', { weight: 2, signal: AbortSignal.abort() });
  await settled();
  expect([late.state, full.state, given.state]).toEqual(['deadline', 'queue-full', 'aborted']);
  expect([late.grant, full.grant, given.grant]).toEqual([undefined, undefined, undefined]);
  expect(usedOf(limiter, 'a')).toEqual([1]);
});
