import type {
  CommissionType,
  InstrumentRules,
  MoneyUnits,
  OrderSide,
  TradingStatus,
} from './engine-types.ts';
import { invalid, toUnits, whole } from './money.ts';
import { createRate, type Rate, shareOf } from './rate.ts';
import { plus, shortened, times, type Units } from './units.ts';

/** The rules of an instrument in units. */
export interface Instrument {
  readonly rules: InstrumentRules;
  readonly base: string;
  readonly quote: string;
  readonly commission: CommissionType;
  /** Base of one lot. */
  readonly lotUnits: Units;
  /** Quote of one lot at a price of one tick. */
  readonly tickLotUnits: Units;
  readonly minLots: number;
  readonly maxLots: number;
  readonly minNotional: Units;
  readonly maxNotional: Units;
  readonly reserveRate: Rate;
  status: TradingStatus;
  /** Price of the last trade. */
  lastTicks: number | undefined;
}

/** @throws VenueError `invalid-options` naming the instrument and the field. */
export function createInstrument(rules: InstrumentRules): Instrument {
  const { symbol, base, quote, commission, status = 'trading' } = rules;
  const units = (field: (typeof decimalFields)[number]): MoneyUnits => {
    const value = toUnits(rules[field], `${symbol}, ${field}`);
    if (value < 0n) throw invalid(`${symbol}, ${field}: expected a decimal from 0, got ${rules[field]}`);
    return value;
  };
  const [tickUnits, lotUnits] = [units('tickSize'), units('lotSize')];
  if (tickUnits === 0n || lotUnits === 0n)
    throw invalid(`${symbol}: expected a tick and a lot above 0, got ${rules.tickSize}, ${rules.lotSize}`);
  if ((tickUnits * lotUnits) % whole !== 0n)
    throw invalid(
      `${symbol}: expected a tick x lot of at most nine places, got ${rules.tickSize} x ${rules.lotSize}`,
    );
  return {
    rules,
    base,
    quote,
    commission,
    lotUnits: shortened(lotUnits),
    tickLotUnits: shortened((tickUnits * lotUnits) / whole),
    minLots: safe((units('minSize') + lotUnits - 1n) / lotUnits),
    maxLots: safe(units('maxSize') / lotUnits),
    minNotional: shortened(units('minNotional')),
    maxNotional: shortened(units('maxNotional')),
    reserveRate: createRate(units('reserveRate')),
    status,
    lastTicks: undefined,
  };
}

const decimalFields = [
  ...(['tickSize', 'lotSize', 'minSize', 'maxSize', 'minNotional', 'maxNotional', 'reserveRate'] as const),
];

/** Lots are counted as numbers: more than can be counted exactly is no bound at all. */
function safe(lots: bigint): number {
  return Number(lots > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : lots);
}

/** Price x size, in quote. */
export function notionalOf({ tickLotUnits }: Instrument, priceTicks: number, sizeLots: number): Units {
  if (typeof tickLotUnits === 'number') {
    const product = priceTicks * sizeLots * tickLotUnits;
    // None of them is below 1, but that there may be no lots: where the product is safe, so is the one on the way to it.
    if (Number.isSafeInteger(product)) return product;
  }
  return shortened(BigInt(priceTicks) * BigInt(sizeLots) * BigInt(tickLotUnits));
}

/** A size, in base. */
export function baseOf({ lotUnits }: Instrument, sizeLots: number): Units {
  return times(lotUnits, sizeLots);
}

/** True if the fee is paid from what the order holds, on top of it. */
export function paysFeeFromHold({ commission }: Instrument, side: OrderSide): boolean {
  return commission === (side === 'buy' ? 'quote' : 'base');
}

/** True if the fee of an order is paid in quote, false if it is in base. */
export function isFeeInQuote({ commission }: Pick<Instrument, 'commission'>, side: OrderSide): boolean {
  return commission === 'received' ? side === 'sell' : commission === 'quote';
}

/** Asset in which the fee of an order is paid. */
export function feeAssetOf(
  instrument: Pick<Instrument, 'commission' | 'base' | 'quote'>,
  side: OrderSide,
): string {
  return isFeeInQuote(instrument, side) ? instrument.quote : instrument.base;
}

/** Asset that an order gives, and of which it holds. */
export function givenAssetOf({ base, quote }: Instrument, side: OrderSide): string {
  return side === 'buy' ? quote : base;
}

/** What an order gives at its limit, without a fee: quote for a buy, base for a sell. */
export function principalOf(
  instrument: Instrument,
  side: OrderSide,
  priceTicks: number,
  sizeLots: number,
): Units {
  return side === 'buy' ? notionalOf(instrument, priceTicks, sizeLots) : baseOf(instrument, sizeLots);
}

/** What an order holds: of quote for a buy, of base for a sell. */
export function holdOf(instrument: Instrument, side: OrderSide, priceTicks: number, sizeLots: number): Units {
  const own = principalOf(instrument, side, priceTicks, sizeLots);
  return paysFeeFromHold(instrument, side) ? plus(own, shareOf(own, instrument.reserveRate)) : own;
}
