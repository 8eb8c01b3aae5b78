import type { Decimal } from './decimal.ts';

/** `BASE-QUOTE`, for example `BTC-USDT`. Looked up in the instrument list, never split: an asset's code may contain a `-`. */
export type Pair = string;

/**
 * Whether orders are taken: `trading`, only such as rest (`post-only`), none but cancels pass (`cancel-only`), `halted`, or `unknown`
 * where the venue used a word that this version does not know.
 */
export type InstrumentStatus = 'trading' | 'post-only' | 'cancel-only' | 'halted' | 'unknown';

/** In which asset the fee of a trade is charged: always the base, always the quote, whichever is received, or one that each fill tells. */
export type FeeAsset = 'base' | 'quote' | 'received' | 'other';

/** A market of a venue with every rule that an order must obey. */
export interface Instrument {
  readonly pair: Pair;
  /** Asset that is bought and sold. */
  readonly base: string;
  /** Asset in which prices are given. */
  readonly quote: string;
  /** The venue's own name of the market. */
  readonly venueSymbol: string;
  readonly status: InstrumentStatus;
  /** The venue's own word for the status. */
  readonly venueStatus: string;
  /** A price is a whole multiple of this, in quote per base; of the smallest step where it depends on the price. */
  readonly tickSize: Decimal;
  /** An amount is a whole multiple of this, in base. */
  readonly lotSize: Decimal;
  /** Smallest amount of an order, in base; included. Zero if there is none. */
  readonly minAmount: Decimal;
  /** Largest amount of an order, in base; included. `undefined` if there is none. */
  readonly maxAmount: Decimal | undefined;
  /** Smallest price times amount of an order, in quote; included. Zero if there is none. */
  readonly minNotional: Decimal;
  /** Largest price times amount of an order, in quote; included. `undefined` if there is none. */
  readonly maxNotional: Decimal | undefined;
  readonly feeAsset: FeeAsset;
  /** Fraction of an order's value that the venue sets aside for fees on top of it; 0.001 is 0.1 %. */
  readonly feeReserveRate: Decimal;
  /** The venue's record, where `raw` was asked for. */
  readonly raw?: unknown;
}

/** The instruments of a venue, loaded on connect. Iterates in the venue's order. */
export interface Instruments extends Iterable<Instrument> {
  /** How many there are. */
  readonly size: number;
  /** The instrument of `pair`, or `undefined`. */
  get(pair: Pair): Instrument | undefined;
  /**
   * The instrument of `pair`.
   * @throws VenueError `market-unavailable` if the venue does not list it, naming pairs that look alike; `not-connected` before
   * the list was loaded.
   */
  require(pair: Pair): Instrument;
}
