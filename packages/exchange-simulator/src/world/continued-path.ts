import type { PricePath } from '../history/price-path.ts';

/** A path that goes on beyond its end as another one moves, in proportion, from its own last price. */
export function createContinuedPath(loaded: PricePath, endMs: number, beyond: PricePath): PricePath {
  const lastTicks = loaded.priceAt(endMs);
  const fromTicks = beyond.priceAt(endMs);
  return {
    get firstMs() {
      return loaded.firstMs;
    },
    get work() {
      return loaded.work;
    },
    bars: (interval, fromMs, toMs) => loaded.bars(interval, fromMs, toMs),
    over: (fromMs, toMs) => loaded.over(fromMs, toMs),
    newestMs: (beforeMs, interval) => loaded.newestMs(beforeMs, interval),
    priceAt: (atMs) =>
      atMs < endMs
        ? loaded.priceAt(atMs)
        : Math.max(1, Math.round((lastTicks * beyond.priceAt(atMs)) / fromTicks)),
  };
}
