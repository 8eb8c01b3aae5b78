import type { Clock, Random, Timers } from '@venuekit/connector-core';
import { createDesk } from '../desk/desk.ts';
import type { TradingDesk } from '../desk/desk-types.ts';
import { createMatchingEngine } from '../engine/create-engine.ts';
import type { FeeRates } from '../engine/engine-types.ts';
import { createFloor, type Floor } from '../floor/floor.ts';
import { createListing, type Listing } from '../floor/listing.ts';
import { createBarHistory } from '../history/bar-history.ts';
import { createBarKeeper } from '../history/bar-keeper.ts';
import type { LoadedBars } from '../history/loaded-bars.ts';
import type { PricePath } from '../history/price-path.ts';
import type { Market } from '../market/market.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { createTraders, type ReferencePrice, type Traders } from '../traders/traders.ts';
import { createAccountTruth } from '../truth/account-truth.ts';
import { createMarketTruth } from '../truth/market-truth.ts';
import type { TruthSink } from '../truth/truth-entry.ts';
import { createEngineMarket } from './engine-market.ts';
import { toProduct } from './listed-product.ts';
import { createMarketBars, type SymbolBars } from './market-bars.ts';
import { type PairProfile, selectPairs } from './world-pairs.ts';
import { createWorldPath } from './world-path.ts';

/** A world that a seed makes up. */
export interface WorldOptions {
  /** Decides everything that happens, together with the clock and with what customers do. */
  readonly seed: string | number;
  /** How many of the default pairs, from 1 to 60, or which; 8 if left out. */
  readonly pairs?: number | readonly PairProfile[];
  /** Time between two publications of a book, in milliseconds; 300 if left out, as on the venue. */
  readonly depthIntervalMs?: number;
  /**
   * When trading began, in whole milliseconds since the epoch: there are no bars before; 2019-01-01 if left out. If that is in the future,
   * there is no past.
   */
  readonly listedAtMs?: number;
  /** Bars of the past, by symbol, in place of those that the seed makes up. Prices go on from their last close. */
  readonly bars?: Readonly<Record<string, LoadedBars>>;
  /** What prices follow, by symbol, in place of the path that their bars are of. */
  readonly reference?: Readonly<Record<string, ReferencePrice>>;
  /** False for books that are empty until customers come; true if left out. */
  readonly traders?: boolean;
}

/** Where a world runs. */
export interface WorldRuntime {
  /** What prices and traders go by. */
  readonly clock: Clock;
  /** What everything is dated with, which may be wrong on purpose; the same if left out. */
  readonly venueClock?: Clock;
  readonly timers: Timers;
  readonly truth?: TruthSink | undefined;
  /** How long the engine takes for a customer's request now, in milliseconds. */
  readonly engineDelayMs?: () => number;
  /** Told what a dialect threw when it was told something; nobody is if left out. */
  readonly onFailure?: (error: unknown) => void;
}

/** What customers meet: a market, and a desk to trade with it. */
export interface World {
  readonly market: Market;
  /** What can be traded, by symbol. */
  readonly listings: ReadonlyMap<string, Listing>;
  /** `undefined` if nobody can trade here. */
  readonly desk: TradingDesk | undefined;
  readonly floor: Floor | undefined;
  /** Ordinary fees. */
  readonly fees: FeeRates;
  /** Draws that the seed decides. */
  readonly random: Random;
  close(): void;
}

const listedSinceMs = 1_546_300_800_000;
const ordinaryFees: FeeRates = { maker: '0.001', taker: '0.001' };

/**
 * Opens a world. It moves from now on, whether somebody looks or not.
 * @throws VenueError `invalid-options` for pairs, fees, bars or an interval that cannot be.
 */
export function createWorld(
  options: WorldOptions & { readonly fees?: FeeRates },
  { clock, venueClock = clock, timers, truth, engineDelayMs, onFailure }: WorldRuntime,
): World {
  const { seed, depthIntervalMs = 300, fees = ordinaryFees } = options;
  const pairs = selectPairs(options.pairs);
  const random = createSeededRandom(seed);
  const listings = new Map(pairs.map(({ symbol, rules }) => [symbol, createListing(rules)]));
  const instruments = pairs.map(({ rules }) => rules);
  const floor = createFloor((onEvent) => createMatchingEngine({ instruments, fees, onEvent }), venueClock);
  const paths = new Map(pairs.map((pair) => [pair.symbol, pathOf(pair, options)]));
  const products = instruments.map(toProduct);
  const dated = { floor, listings, clock: venueClock, timers };
  // Whose order it was is told before what everybody is told.
  const desk = createDesk({
    ...{ ...dated, onFailure },
    ...(engineDelayMs && { delayMs: engineDelayMs }),
    ...(truth && { onUpdate: createAccountTruth(truth, listings) }),
  });
  const bars = createMarketBars(barsOf(listings, paths, Math.floor(clock.now())), clock);
  const market = createEngineMarket({
    ...{ ...dated, products, depthIntervalMs, bars, random, onFailure },
    truth: createMarketTruth(truth),
  });
  const reference = new Map([...paths, ...Object.entries(options.reference ?? {})]);
  const traders: Traders | undefined =
    options.traders === false
      ? undefined
      : createTraders({ floor, listings, pairs, reference, clock, timers, random });
  traders?.open();
  market.begin();
  traders?.start();
  return {
    ...{ market, listings, desk, floor, fees, random },
    close() {
      traders?.close();
      market.close();
    },
  };
}

function pathOf(pair: PairProfile, { seed, listedAtMs = listedSinceMs, bars }: WorldOptions): PricePath {
  return createWorldPath({ seed, listedAtMs, pair, loaded: bars?.[pair.symbol] });
}

function barsOf(
  listings: ReadonlyMap<string, Listing>,
  paths: ReadonlyMap<string, PricePath>,
  startedAtMs: number,
): ReadonlyMap<string, SymbolBars> {
  const symbols = new Map<string, SymbolBars>();
  for (const [symbol, path] of paths) {
    const listing = listings.get(symbol);
    if (listing === undefined) continue;
    const keeper = createBarKeeper();
    symbols.set(symbol, { listing, keeper, history: createBarHistory({ path, keeper, startedAtMs }) });
  }
  return symbols;
}
