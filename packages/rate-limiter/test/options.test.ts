import { expect, test } from 'vitest';
import type { RateLimiterOptions, RequestOptions } from '../src/index.ts';
import { caseOf, limitOf, refusalOf } from './limiter-case.ts';

const limits = [limitOf('a', 5), limitOf('b', 5)];

const optionFaults: readonly (readonly [object, string, string])[] = [
  [{ time: {} }, 'time', 'an object with now and setTimer, got an object'],
  [{ time: { now: () => 0 } }, 'time', 'an object with now and setTimer, got an object'],
  [{ allowanceMs: -1 }, 'allowanceMs', 'a time from 0, got -1'],
  [{ allowanceMs: Number.POSITIVE_INFINITY }, 'allowanceMs', 'a time from 0, got Infinity'],
  [{ sharePercent: 0 }, 'sharePercent', 'a whole number from 1 to 100, got 0'],
  [{ sharePercent: 101 }, 'sharePercent', 'a whole number from 1 to 100, got 101'],
  [{ maxWaiting: -1 }, 'maxWaiting', 'a whole number from 0, got -1'],
  [{ maxWaiting: 0.5 }, 'maxWaiting', 'a whole number from 0, got 0.5'],
  [{ patience: { place: -1 } }, 'patience.place', 'a time from 0, that of the lane above, got -1'],
  [{ patience: { query: 999 } }, 'patience.query', 'a time from 1000, that of the lane above, got 999'],
  [
    { patience: { background: 4_999 } },
    'patience.background',
    'a time from 5000, that of the lane above, got 4999',
  ],
  [
    { patience: { background: Number.POSITIVE_INFINITY } },
    'patience.background',
    'a time from 5000, that of the lane above, got Infinity',
  ],
];

test.for(optionFaults)('options %o are refused', async ([options, field, rest]) => {
  const refusal = await refusalOf(() => caseOf(limits, options as Partial<RateLimiterOptions>));
  expect(refusal).toMatchObject({ code: 'invalid-request', field, limit: undefined });
  expect(refusal.message).toBe(`${field}: expected ${rest}`);
});

test('options at their bounds are taken', () => {
  const patience = { place: 0, query: 0, background: 0 };
  expect(() => caseOf(limits, { patience, allowanceMs: 0, sharePercent: 100, maxWaiting: 0 })).not.toThrow();
});

const requestFaults: readonly (readonly [object, string, string])[] = [
  [{ weight: 0 }, 'weight', 'a whole number from 1, got 0'],
  [{ weight: 1.5 }, 'weight', 'a whole number from 1, got 1.5'],
  [{ weight: '2' }, 'weight', 'a whole number from 1, got "2"'],
  [{ weight: null }, 'weight', 'a whole number from 1, got null'],
  [{ lane: 'urgent' }, 'lane', 'one of cancel, place, query, background, got "urgent"'],
];

test.for(requestFaults)('a request of %o is refused', async ([options, field, rest]) => {
  const { limiter } = caseOf(limits);
  const calls = [
    () => limiter.run('a', () => 0, options as RequestOptions),
    () => limiter.acquire('a', options as RequestOptions),
    () => limiter.tryAcquire('a', options as RequestOptions),
  ];
  for (const call of calls) {
    const refusal = await refusalOf(call);
    expect(refusal).toMatchObject({ code: 'invalid-request', field, limit: 'a' });
    expect(refusal.message).toBe(`a, ${field}: expected ${rest}`);
  }
});

test('an unknown limit is refused with those that are known', async () => {
  const { limiter } = caseOf(limits);
  for (const call of [
    () => limiter.run('c', () => 0),
    () => limiter.acquire('c'),
    () => limiter.tryAcquire('c'),
  ]) {
    const refusal = await refusalOf(call);
    expect(refusal).toMatchObject({ code: 'unknown-limit', message: 'expected a limit of a, b, got "c"' });
  }
  await expect(limiter.run('toString', () => 0)).rejects.toMatchObject({ code: 'unknown-limit' });
});

test('only twenty of many known limits and scopes are shown', async () => {
  const { limiter } = caseOf(Array.from({ length: 30 }, (_, at) => limitOf(`l${at}`, 1)));
  const limit = await refusalOf(() => limiter.tryAcquire('c'));
  expect(limit.message).toMatch(/^expected a limit of l0, .*, l19, got "c"$/);
  const scope = await refusalOf(() => limiter.penalise('c', 1, ''));
  expect(scope.message).toMatch(/^expected a scope of l0, .*, l19, got "c"$/);
});

test('run and acquire refuse by their promise, and do not throw', async () => {
  const { limiter } = caseOf(limits);
  const refused = [limiter.run('c', () => 0), limiter.acquire('a', { weight: 9 })];
  const codes = await Promise.all(
    refused.map((one) =>
      one.then(
        () => 'none',
        (error) => error.code,
      ),
    ),
  );
  expect(codes).toEqual(['unknown-limit', 'too-heavy']);
});

test('ten thousand may wait by default, a lane is query, a weight 1 and the allowance 100 ms', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { allowanceMs: undefined as never });
  expect(limiter.tryAcquire('a')).toMatchObject({ id: 'a', lane: 'query', weight: 1, sentAtMs: 0 });
  const waiting = Array.from({ length: 10_000 }, () => limiter.run('a', () => limiter.now()));
  for (const one of waiting) one.catch(() => {});
  expect(limiter.usage().waiting.all).toBe(10_000);
  await expect(limiter.run('a', () => 0)).rejects.toMatchObject({ code: 'queue-full' });
  await time.advanceTo(1_100);
  expect(await waiting[0]).toBe(1_100);
  limiter.close();
});
