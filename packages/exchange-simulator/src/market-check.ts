import { barIntervals } from './history/bar-interval.ts';
import { type Fields, type Refuse, requireFields, requireKnown, requireMethods } from './known-fields.ts';
import { isRecord } from './recording/exact-json.ts';
import { shownBeside, shownValue } from './shown-value.ts';
import type { ReplayMarket, SyntheticMarket } from './simulator-options.ts';
import { listedAssets, selectPairs } from './world/world-pairs.ts';

const syntheticNames = Object.keys({
  ...{ kind: true, seed: true, pairs: true, depthIntervalMs: true, listedAtMs: true },
  ...{ bars: true, reference: true, traders: true },
} satisfies Record<keyof SyntheticMarket, true>);

const replayNames = Object.keys({
  ...{ kind: true, session: true, products: true, speed: true, removeDepth: true },
} satisfies Record<keyof ReplayMarket, true>);

/**
 * Looks whether there can be such a market; gives the assets of its pairs, `undefined` for a replay, where nobody owns anything.
 * @throws VenueError `invalid-options`, made by `refuse` as far as it is not about pairs.
 */
export function checkMarket(market: unknown, refuse: Refuse): ReadonlySet<string> | undefined {
  const fields = requireFields('market', market, refuse);
  const { kind } = fields;
  if (kind === 'synthetic') return checkSynthetic(fields, refuse);
  if (kind !== 'replay')
    throw refuse(`market.kind: expected "synthetic" or "replay", got ${shownBeside(kind, 'text')}`);
  checkReplay(fields, refuse);
  return undefined;
}

function checkSynthetic(market: Fields, refuse: Refuse): ReadonlySet<string> {
  requireKnown('market', market, syntheticNames, refuse);
  const { seed, pairs, listedAtMs, traders } = market;
  if (typeof seed !== 'string' && !Number.isFinite(seed))
    throw refuse(`market.seed: expected text or a finite number, got ${shownValue(seed)}`);
  if (traders !== undefined && typeof traders !== 'boolean')
    throw refuse(`market.traders: expected true or false, got ${shownBeside(traders, 'boolean')}`);
  if (listedAtMs !== undefined) checkListedAt(listedAtMs, refuse);
  const profiles = selectPairs(pairs as SyntheticMarket['pairs']);
  const symbols = profiles.map(({ symbol }) => symbol);
  for (const [symbol, bars] of bySymbol('bars', market, symbols, refuse)) {
    if (!isLoaded(requireFields(`market.bars of ${symbol}`, bars, refuse)))
      throw refuse(`market.bars of ${symbol}: expected what parseBarsCsv gives, got ${shownValue(bars)}`);
  }
  for (const [symbol, reference] of bySymbol('reference', market, symbols, refuse))
    requireMethods(`market.reference of ${symbol}`, reference, ['priceAt'], refuse);
  return listedAssets(profiles);
}

/** The calendar ends here, both ways: what a `Date` can hold. */
const farthestMs = 8_640_000_000_000_000;

function checkListedAt(listedAtMs: unknown, refuse: Refuse): void {
  if (Number.isSafeInteger(listedAtMs) && Math.abs(Number(listedAtMs)) <= farthestMs) return;
  const expected = `expected a whole number of milliseconds from -${farthestMs} to ${farthestMs}`;
  throw refuse(`market.listedAtMs: ${expected}, got ${shownBeside(listedAtMs, 'number')}`);
}

/** Whether times and prices go together, the path of the pair finds out. */
function isLoaded({ name, interval, bars }: Fields): boolean {
  const isNamed = typeof name === 'string' && barIntervals.some((known) => known === interval);
  return isNamed && Array.isArray(bars) && bars.every(isRecord);
}

/** What is given for each of some pairs. */
function bySymbol(
  name: 'bars' | 'reference',
  market: Fields,
  symbols: readonly string[],
  refuse: Refuse,
): readonly (readonly [string, unknown])[] {
  if (market[name] === undefined) return [];
  const fields = requireFields(`market.${name}`, market[name], refuse);
  requireKnown(`market.${name}`, fields, symbols, refuse);
  return Object.entries(fields);
}

function checkReplay(market: Fields, refuse: Refuse): void {
  requireKnown('market', market, replayNames, refuse);
  const { session, products, speed, removeDepth } = market;
  if (!Array.isArray(requireFields('market.session', session, refuse).items))
    throw refuse(`market.session: expected what loadReplay gives, got ${shownValue(session)}`);
  if (!Array.isArray(products)) throw refuse(`market.products: expected a list, got ${shownValue(products)}`);
  if (removeDepth !== undefined && typeof removeDepth !== 'function')
    throw refuse(`market.removeDepth: expected a function, got ${shownValue(removeDepth)}`);
  if (speed === 'max' || (typeof speed === 'number' && Number.isFinite(speed) && speed > 0)) return;
  throw refuse(`expected speed to be a number above 0 or 'max', got ${shownBeside(speed, 'number')}`);
}
