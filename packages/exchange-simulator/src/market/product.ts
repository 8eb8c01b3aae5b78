/** A market's rules in the venue's legacy form, which is the one that recordings hold. Money is decimal text. */
export interface ProductRecord {
  /** `BASE/QUOTE`; a perpetual has no slash. */
  readonly symbol: string;
  readonly displayName: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** `Normal` is open for trading. */
  readonly status: string;
  /** Smallest price times size of an order, in quote. */
  readonly minNotional: string;
  /** Largest price times size of an order, in quote. */
  readonly maxNotional: string;
  readonly marginTradable: boolean;
  /** `Quote`, `Base` or `Received`. */
  readonly commissionType: string;
  /** Fraction set aside for fees on top of an order. */
  readonly commissionReserveRate: string;
  /** Prices are whole multiples of this. */
  readonly tickSize: string;
  /** Sizes are whole multiples of this. */
  readonly lotSize: string;
}

/** Fields of a {@link ProductRecord} that hold text. */
export const productTextFields: readonly (keyof ProductRecord)[] = [
  'symbol',
  'displayName',
  'baseAsset',
  'quoteAsset',
  'status',
  'commissionType',
];

/** Fields of a {@link ProductRecord} that hold decimal text. */
export const productDecimalFields: readonly (keyof ProductRecord)[] = [
  'minNotional',
  'maxNotional',
  'commissionReserveRate',
  'tickSize',
  'lotSize',
];
