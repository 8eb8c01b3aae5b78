import { expect, test } from 'vitest';
import type { LimiterUsage } from '../src/index.ts';
import { caseOf, follow, limitOf, refusalOf } from './limiter-case.ts';

function heard() {
  const snapshots: LimiterUsage[] = [];
  const listener = (usage: LimiterUsage): void => void snapshots.push(usage);
  return { listener, atMs: () => snapshots.map(({ atMs }) => atMs), snapshots };
}

test('a listener hears the usage at once, and then nothing while nothing happens', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const { listener, atMs } = heard();
  limiter.watch(listener);
  expect(atMs()).toEqual([0]);
  await time.advanceTo(10_000);
  expect(atMs()).toEqual([0]);
  expect(time.delaysMs).toEqual([]);
});

test('a listener hears of a change after its pace, until everything is quiet again, the quiet included', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const { listener, atMs, snapshots } = heard();
  limiter.watch(listener, { everyMs: 400 });
  await time.advanceTo(50);
  limiter.tryAcquire('a');
  limiter.tryAcquire('a');
  await time.advanceTo(10_000);
  expect(atMs()).toEqual([0, 450, 850, 1_250]);
  expect(snapshots.map(({ limits }) => limits[0]?.windows[0]?.used)).toEqual([0, 1, 1, 0]);
  expect(time.pending).toBe(0);
});

test('the pace is a second by default', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1, { windowMs: 1_500 })]);
  const { listener, atMs } = heard();
  limiter.tryAcquire('a');
  limiter.watch(listener);
  await time.advanceTo(10_000);
  expect(atMs()).toEqual([0, 1_000, 2_000]);
});

test('each listener has its own pace and ends by itself', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const [fast, slow] = [heard(), heard()];
  const watching = limiter.watch(fast.listener, { everyMs: 100 });
  limiter.watch(slow.listener, { everyMs: 600 });
  limiter.tryAcquire('a');
  await time.advanceTo(250);
  watching[Symbol.dispose]();
  watching[Symbol.dispose]();
  await time.advanceTo(5_000);
  expect(fast.atMs()).toEqual([0, 100, 200]);
  expect(slow.atMs()).toEqual([0, 600, 1_200]);
});

test('a penalty, a pardon, a report, a waiter and new limits are changes', async () => {
  const { limiter, time } = caseOf(
    [limitOf('a', 1, { policy: 'concurrent' as const, windowMs: undefined as never }), limitOf('b', 5)].map(
      withoutLength,
    ),
  );
  const { listener, snapshots } = heard();
  limiter.watch(listener, { everyMs: 10 });
  const changes = [
    () => limiter.penalise('b', 200, 'told to'),
    () => limiter.pardon('b'),
    () => limiter.report('b', 2),
    () => limiter.setLimits([limitOf('b', 6)]),
  ];
  for (const change of changes) {
    await time.advanceTo(time.now() + 5_000);
    const before = snapshots.length;
    change();
    await time.advanceTo(time.now() + 10);
    expect(snapshots.length).toBe(before + (change === changes[1] ? 0 : 1));
  }
});

/** `concurrent` has no length, not even one that is undefined. */
function withoutLength<T>(limit: T): T {
  return JSON.parse(JSON.stringify(limit));
}

test('a closed scope and a waiter keep the listener informed though nothing is used', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const { listener, snapshots } = heard();
  limiter.watch(listener, { everyMs: 100 });
  limiter.penalise('a', 250, 'told to');
  const controller = new AbortController();
  await time.advanceTo(120);
  follow(limiter, 'a', { signal: controller.signal });
  controller.abort();
  await time.advanceTo(5_000);
  expect(snapshots.map(({ atMs, penalties }) => [atMs, penalties.length])).toEqual([
    [0, 0],
    [100, 1],
    [200, 1],
    [300, 0],
  ]);
});

test('the end of the work is heard', async () => {
  const { limiter, time } = caseOf([{ id: 'a', windows: [{ capacity: 1, policy: 'concurrent' }] }]);
  const { listener, snapshots } = heard();
  const { promise, resolve } = Promise.withResolvers<void>();
  limiter.watch(listener, { everyMs: 10 });
  void limiter.run('a', () => promise);
  await time.advanceTo(25);
  resolve();
  await time.advanceTo(500);
  expect(snapshots.map(({ running }) => running)).toEqual([0, 1, 1, 0]);
});

test('a listener that throws is told to the observer and goes on hearing', async () => {
  const { limiter, time, events } = caseOf([limitOf('a', 1)]);
  const error = new Error('listener');
  let calls = 0;
  limiter.watch(() => {
    calls += 1;
    throw error;
  });
  limiter.tryAcquire('a');
  await time.advanceTo(1_000);
  expect(calls).toBe(2);
  expect(events.filter(({ kind }) => kind === 'failure')).toEqual([
    { kind: 'failure', error },
    { kind: 'failure', error },
  ]);
});

test('a listener may end itself, and closing tells everybody a last time', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const [once, all] = [heard(), heard()];
  const watching: Disposable = limiter.watch((usage) => {
    once.listener(usage);
    if (usage.atMs > 0) watching[Symbol.dispose]();
  });
  limiter.watch(all.listener);
  limiter.tryAcquire('a');
  follow(limiter, 'a');
  await time.advanceTo(1_300);
  limiter.close();
  await time.advanceTo(5_000);
  expect(once.atMs()).toEqual([0, 1_000]);
  expect(all.atMs()).toEqual([0, 1_000, 1_300]);
  expect(time.pending).toBe(0);
});

test('a listener may close the limiter', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const { listener, atMs } = heard();
  limiter.watch((usage) => {
    listener(usage);
    if (usage.atMs > 0) limiter.close();
  });
  limiter.tryAcquire('a');
  await time.advanceTo(5_000);
  expect(atMs()).toEqual([0, 1_000, 1_000]);
  expect(time.pending).toBe(0);
});

test('a pace that is none is refused', async () => {
  const { limiter } = caseOf([limitOf('a', 1)]);
  for (const everyMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const refusal = await refusalOf(() => limiter.watch(() => {}, { everyMs }));
    expect(refusal).toMatchObject({ code: 'invalid-request', field: 'everyMs' });
    expect(refusal.message).toBe(`everyMs: expected a time above 0, got ${everyMs}`);
  }
});

test('a late reply is heard though everything was quiet', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)]);
  const { listener, snapshots } = heard();
  const grant = limiter.tryAcquire('a');
  limiter.watch(listener);
  await time.advanceTo(3_000);
  grant?.replied();
  await time.advanceTo(9_000);
  expect(snapshots.at(-1)?.limits[0]?.late).toBe(1);
});
