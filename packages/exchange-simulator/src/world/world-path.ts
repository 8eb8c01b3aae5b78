import { periodEndMs } from '../history/bar-interval.ts';
import type { LoadedBars } from '../history/loaded-bars.ts';
import { createLoadedPath } from '../history/loaded-path.ts';
import { createPricePath } from '../history/made-up-path.ts';
import type { PricePath } from '../history/price-path.ts';
import { createContinuedPath } from './continued-path.ts';
import type { PairProfile } from './world-pairs.ts';

/** What the path of a pair is made of. */
export interface WorldPathOptions {
  readonly seed: string | number;
  readonly listedAtMs: number;
  readonly pair: PairProfile;
  readonly loaded: LoadedBars | undefined;
}

/** Where the price of a pair was and goes: as bars from outside tell, and beyond them, or without any, as the seed decides. */
export function createWorldPath({ seed, listedAtMs, pair, loaded }: WorldPathOptions): PricePath {
  const { symbol, homeTicks, volatility, lotsPerDay } = pair;
  const [first, last] = [loaded?.bars[0], loaded?.bars.at(-1)];
  // What is loaded may be older than the listing: then there is no hole behind it either.
  const firstMs = Math.min(listedAtMs, first?.startMs ?? listedAtMs);
  const madeUp = createPricePath({
    ...{ seed, symbol, homeTicks, volatility, lotsPerDay },
    listedAtMs: firstMs,
  });
  if (loaded === undefined || last === undefined) return madeUp;
  const endMs = periodEndMs(loaded.interval, last.startMs);
  return createContinuedPath(createLoadedPath({ seed, symbol, loaded }), endMs, madeUp);
}
