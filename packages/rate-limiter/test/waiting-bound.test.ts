import { expect, test } from 'vitest';
import { caseOf, follow, limitOf, refusalOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('one more than may wait is refused at once, and says when there would have been room', async () => {
  const { limiter } = caseOf([limitOf('a', 1), limitOf('b', 1)], { maxWaiting: 2 });
  limiter.tryAcquire('a');
  limiter.tryAcquire('b');
  const waiting = [follow(limiter, 'a'), follow(limiter, 'b')];
  const refused = follow(limiter, 'a');
  await settled();
  expect(waiting.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  expect(refused.error).toMatchObject({ code: 'queue-full', limit: 'a', retryAfterMs: 2_000 });
  expect(refused.error?.message).toBe(
    'a: expected at most 2 that wait, got one more; held up by a, room in 2000 ms',
  );
});

test('a place in the queue is free again when somebody leaves it', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { maxWaiting: 1 });
  limiter.tryAcquire('a');
  const controller = new AbortController();
  follow(limiter, 'a', { signal: controller.signal });
  controller.abort();
  const second = follow(limiter, 'a', { deadlineMs: 5 });
  await time.advanceTo(5);
  const third = follow(limiter, 'a');
  await time.advanceTo(1_000);
  const fourth = follow(limiter, 'a');
  await settled();
  expect([second, third, fourth].map(({ state }) => state)).toEqual(['deadline', 'granted', 'waiting']);
});

test('where nobody may wait, there is room or there is none', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { maxWaiting: 0 });
  expect(await limiter.run('a', () => 1)).toBe(1);
  const refusal = await refusalOf(() => limiter.acquire('a'));
  expect(refusal).toMatchObject({ code: 'queue-full', retryAfterMs: 1_000 });
  expect(time.delaysMs).toEqual([]);
});

test('what cannot be let through is refused before the queue is looked at', async () => {
  const { limiter } = caseOf([limitOf('a', 1)], { maxWaiting: 0 });
  limiter.tryAcquire('a');
  await expect(limiter.run('a', () => 0, { weight: 2 })).rejects.toMatchObject({ code: 'too-heavy' });
  await expect(limiter.run('a', () => 0, { deadlineMs: 0 })).rejects.toMatchObject({ code: 'deadline' });
});

test('the time to room of a long queue goes by the average behind the first 256', async () => {
  const { limiter } = caseOf([limitOf('a', 10)], { maxWaiting: 1_000 });
  limiter.tryAcquire('a', { weight: 10 });
  for (let count = 0; count < 1_000; count += 1) follow(limiter, 'a', { weight: 1 + (count % 2) });
  const refusal = await refusalOf(() => limiter.acquire('a'));
  // 1,500 stand before it: it goes in the 151st second.
  expect(refusal.retryAfterMs).toBe(151_000);
});

test('a lower lane is not counted for one that goes before it, and other limits are not either', async () => {
  const { limiter } = caseOf([limitOf('a', 1), limitOf('b', 1)], { maxWaiting: 7 });
  limiter.tryAcquire('a');
  limiter.tryAcquire('b');
  for (let count = 0; count < 4; count += 1) follow(limiter, 'a', { lane: 'background' });
  for (let count = 0; count < 2; count += 1) follow(limiter, 'b');
  follow(limiter, 'a', { lane: 'place' });
  const urgent = await refusalOf(() => limiter.acquire('a', { lane: 'place' }));
  expect(urgent.retryAfterMs).toBe(2_000);
  const last = await refusalOf(() => limiter.acquire('a', { lane: 'background' }));
  expect(last.retryAfterMs).toBe(6_000);
});

test('the limit that holds up longest is named', async () => {
  const limits = [
    { id: 'both', links: [{ id: 'short' }, { id: 'long' }] },
    limitOf('short', 1),
    limitOf('long', 1, { windowMs: 9_000 }),
  ];
  const { limiter } = caseOf(limits, { maxWaiting: 0 });
  limiter.tryAcquire('both');
  expect(await refusalOf(() => limiter.acquire('both'))).toMatchObject({
    limit: 'long',
    retryAfterMs: 9_000,
  });
  expect(await refusalOf(() => limiter.acquire('short'))).toMatchObject({
    limit: 'short',
    retryAfterMs: 1_000,
  });
});

test('the time to room is that at which all who wait ahead have theirs too', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { maxWaiting: 1 });
  for (const atMs of [0, 100, 200]) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a');
  }
  follow(limiter, 'a');
  expect(await refusalOf(() => limiter.acquire('a'))).toMatchObject({ retryAfterMs: 900 });
});

test('the time to room of a heavy request in a later round is that of all its weight', async () => {
  const { limiter, time } = caseOf([limitOf('a', 3)], { maxWaiting: 1 });
  for (const atMs of [0, 100, 200]) {
    time.jumpTo(atMs);
    limiter.tryAcquire('a');
  }
  follow(limiter, 'a', { weight: 2 });
  expect(await refusalOf(() => limiter.acquire('a', { weight: 2 }))).toMatchObject({ retryAfterMs: 1_900 });
});
