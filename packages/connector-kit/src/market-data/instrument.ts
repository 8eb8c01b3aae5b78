import { decimal, type Instrument, type MoneyInput } from '@venuekit/connector-core';

/** What an instrument is made of: its rules as text, and what differs from the defaults. */
export interface InstrumentTerms extends Pick<Instrument, 'pair' | 'base' | 'quote'> {
  /** A price is a whole multiple of this, in quote per base. */
  readonly tickSize: MoneyInput;
  /** An amount is a whole multiple of this, in base. */
  readonly lotSize: MoneyInput;
  /** In base; one lot if left out. */
  readonly minAmount?: MoneyInput;
  /** In base. */
  readonly maxAmount: MoneyInput;
  /** In quote; nothing if left out. */
  readonly minNotional?: MoneyInput;
  /** In quote. */
  readonly maxNotional: MoneyInput;
  /** The pair if left out. */
  readonly venueSymbol?: string;
  /** `trading` if left out. */
  readonly status?: Instrument['status'];
  /** As `status` if left out. */
  readonly venueStatus?: string;
  /** `quote` if left out. */
  readonly feeAsset?: Instrument['feeAsset'];
  /** Nothing if left out. */
  readonly feeReserveRate?: MoneyInput;
}

/** Makes an instrument whose rules the program itself knows. */
export function createInstrument(terms: InstrumentTerms): Instrument {
  const { pair, base, quote, lotSize, status = 'trading' } = terms;
  const { venueSymbol = pair, venueStatus = status, feeAsset = 'quote' } = terms;
  return Object.freeze({
    ...{ pair, base, quote, venueSymbol, status, venueStatus, feeAsset },
    tickSize: decimal(terms.tickSize),
    lotSize: decimal(lotSize),
    minAmount: decimal(terms.minAmount ?? lotSize),
    maxAmount: decimal(terms.maxAmount),
    minNotional: decimal(terms.minNotional ?? '0'),
    maxNotional: decimal(terms.maxNotional),
    feeReserveRate: decimal(terms.feeReserveRate ?? '0'),
  });
}
