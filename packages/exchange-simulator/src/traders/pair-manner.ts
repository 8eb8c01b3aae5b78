import type { TraderPair } from './trader-pair.ts';
import { tradeShare } from './trading-pace.ts';

/** How the traders of a pair behave: what follows from its figures. Distances are fractions of the price. */
export interface PairManner {
  /** Levels that a side has more or less. */
  readonly levels: number;
  /** Half of the orders stand within this distance. */
  readonly nearDistance: number;
  /** The widest usual spread. */
  readonly spread: number;
  /** Share of {@link PairManner.spread} that is there at least. */
  readonly leastSpread: number;
  /** How far the price may be beyond the best one of the book before anybody minds. */
  readonly slack: number;
  /** So much stands near the best order, in lots. */
  readonly guardLots: number;
  readonly typicalLots: number;
  /** Mean size of a trade, in lots. */
  readonly tradeLots: number;
}

/** What is near: no best order leaves if the next one is farther away than this fraction of the price. */
const nearZone = 0.001;

/** What is near a price, in ticks. */
export function reachOf(priceTicks: number): number {
  return Math.max(2, Math.floor(nearZone * priceTicks));
}

/** Reads the figures of a pair. */
export function createPairManner({ activity, volatility, lotsPerDay, typicalLots }: TraderPair): PairManner {
  /** 1 for a pair where next to nothing happens, 0 for one where there is no rest. */
  const quiet = 1 / (1 + 4 * activity);
  const spread = 0.0012 / (1 + 25 * activity);
  // What is left of the volume is traded by sweeps, and where prices lag behind.
  const shareOfVolume = 0.6;
  const tradesPerDay = 86_400 * activity * tradeShare;
  return {
    levels: Math.round(53 - 22 * quiet),
    nearDistance: 0.016 * volatility * (1 + 1.5 * quiet),
    spread,
    leastSpread: 0.5 * quiet,
    slack: 0.0025 * volatility + 0.9 * spread,
    guardLots: typicalLots,
    typicalLots,
    tradeLots: Math.max(1, (shareOfVolume * lotsPerDay) / tradesPerDay),
  };
}
