import { createRateLimiter, type LocalRateLimiter } from '../../../packages/rate-limiter/src/index.ts';
import type { Limits, Subject } from '../subject.ts';

function limiterOf({ windowMs, all, order }: Limits): LocalRateLimiter<'query' | 'order'> {
  return createRateLimiter({
    limits: [
      { id: 'query', windows: [{ capacity: all, windowMs }] },
      { id: 'order', windows: [{ capacity: order, windowMs }], links: [{ id: 'query' }] },
    ],
    allowanceMs: 10,
    maxWaiting: 1_000_000,
  });
}

/** Linked limits as the package has them, with an allowance of 10 ms. */
export const venuekit: Subject = {
  create(limits) {
    const limiter = limiterOf(limits);
    return { acquire: (kind) => limiter.acquire(kind), run: (kind, work) => limiter.run(kind, work) };
  },
};

const nothing = (): void => {};

/** The same, where `run` takes the place of `acquire`. */
export const venuekitRun: Subject = {
  create(limits) {
    const limiter = limiterOf(limits);
    return { acquire: (kind) => limiter.run(kind, nothing), run: (kind, work) => limiter.run(kind, work) };
  },
};
