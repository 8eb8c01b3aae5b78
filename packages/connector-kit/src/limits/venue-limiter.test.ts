import type { Runtime } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { requireLimits, sharedLimiter } from './index.ts';
import { createVenueLimiter } from './venue-limiter.ts';

function setUp() {
  const told: string[] = [];
  const manual = createManualRuntime();
  const tell = (name: string, value: number | undefined, labels: object = {}) =>
    void told.push([name, value, ...Object.values(labels)].join(' '));
  const runtime: Runtime = {
    ...manual,
    meter: { count: (name, by, labels) => tell(name, by, labels), record: tell },
    logger: { ...manual.logger, warn: (message) => void told.push(message) },
  };
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'v', allowanceMs: 0 },
    limits: [{ id: 'rest', scope: 'ip', windows: [{ capacity: 1, windowMs: 1_000 }] }],
  });
  return { told, manual, runtime, limiter };
}

test('what happens is counted, and a penalty is a warning too', async () => {
  const { told, manual, limiter } = setUp();
  const reply = (grant: { replied(): void }) => grant.replied();
  await limiter.run('rest', reply);
  const waiting = limiter.run('rest', reply);
  await manual.advance(1_000);
  await waiting;
  limiter.penalise('ip', limiter.now() + 250, 'HTTP 429');
  await limiter.run('rest', reply, { whenPenalised: 'refuse' }).catch(() => {});
  limiter.report('rest', 3);
  expect(told).toEqual([
    ...['rate_limit_admitted 1 v rest query', 'rate_limit_wait_ms 0 v rest query'],
    ...['rate_limit_admitted 1 v rest query', 'rate_limit_wait_ms 1000 v rest query'],
    ...['rate_limit_penalties 1 v ip', 'v: nothing of scope ip goes out for 250 ms: HTTP 429'],
    ...['rate_limit_refused 1 v rest penalised', 'rate_limit_others_used 2 v rest'],
  ]);
});

test('a reply that took longer than the allowance is counted as late', async () => {
  const { told, manual, limiter } = setUp();
  const work = limiter.run('rest', async (grant) => {
    await new Promise<void>((resolve) => manual.timers.setTimer(40, resolve, 'reply'));
    grant.replied();
  });
  await manual.advance(40);
  await work;
  expect(told).toContain('rate_limit_late 1 v rest');
});

test('a place has one limiter in a runtime, made by whoever comes first', () => {
  const { runtime } = setUp();
  const place = { venue: 'v', host: 'venue.test:443', scope: 'ip' };
  const first = sharedLimiter(runtime, place, () => 'first');
  expect(sharedLimiter(runtime, place, () => 'second')).toBe(first);
  expect(sharedLimiter(runtime, { ...place, host: 'other.test' }, () => 'third')).toBe('third');
  expect(runtime.shared('v:venue.test:443:ip', () => 'none')).toBe('first');
});

test('a limiter that lacks a limit or a scope is refused by name', () => {
  const { limiter } = setUp();
  const origin = { venue: 'v', operation: 'make' };
  expect(() => requireLimits(limiter, { ids: ['rest'], scopes: ['ip'] }, origin)).not.toThrow();
  expect(() => requireLimits(limiter, { ids: ['rest', 'dial'] }, origin)).toThrow(
    expect.objectContaining({
      code: 'invalid-options',
      message: expect.stringContaining('the limit dial, got one with rest'),
    }),
  );
});
