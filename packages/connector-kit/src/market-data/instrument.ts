import {
  type Decimal,
  decimal,
  type Instrument,
  type MoneyInput,
  type Pair,
  VenueError,
} from '@venuekit/connector-core';

/** What an instrument is made of: its rules as text, and what differs from the defaults. */
export interface InstrumentTerms extends Pick<Instrument, 'pair' | 'base' | 'quote'> {
  /** A price is a whole multiple of this, in quote per base. */
  readonly tickSize: MoneyInput;
  /** An amount is a whole multiple of this, in base. */
  readonly lotSize: MoneyInput;
  /** In base; nothing if left out. */
  readonly minAmount?: MoneyInput;
  /** In base; no limit if left out. */
  readonly maxAmount?: MoneyInput | undefined;
  /** In quote; nothing if left out. */
  readonly minNotional?: MoneyInput;
  /** In quote; no limit if left out. */
  readonly maxNotional?: MoneyInput | undefined;
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

/**
 * Makes an instrument whose rules the program itself knows.
 * @throws VenueError `invalid-options` naming the first rule that cannot be: one that is no decimal, a step that is not above zero,
 * a negative limit, or a minimum above its maximum.
 */
export function createInstrument(terms: InstrumentTerms): Instrument {
  const { pair, base, quote, status = 'trading' } = terms;
  const { venueSymbol = pair, venueStatus = status, feeAsset = 'quote' } = terms;
  const rule = (name: RuleName, value: MoneyInput) => readRule(pair, name, value);
  const limit = (name: RuleName) => rule(name, terms[name] ?? '0');
  const maximum = (name: 'maxAmount' | 'maxNotional') =>
    terms[name] === undefined ? undefined : rule(name, terms[name]);
  const instrument: Instrument = {
    ...{ pair, base, quote, venueSymbol, status, venueStatus, feeAsset },
    tickSize: rule('tickSize', terms.tickSize),
    lotSize: rule('lotSize', terms.lotSize),
    minAmount: limit('minAmount'),
    maxAmount: maximum('maxAmount'),
    minNotional: limit('minNotional'),
    maxNotional: maximum('maxNotional'),
    feeReserveRate: limit('feeReserveRate'),
  };
  const { minAmount, maxAmount, minNotional, maxNotional } = instrument;
  requireOrder(pair, 'minAmount', minAmount, 'maxAmount', maxAmount);
  requireOrder(pair, 'minNotional', minNotional, 'maxNotional', maxNotional);
  return Object.freeze(instrument);
}

/** The rules that are amounts. */
type RuleName = 'tickSize' | 'lotSize' | `${'min' | 'max'}${'Amount' | 'Notional'}` | 'feeReserveRate';

function readRule(pair: Pair, name: RuleName, value: MoneyInput): Decimal {
  const read = () => {
    try {
      return decimal(value);
    } catch (cause) {
      throw refusal(pair, `${name}: expected a decimal, got ${JSON.stringify(value)}`, cause);
    }
  };
  const amount = read();
  const isStep = name === 'tickSize' || name === 'lotSize';
  if (isStep && amount.lessThanOrEqual('0'))
    throw refusal(pair, `${name}: expected above zero, got ${amount}`);
  if (amount.lessThan('0')) throw refusal(pair, `${name}: expected zero or more, got ${amount}`);
  return amount;
}

function requireOrder(
  pair: Pair,
  name: RuleName,
  least: Decimal,
  upTo: RuleName,
  most: Decimal | undefined,
): void {
  if (most === undefined || least.lessThanOrEqual(most)) return;
  throw refusal(pair, `${name}: expected at most the ${upTo}, ${most}, got ${least}`);
}

function refusal(pair: Pair, message: string, cause?: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'createInstrument',
    message: `${pair}: ${message}`,
    ...(cause === undefined ? {} : { cause }),
  });
}
