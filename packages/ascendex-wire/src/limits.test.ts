import { expect, test } from 'vitest';
import { clientLimits, limitBreaches, rateLimits } from './index.ts';

const capacities = Object.fromEntries(rateLimits.map(({ id, windows = [] }) => [id, windows[0]?.capacity]));

test('the limits are those of the documented samples', () => {
  const { rest, ...stated } = capacities;
  expect(stated).toEqual({
    ...{ 'balance-data': 8, connects: 45, sessions: 20, dial: undefined },
    ...{ 'admin-ops': 800, 'stream-ops': 150, requests: 10_000, 'order-requests': 8_000 },
    ...{ 'snapshot-requests': 400, 'market-trades': 10_000, 'open-order': 10_000, balance: 10_000 },
    ...{ 'margin-risk': 10_000, 'batch-place-order': 10_000, 'batch-cancel-order': 10_000 },
  });
  expect(rest).toBe(10);
});

test('each limit is there once, and counts towards limits that are there', () => {
  expect(Object.keys(capacities)).toHaveLength(rateLimits.length);
  for (const { links = [] } of rateLimits) {
    for (const { id } of links) expect(Object.keys(capacities)).toContain(id);
  }
});

test('the second level of a limit is never below the first', () => {
  for (const [id, second] of Object.entries(limitBreaches.secondLevels)) {
    expect(second, id).toBeGreaterThanOrEqual(capacities[id] ?? Number.POSITIVE_INFINITY);
  }
});

test('what an address may do is of one scope, so that one refusal holds up all of it', () => {
  const ofAddress = rateLimits.filter(({ scope }) => scope === 'ip').map(({ id }) => id);
  expect(ofAddress).toEqual(['rest', 'connects', 'sessions', 'dial']);
});

test('clients of ours keep to no more than the venue lets through, and leave room for the way', () => {
  expect(clientLimits.map(({ id, scope, links }) => ({ id, scope, links }))).toEqual(
    rateLimits.map(({ id, scope, links }) => ({ id, scope, links })),
  );
  for (const { id, scope, sharePercent, windows = [] } of clientLimits) {
    expect(sharePercent, id).toBe(scope === 'session' ? 75 : undefined);
    for (const { allowanceMs, capacity, policy, windowMs } of windows) {
      expect(capacity, id).toBeLessThanOrEqual(capacities[id] ?? 0);
      if (policy === undefined) expect([allowanceMs, (windowMs ?? 0) >= 60_000], id).toEqual([1_000, true]);
    }
  }
  const own = Object.fromEntries(clientLimits.map(({ id, windows = [] }) => [id, windows[0]]));
  expect(own).toMatchObject({ connects: { capacity: 20 }, 'admin-ops': { reserved: { cancel: 300 } } });
});
