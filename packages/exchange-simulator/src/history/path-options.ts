/** The most that a path can be made from: beyond it, its numbers are no longer exact. */
export const pathLimits = { homeTicks: 1e11, lotsPerDay: 1e12, volatility: 0.2 } as const;

/** What a made-up path is made from. Whoever makes one has looked at the options. */
export interface PathOptions {
  /** Decides everything, together with the symbol. */
  readonly seed: string | number;
  readonly symbol: string;
  /** The price about which the path wanders, in ticks; a whole number from 1 up to {@link pathLimits}. */
  readonly homeTicks: number;
  /** First moment of the path, in milliseconds since the epoch; rounded down to a whole minute. */
  readonly listedAtMs: number;
  /** Ordinary volume of a day, in lots; a whole number from 1 up to {@link pathLimits}. */
  readonly lotsPerDay: number;
  /** Deviation of the price within an ordinary day, as a fraction of it; above 0 and up to {@link pathLimits}, usually 0.03. */
  readonly volatility: number;
}
