import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { caseOf, follow, limitOf, usedOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('a signal takes a request out of the queue at once, and its reason is the cause', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const controller = new AbortController();
  const waiting = follow(limiter, 'a', { signal: controller.signal });
  await time.advanceTo(200);
  const reason = new Error('no longer needed');
  controller.abort(reason);
  expect(limiter.usage().waiting.all).toBe(0);
  await settled();
  expect(waiting.error).toMatchObject({ code: 'aborted', limit: 'a', retryAfterMs: 800, cause: reason });
  expect(waiting.error?.message).toBe('a: given up by its caller; held up by a, room in 800 ms');
  expect(time.pending).toBe(0);
});

test('an aborted signal refuses at once, whether there is room or not', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  const signal = AbortSignal.abort('stop');
  const first = follow(limiter, 'a', { signal });
  await settled();
  expect(first.error).toMatchObject({ code: 'aborted', cause: 'stop', limit: undefined });
  expect(first.error?.message).toBe('a: given up by its caller');
  await expect(limiter.acquire('a', { signal })).rejects.toMatchObject({ code: 'aborted' });
  expect(usedOf(limiter, 'a')).toEqual([0]);
});

test('a signal means nothing once the request was let through, in the same tick too', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const held = limiter.tryAcquire('a');
  const controller = new AbortController();
  const granted = limiter.acquire('a', { signal: controller.signal });
  held?.release();
  controller.abort();
  expect((await granted).sentAtMs).toBe(0);
  expect(usedOf(limiter, 'a')).toEqual([1]);
  expect(time.pending).toBe(0);
});

test('an abort in the same tick before the room keeps the room', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  const held = limiter.tryAcquire('a');
  const controller = new AbortController();
  const given = follow(limiter, 'a', { signal: controller.signal });
  const next = follow(limiter, 'a');
  controller.abort();
  held?.release();
  await settled();
  expect([given.state, next.state]).toEqual(['aborted', 'granted']);
});

test('no listener is left on a signal, whatever became of the request', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const controllers = Array.from({ length: 5 }, () => new AbortController());
  const listeners = () => controllers.map(({ signal }) => getEventListeners(signal, 'abort').length);
  const signals = controllers.map(({ signal }) => signal);
  await limiter.run('a', () => 0, { signal: signals[0]! });
  follow(limiter, 'a', { signal: signals[1]! });
  follow(limiter, 'a', { signal: signals[2]!, deadlineMs: 10 });
  follow(limiter, 'a', { signal: signals[3]! });
  follow(limiter, 'a', { signal: signals[4]! });
  expect(listeners()).toEqual([0, 1, 1, 1, 1]);
  controllers[3]?.abort();
  await time.advanceTo(1_000);
  expect(listeners()).toEqual([0, 0, 0, 0, 1]);
  limiter.close();
  expect(listeners()).toEqual([0, 0, 0, 0, 0]);
});

test('giving up lets those go who stood behind', async () => {
  const { limiter } = caseOf([limitOf('a', 4)]);
  limiter.tryAcquire('a', { weight: 2 });
  const controller = new AbortController();
  follow(limiter, 'a', { weight: 3, signal: controller.signal });
  const behind = follow(limiter, 'a', { weight: 2 });
  controller.abort();
  expect(behind.state).toBe('granted');
});

test('a deadline refuses at its moment, and says what held the request up and how long still', async () => {
  const { limiter, time } = caseOf([{ id: 'order', links: [{ id: 'ip' }] }, limitOf('ip', 1)]);
  limiter.tryAcquire('order');
  const waiting = follow(limiter, 'order', { deadlineMs: 300 });
  await time.advanceTo(299);
  expect(waiting.state).toBe('waiting');
  await time.advanceTo(300);
  expect(waiting).toMatchObject({ state: 'deadline', atMs: 300 });
  expect(waiting.error).toMatchObject({ limit: 'ip', retryAfterMs: 700 });
  expect(waiting.error?.message).toBe(
    'order: no room before the deadline, after a wait of 300 ms; held up by ip, room in 700 ms',
  );
});

