import { expect, expectTypeOf, test } from 'vitest';
import {
  createRateLimiter,
  type Grant,
  type LimitDefinition,
  type LocalRateLimiter,
  type RateLimiter,
} from '../src/index.ts';
import { ManualTime } from './manual-time.ts';

const window = { capacity: 5, windowMs: 1_000 };

function twoLimits() {
  return createRateLimiter({
    time: new ManualTime(),
    limits: [
      { id: 'orders', windows: [window], links: [{ id: 'requests' }] },
      { id: 'requests', windows: [window] },
    ],
  });
}

test('an id that is not among the limits does not compile', async () => {
  const limiter = twoLimits();
  expectTypeOf(limiter).toEqualTypeOf<LocalRateLimiter<'orders' | 'requests'>>();
  // @ts-expect-error no limit has this id
  expect(() => limiter.tryAcquire('order')).toThrow('expected a limit of orders, requests');
  // @ts-expect-error no limit has this id
  await expect(limiter.run('order', () => 0)).rejects.toThrow('expected a limit of');
  // @ts-expect-error no limit has this id
  await expect(limiter.acquire('order')).rejects.toThrow('expected a limit of');
  // @ts-expect-error no limit has this id
  expect(() => limiter.report('order', 1)).toThrow('expected a limit of');
});

test('options that make no sense do not compile', () => {
  const limiter = twoLimits();
  // @ts-expect-error no such lane
  expect(() => limiter.tryAcquire('orders', { lane: 'urgent' })).toThrow('lane');
  // @ts-expect-error a weight is a number
  expect(() => limiter.tryAcquire('orders', { weight: '1' })).toThrow('weight');
  // @ts-expect-error tryAcquire does not wait, so it has no deadline
  expect(limiter.tryAcquire('orders', { deadlineMs: 5 })).toBeDefined();
});

test('run has the type of its work, awaited', () => {
  const limiter = twoLimits();
  expectTypeOf(limiter.run('orders', () => 1)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(limiter.run('orders', async () => 'text')).toEqualTypeOf<Promise<string>>();
  expectTypeOf(limiter.acquire('orders')).toEqualTypeOf<Promise<Grant>>();
  expectTypeOf(limiter.tryAcquire('orders')).toEqualTypeOf<Grant | undefined>();
});

test('limits that are known only at run time have ids of any text', () => {
  const limits: LimitDefinition[] = [{ id: `limit-${1}`, windows: [window] }];
  const limiter = createRateLimiter({ time: new ManualTime(), limits });
  expectTypeOf(limiter).toExtend<RateLimiter>();
  expect(limiter.tryAcquire('limit-1')).toBeDefined();
});
