import { chained, type Subject } from '../subject.ts';

interface Throttler {
  throttle(cost?: number): Promise<unknown>;
}

/** The throttler's own file: the package exports nothing but all exchanges at once. */
const file = new URL('./src/base/functions/throttle.js', import.meta.resolve('ccxt'));
const { Throttler } = (await import(file.href)) as {
  readonly Throttler: new (config: Readonly<Record<string, unknown>>) => Throttler;
};

/** As an exchange of ccxt makes it from its `rateLimit`, milliseconds a request. */
export const leakyBucket: Subject = {
  create({ windowMs, all, order, unbound }) {
    const make = (capacity: number): Throttler => {
      const bucket = { algorithm: 'leakyBucket', delay: 0.001, capacity: 1, refillRate: capacity / windowMs };
      // It is filled only while somebody waits, so one that is never to wait begins with all that it will need.
      return new Throttler(unbound === true ? { ...bucket, tokens: 1e9 } : bucket);
    };
    const [forAll, forOrders] = [make(all), make(order)];
    return chained(
      () => forOrders.throttle(),
      () => forAll.throttle(),
    );
  },
};

/** The same with `rateLimiterAlgorithm: 'rollingWindow'`. */
export const rollingWindow: Subject = {
  create({ windowMs, all, order }) {
    const make = (capacity: number): Throttler =>
      new Throttler({
        algorithm: 'rollingWindow',
        windowSize: windowMs,
        rateLimit: windowMs / capacity,
      });
    const [forAll, forOrders] = [make(all), make(order)];
    return chained(
      () => forOrders.throttle(),
      () => forAll.throttle(),
    );
  },
};
