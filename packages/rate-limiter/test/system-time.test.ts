import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createRateLimiter, type Grant } from '../src/index.ts';
import { systemTime } from '../src/system-runtime.ts';

afterEach(() => vi.useRealTimers());

test('a limiter without a clock goes by the time of the system, in milliseconds since the epoch', async () => {
  const limits = [{ id: 'a', windows: [{ capacity: 1, windowMs: 40, allowanceMs: 0 }] }];
  using limiter = createRateLimiter({ limits });
  const sentAtMs: number[] = [];
  const work = (grant: Grant): void => void sentAtMs.push(grant.sentAtMs);
  await Promise.all([1, 2, 3].map(() => limiter.run('a', work)));
  for (const [at, sentMs] of sentAtMs.slice(1).entries())
    expect(sentMs - (sentAtMs[at] ?? 0)).toBeGreaterThanOrEqual(40 - 0.001);
  expect(Math.abs(limiter.now() - (performance.timeOrigin + performance.now()))).toBeLessThan(1_000);
});

test('a timer of the system can be taken back', async () => {
  let fired = 0;
  const timer = systemTime.setTimer(1, () => (fired += 1), 'test');
  timer[Symbol.dispose]();
  await wait(20);
  expect(fired).toBe(0);
});

test('a delay that is longer than the system takes is waited for in parts, and can be taken back in each', async () => {
  vi.useFakeTimers();
  const fired: number[] = [];
  const monthMs = 30 * 24 * 3_600_000;
  systemTime.setTimer(monthMs, () => fired.push(1), 'test');
  const second = systemTime.setTimer(monthMs, () => fired.push(2), 'test');
  await vi.advanceTimersByTimeAsync(monthMs - 1);
  expect(fired).toEqual([]);
  second[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(1);
  expect(fired).toEqual([1]);
  systemTime.setTimer(-5, () => fired.push(3), 'test');
  await vi.advanceTimersByTimeAsync(1);
  expect(fired).toEqual([1, 3]);
});
