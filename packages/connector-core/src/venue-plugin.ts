import type { CandlesConnector, MarketDataConnector, SpotConnector } from './connector.ts';

/** How far a component of a venue can be used. */
export type ComponentStatus = 'ready' | 'experimental' | 'deprecated';

/** Whether a venue still trades. */
export type VenueState = 'open' | 'closed' | 'unknown';

/** What people want to know of a venue before they use it. */
export interface VenueInfo {
  /** As the venue writes it. */
  readonly name: string;
  /** `CEX` for one that holds the funds of its users, `DEX` for one that does not, `simulated` for neither. */
  readonly custody: 'CEX' | 'DEX' | 'simulated';
  /** `CLOB` for an order book, `AMM` for a pool. */
  readonly matching: 'CLOB' | 'AMM';
  readonly state: VenueState;
  readonly components: Readonly<Record<string, ComponentStatus>>;
  readonly links: Readonly<Record<string, string>>;
  /** What a user should know, a sentence each. */
  readonly notes: readonly string[];
}

/** A spot connector may have market data only; its options decide. */
export type SpotFactory<Options = never, Made extends MarketDataConnector = MarketDataConnector> = (
  options: Options,
) => Made;

/** Makes a connector with candles. */
export type CandlesFactory<Options = never, Made extends CandlesConnector = CandlesConnector> = (
  options: Options,
) => Made;

/** A package that makes something of every other venue, such as a paper exchange of its market data. */
export interface VenueWrap<Options = never, Made extends SpotConnector<never> = SpotConnector<never>> {
  /** What is put behind a venue's name: `_paper_trade` makes `ascendex_paper_trade`. */
  readonly suffix: `_${string}`;
  /**
   * Makes a connector around another.
   * @param makeInner makes the venue's own connector from its own options.
   */
  readonly spot: (makeInner: (options: unknown) => MarketDataConnector, options: Options) => Made;
}

/**
 * What a package offers to a registry. `Id` is the venue's name in lower case letters, digits and `-` or `_`.
 *
 * The factories are called by the registry only; they do no I/O.
 */
export interface VenuePlugin {
  readonly id: string;
  /** Other names of the same venue. */
  readonly aliases: readonly string[];
  readonly info: VenueInfo;
  readonly spot?: SpotFactory;
  readonly candles?: CandlesFactory;
  readonly wrap?: VenueWrap;
}