test('a deadline at the moment of room is early enough, one before it is not', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  limiter.tryAcquire('a', { weight: 2 });
  const early = follow(limiter, 'a', { deadlineMs: 999 });
  const exact = follow(limiter, 'a', { deadlineMs: 1_000 });
  await time.advanceTo(1_000);
  expect([early.state, exact.state]).toEqual(['deadline', 'granted']);
});

test('a deadline that the program slept through is refused although there is room by then', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const waiting = follow(limiter, 'a', { deadlineMs: 500 });
  const patient = follow(limiter, 'a');
  time.jumpTo(5_000);
  await time.advanceTo(5_000);
  expect([waiting.state, patient.state]).toEqual(['deadline', 'granted']);
  expect(waiting.error?.retryAfterMs).toBe(0);
});

test('a deadline that has come is refused at once where there is no room', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  time.jumpTo(50);
  limiter.tryAcquire('a');
  const waiting = follow(limiter, 'a', { deadlineMs: 50 });
  await settled();
  expect(waiting.error).toMatchObject({ code: 'deadline', retryAfterMs: 1_000, limit: 'a' });
  expect(waiting.error?.message).toBe(
    'a: no room now, and its deadline has come; held up by a, room in 1000 ms',
  );
  expect(time.delaysMs).toEqual([]);
});

test('a deadline means nothing where there is room', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  expect(await limiter.run('a', () => 1, { deadlineMs: -5 })).toBe(1);
});

test('a deadline before that of those who wait sets the timer earlier', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  limiter.tryAcquire('a');
  const deadlines = [700, 100, 400, 650, 200, 300, 100, 900];
  const waiting = deadlines.map((deadlineMs) => follow(limiter, 'a', { deadlineMs }));
  await time.advanceTo(950);
  expect(waiting.map(({ atMs }) => atMs)).toEqual(deadlines);
  expect(time.mostPending).toBe(1);
});

test('many deadlines end in their order, whoever leaves before', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100_000 })]);
  limiter.tryAcquire('a');
  const controllers = Array.from({ length: 200 }, () => new AbortController());
  const waiting = controllers.map(({ signal }, at) => ({
    deadlineMs: 100 + ((at * 7_919) % 1_009),
    one: follow(limiter, 'a', { signal, deadlineMs: 100 + ((at * 7_919) % 1_009) }),
  }));
  await time.advanceTo(50);
  for (const [at, controller] of controllers.entries()) if (at % 3 === 0) controller.abort();
  await time.advanceTo(2_000);
  for (const [at, { deadlineMs, one }] of waiting.entries())
    expect([one.state, one.atMs]).toEqual(at % 3 === 0 ? ['aborted', 50] : ['deadline', deadlineMs]);
});

test('the time to room counts those who wait ahead', async () => {
  const { limiter, time } = caseOf([limitOf('a', 2)]);
  limiter.tryAcquire('a', { weight: 2 });
  for (let count = 0; count < 5; count += 1) follow(limiter, 'a');
  const last = follow(limiter, 'a', { deadlineMs: 10 });
  const urgent = follow(limiter, 'a', { deadlineMs: 10, lane: 'cancel' });
  await time.advanceTo(10);
  // The urgent one and the five go in pairs, and it is the seventh.
  expect(last.error?.retryAfterMs).toBe(3_990);
  expect(urgent.error?.retryAfterMs).toBe(990);
});

test('one that leaves between later deadlines leaves the nearer ones in order', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 100_000 })]);
  limiter.tryAcquire('a');
  const controller = new AbortController();
  const deadlines = [10, 1_000, 20, 1_100, 1_200, 30, 40];
  const waiting = deadlines.map((deadlineMs) =>
    follow(limiter, 'a', deadlineMs === 1_100 ? { deadlineMs, signal: controller.signal } : { deadlineMs }),
  );
  controller.abort();
  await time.advanceTo(2_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([10, 1_000, 20, 0, 1_200, 30, 40]);
});
