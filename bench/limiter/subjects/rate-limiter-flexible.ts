import { RateLimiterMemory, RateLimiterQueue, type RateLimiterRes } from 'rate-limiter-flexible';
import { chained, type Subject } from '../subject.ts';

async function consume(limiter: RateLimiterMemory): Promise<void> {
  for (;;) {
    try {
      await limiter.consume('one');
      return;
    } catch (error) {
      const { msBeforeNext } = error as RateLimiterRes;
      await new Promise((resolve) => setTimeout(resolve, msBeforeNext));
    }
  }
}

/** Who is refused waits for as long as it was told, and asks again. */
export const memory: Subject = {
  create({ windowMs, all, order }) {
    const [forAll, forOrders] = [all, order].map(
      (points) => new RateLimiterMemory({ points, duration: windowMs / 1_000 }),
    ) as [RateLimiterMemory, RateLimiterMemory];
    return chained(
      () => consume(forOrders),
      () => consume(forAll),
    );
  },
};

/** Its own queue before each. */
export const queue: Subject = {
  create({ windowMs, all, order }) {
    const [forAll, forOrders] = [all, order].map(
      (points) => new RateLimiterQueue(new RateLimiterMemory({ points, duration: windowMs / 1_000 })),
    ) as [RateLimiterQueue, RateLimiterQueue];
    return chained(
      () => forOrders.removeTokens(1),
      () => forAll.removeTokens(1),
    );
  },
};
