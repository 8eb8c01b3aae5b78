import { RateLimiter, TokenBucket } from 'limiter';
import { chained, type Subject } from '../subject.ts';

/** One limiter for each limit, waited for in turn. */
export const interval: Subject = {
  create({ windowMs, all, order }) {
    const [forAll, forOrders] = [all, order].map(
      (tokensPerInterval) => new RateLimiter({ tokensPerInterval, interval: windowMs }),
    ) as [RateLimiter, RateLimiter];
    return chained(
      () => forOrders.removeTokens(1),
      () => forAll.removeTokens(1),
    );
  },
};

/** Buckets with a parent, which are charged together. */
export const hierarchy: Subject = {
  create({ windowMs, all, order }) {
    const forAll = new TokenBucket({ bucketSize: all, tokensPerInterval: all, interval: windowMs });
    const forOrders = new TokenBucket({
      bucketSize: order,
      tokensPerInterval: order,
      interval: windowMs,
      parentBucket: forAll,
    });
    // A bucket starts empty; here it starts full, as its `RateLimiter` does.
    forAll.content = all;
    forOrders.content = order;
    const buckets = { query: forAll, order: forOrders };
    return {
      acquire: (kind) => buckets[kind].removeTokens(1),
      run: (kind, work) => buckets[kind].removeTokens(1).then(work),
    };
  },
};
