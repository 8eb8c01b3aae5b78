import { expect, test } from 'vitest';
import { caseOf, follow, limitOf } from './limiter-case.ts';
import { settled } from './manual-time.ts';

test('what is let through is told with its weight, its lane and how long it waited', async () => {
  const { limiter, time, events } = caseOf([limitOf('a', 4)]);
  await limiter.run('a', () => 0, { weight: 4, lane: 'cancel' });
  await time.advanceTo(300);
  follow(limiter, 'a', { lane: 'background' });
  await time.advanceTo(1_000);
  expect(events).toEqual([
    { kind: 'admitted', limit: 'a', lane: 'cancel', weight: 4, waitedMs: 0 },
    { kind: 'admitted', limit: 'a', lane: 'background', weight: 1, waitedMs: 700 },
  ]);
});

test('every refusal of a request that could wait is told with its code and lane', async () => {
  const { limiter, time, events } = caseOf([limitOf('a', 1)], { maxWaiting: 2 });
  limiter.tryAcquire('a');
  follow(limiter, 'a', { deadlineMs: 10, lane: 'cancel' });
  const controller = new AbortController();
  follow(limiter, 'a', { signal: controller.signal, lane: 'place' });
  follow(limiter, 'a', { lane: 'background' });
  controller.abort();
  await time.advanceTo(20);
  follow(limiter, 'a', { whenPenalised: 'refuse' });
  limiter.penalise('a', 500, 'told to');
  follow(limiter, 'a', { whenPenalised: 'refuse' });
  follow(limiter, 'a');
  limiter.close();
  await settled();
  const refused = events.flatMap((event) =>
    event.kind === 'refused' ? [`${event.lane} ${event.code}`] : [],
  );
  expect(refused).toEqual([
    'background queue-full',
    'place aborted',
    'cancel deadline',
    'query penalised',
    'query penalised',
    'query closed',
  ]);
});

test('an observer that throws changes nothing', async () => {
  const observe = () => {
    throw new Error('observer');
  };
  const { limiter, time } = caseOf([limitOf('a', 1)], { observe });
  expect(await limiter.run('a', () => 5)).toBe(5);
  const waiting = follow(limiter, 'a');
  limiter.penalise('a', 1_500, 'told to');
  await time.advanceTo(1_500);
  expect(waiting.atMs).toBe(1_500);
});

test('an observer may use the limiter', async () => {
  const seen: number[] = [];
  const { limiter } = caseOf([limitOf('a', 3)], {
    observe: ({ kind }) => {
      if (kind !== 'admitted') return;
      seen.push(limiter.usage().limits[0]?.windows[0]?.used ?? 0);
      limiter.tryAcquire('a');
    },
  });
  await limiter.run('a', () => 0);
  expect(seen).toEqual([1, 2, 3]);
});

test('a limiter without an observer works as well', async () => {
  const { limiter, time } = caseOf([limitOf('a', 1)], { observe: undefined as never });
  limiter.tryAcquire('a');
  const waiting = follow(limiter, 'a');
  limiter.penalise('a', 1_200, 'told to');
  await time.advanceTo(1_200);
  expect(waiting.state).toBe('granted');
});
