import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { caseOf, follow, limitOf, refusalOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

/** How a promise stands. */
function stateOf(promise: Promise<unknown>): { state: string } {
  const seen = { state: 'open' };
  promise.then(
    () => Object.assign(seen, { state: 'resolved' }),
    (error) => Object.assign(seen, { state: `rejected: ${error}` }),
  );
  return seen;
}

test('drain resolves at once where nothing waits or goes on', async () => {
  const { limiter } = caseOf([limitOf('a', 2)]);
  await limiter.drain();
  await limiter.acquire('a');
  await limiter.drain();
});

test('drain waits for those who wait and for the work that goes on', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const { promise, resolve } = Promise.withResolvers<void>();
  void limiter.run('a', () => promise);
  const drained = stateOf(limiter.drain());
  await time.advanceTo(1_500);
  expect(drained.state).toBe('open');
  resolve();
  await settled();
  expect(drained.state).toBe('resolved');
});

test('drain ends when the last one who waits is let through by acquire, gives up or is refused', async () => {
  for (const end of ['acquire', 'abort', 'deadline'] as const) {
    const { limiter, time } = caseOf([limitOf('a', 1)]);
    limiter.tryAcquire('a');
    const controller = new AbortController();
    const options = { signal: controller.signal, ...(end === 'deadline' ? { deadlineMs: 500 } : {}) };
    limiter.acquire('a', options).catch(() => {});
    const drained = [stateOf(limiter.drain()), stateOf(limiter.drain())];
    await time.advanceTo(499);
    expect(drained.map(({ state }) => state)).toEqual(['open', 'open']);
    if (end === 'abort') controller.abort();
    await time.advanceTo(end === 'acquire' ? 1_000 : 500);
    expect(drained.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  }
});

test('new requests are taken while the limiter drains, and waited for', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  follow(limiter, 'a');
  const drained = stateOf(limiter.drain());
  follow(limiter, 'a');
  await time.advanceTo(1_999);
  expect(drained.state).toBe('open');
  await time.advanceTo(2_000);
  expect(drained.state).toBe('resolved');
});

test('work that failed is at its end too', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  const { promise, reject } = Promise.withResolvers<void>();
  const failed = limiter.run('a', () => promise).catch(() => {});
  const drained = stateOf(limiter.drain());
  reject(new Error('lost'));
  await failed;
  await settled();
  expect(drained.state).toBe('resolved');
});

test('a signal ends the draining with its reason and leaves no listener', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  follow(limiter, 'a');
  const [given, kept] = [new AbortController(), new AbortController()];
  const drained = [given, kept].map(({ signal }) => stateOf(limiter.drain({ signal })));
  given.abort('enough');
  await settled();
  expect(drained.map(({ state }) => state)).toEqual(['rejected: enough', 'open']);
  await time.advanceTo(1_000);
  expect(drained[1]?.state).toBe('resolved');
  for (const { signal } of [given, kept]) expect(getEventListeners(signal, 'abort')).toEqual([]);
  await expect(limiter.drain({ signal: AbortSignal.abort('before') })).rejects.toBe('before');
});

test('close refuses whoever waits and everybody from then on, and leaves no timer', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1), limitOf('b', 1)]);
  limiter.tryAcquire('a');
  const waiting = [follow(limiter, 'a'), follow(limiter, 'a', { deadlineMs: 800, lane: 'cancel' })];
  limiter.close();
  limiter.close();
  await settled();
  expect(waiting.map(({ state }) => state)).toEqual(['closed', 'closed']);
  expect(waiting[0]?.error?.message).toBe('expected an open limiter, got a closed one');
  for (const call of [
    () => limiter.run('b', () => 0),
    () => limiter.acquire('b'),
    () => limiter.tryAcquire('b'),
  ])
    expect(await refusalOf(call)).toMatchObject({ code: 'closed' });
  expect(time.pending).toBe(0);
  expect(limiter.usage().waiting.all).toBe(0);
});

test('close leaves work alone, and drain waits for it', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  const { promise, resolve } = Promise.withResolvers<number>();
  const running = limiter.run('a', () => promise);
  follow(limiter, 'a');
  const drained = stateOf(limiter.drain());
  limiter.close();
  await settled();
  expect(drained.state).toBe('open');
  resolve(3);
  expect(await running).toBe(3);
  await settled();
  expect(drained.state).toBe('resolved');
});

test('close ends a draining that only waited for those it refuses', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  follow(limiter, 'a');
  const drained = stateOf(limiter.drain());
  limiter.close();
  await settled();
  expect(drained.state).toBe('resolved');
});

test('the end of a using block closes', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  {
    using closing = limiter;
    closing.tryAcquire('a');
  }
  expect(() => limiter.tryAcquire('a')).toThrow('got a closed one');
});

test('grants that were given before the closing can still be ended', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  const [first, second] = [limiter.tryAcquire('a'), limiter.tryAcquire('a')];
  limiter.close();
  first?.replied();
  first?.done();
  second?.release();
  expect(limiter.usage().limits[0]?.windows[0]?.used).toBe(1);
  expect(time.pending).toBe(0);
});
