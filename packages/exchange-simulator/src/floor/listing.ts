import type { InstrumentRules } from '../engine/engine-types.ts';

/**
 * What is listed: an instrument's rules, with its prices and sizes as text and back. Prices are counted in ticks and sizes in lots.
 */
export interface Listing {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly rules: InstrumentRules;
  /** Digits of a price after the point. */
  readonly priceDecimals: number;
  /** Digits of a size after the point. */
  readonly sizeDecimals: number;
  /** A price without zeros at its end, as the venue publishes it. */
  priceText(ticks: number): string;
  /** A size without zeros at its end. */
  sizeText(lots: number): string;
  /** Ticks of a plain decimal; `undefined` if it is none, is not a whole number of ticks or is beyond 2^53 of them. */
  ticksOf(text: string): number | undefined;
  /** Lots of a plain decimal; `undefined` if it is none, is not a whole number of lots or is beyond 2^53 of them. */
  lotsOf(text: string): number | undefined;
}

/** Reads the rules of an instrument. */
export function createListing(rules: InstrumentRules): Listing {
  const price = createGrid(rules.tickSize);
  const size = createGrid(rules.lotSize);
  return {
    symbol: rules.symbol,
    base: rules.base,
    quote: rules.quote,
    rules,
    priceDecimals: price.decimals,
    sizeDecimals: size.decimals,
    priceText: price.textOf,
    sizeText: size.textOf,
    ticksOf: price.countOf,
    lotsOf: size.countOf,
  };
}

/** Whole multiples of a step. */
interface Grid {
  readonly decimals: number;
  textOf(count: number): string;
  countOf(text: string): number | undefined;
}

const plainDecimal = /^(\d{1,30})(?:\.(\d{1,30}))?$/;

function createGrid(step: string): Grid {
  const decimals = (step.split('.')[1] ?? '').replace(/0+$/, '').length;
  const stepUnits = unitsOf(step, decimals) ?? 1n;
  const stepNumber = Number(stepUnits);
  return {
    decimals,
    textOf: (count) =>
      textOfUnits(
        Number.isSafeInteger(count * stepNumber) ? count * stepNumber : BigInt(count) * stepUnits,
        decimals,
      ),
    countOf(text) {
      const units = unitsOf(text, decimals);
      if (units === undefined || units % stepUnits !== 0n) return undefined;
      const count = Number(units / stepUnits);
      return Number.isSafeInteger(count) ? count : undefined;
    },
  };
}

/** Units of 10^-`decimals`; `undefined` if it is no plain decimal or has more decimals than that. */
function unitsOf(text: string, decimals: number): bigint | undefined {
  const [, integer, fraction = ''] = plainDecimal.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  if (integer === undefined || digits.length > decimals) return undefined;
  return BigInt(integer + digits.padEnd(decimals, '0'));
}

function textOfUnits(units: number | bigint, decimals: number): string {
  const digits = `${units}`.padStart(decimals + 1, '0');
  let end = digits.length;
  const point = digits.length - decimals;
  while (end > point && digits.charCodeAt(end - 1) === zero) end -= 1;
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/** Character code of `0`. */
const zero = 48;
