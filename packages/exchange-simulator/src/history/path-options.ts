import { minuteMs } from './bar-interval.ts';
import { invalidHistory, requireInteger } from './invalid-history.ts';

/** What a made-up path is made from. */
export interface PathOptions {
  /** Decides everything, together with the symbol. */
  readonly seed: string | number;
  readonly symbol: string;
  /** The price about which the path wanders, in ticks; from 1 to 10^11. */
  readonly homeTicks: number;
  /** First moment of the path, in milliseconds since the epoch; rounded down to a whole minute. */
  readonly listedAtMs: number;
  /** Ordinary volume of a day, in lots; from 1 to 10^12. */
  readonly lotsPerDay: number;
  /** Deviation of the price within an ordinary day, as a fraction of it; above 0 and up to 0.2, usually 0.03. */
  readonly volatility: number;
}

const operation = 'createPricePath';
const farthestMs = 8_640_000_000_000_000;

/**
 * The options with a listing date at the start of a minute.
 * @throws VenueError `invalid-options` naming the symbol and the option.
 */
export function checkPathOptions(options: PathOptions): PathOptions {
  const { symbol, homeTicks, listedAtMs, lotsPerDay, volatility } = options;
  requireInteger(operation, `homeTicks of ${symbol}`, homeTicks, 1, 1e11);
  requireInteger(operation, `listedAtMs of ${symbol}`, listedAtMs, -farthestMs, farthestMs);
  requireInteger(operation, `lotsPerDay of ${symbol}`, lotsPerDay, 1, 1e12);
  if (!(volatility > 0 && volatility <= 0.2)) {
    const expected = `expected volatility of ${symbol} to be a number above 0 and up to 0.2`;
    throw invalidHistory(operation, `${expected}, got ${volatility}`);
  }
  return { ...options, listedAtMs: Math.floor(listedAtMs / minuteMs) * minuteMs };
}
