import BigConstructor, { type Big, type BigConstructor as BigFactory } from 'big.js';

/** What a decimal operation takes: another {@link Decimal}, decimal text such as `'0.10'`, or an integer. Never a `number`. */
export type DecimalInput = Decimal | string | bigint;

/** How a digit that does not fit is dropped. `down` is towards zero, `up` is away from it; the halves round to the nearest. */
export type Rounding = 'down' | 'up' | 'half-up' | 'half-even';

/** Rounding of a quotient, which may have no end. */
export interface DivideOptions {
  /** Digits kept after the point, 0 to 1,000. */
  readonly decimalPlaces: number;
  /** What happens to the rest. */
  readonly rounding: Rounding;
}

/**
 * An exact decimal number: every price, amount, fee and balance.
 *
 * Immutable. A float does not compile as an argument, and no text form has an exponent. Operators do compile (`a < b`, `a + b`) and
 * throw: use the methods, and `sort((a, b) => a.compare(b))`. Values made by another
 * installed copy of this package are accepted; they are taken by their text. A decimal does not survive `structuredClone`: send
 * its text ({@link Decimal.toString}) to a worker.
 */
export interface Decimal {
  /** Sum, exact. */
  plus(other: DecimalInput): Decimal;
  /** Difference, exact. */
  minus(other: DecimalInput): Decimal;
  /** Product, exact. */
  times(other: DecimalInput): Decimal;
  /**
   * Quotient, rounded as told.
   * @throws RangeError if `other` is zero.
   */
  dividedBy(other: DecimalInput, options: DivideOptions): Decimal;
  /** The same magnitude with the other sign. */
  negated(): Decimal;
  /** The magnitude. */
  abs(): Decimal;
  /** -1, 0 or 1: below, equal to or above `other`. */
  compare(other: DecimalInput): -1 | 0 | 1;
  /** True if both are the same number (`1` equals `1.0`). */
  equals(other: DecimalInput): boolean;
  /** True if below `other`. */
  lessThan(other: DecimalInput): boolean;
  /** True if above `other`. */
  greaterThan(other: DecimalInput): boolean;
  /** True if below `other` or equal to it. */
  lessThanOrEqual(other: DecimalInput): boolean;
  /** True if above `other` or equal to it. */
  greaterThanOrEqual(other: DecimalInput): boolean;
  /** True for zero. */
  isZero(): boolean;
  /** -1, 0 or 1. */
  sign(): -1 | 0 | 1;
  /** Digits after the point, without trailing zeros. */
  decimalPlaces(): number;
  /** Rounded to `decimalPlaces` digits after the point. */
  round(decimalPlaces: number, rounding: Rounding): Decimal;
  /**
   * True if this is a whole multiple of `step`, which is how tick and lot sizes are checked.
   * @throws RangeError if `step` is zero.
   */
  isMultipleOf(step: DecimalInput): boolean;
  /**
   * The multiple of `step` next to this number in the direction of `rounding`.
   * @throws RangeError if `step` is not above zero.
   */
  toMultipleOf(step: DecimalInput, rounding: Rounding): Decimal;
  /**
   * Exactly `decimalPlaces` digits after the point, filled with zeros; without an argument, as many as are needed. Digits that do
   * not fit are rounded, `half-even` by default.
   */
  toFixed(decimalPlaces?: number, rounding?: Rounding): string;
  /** The shortest plain text: no exponent, no trailing zeros. */
  toString(): string;
  /** As {@link Decimal.toString}, so that JSON keeps every digit. */
  toJSON(): string;
  /** The nearest float, for charts and statistics only: digits may be lost. */
  toNumber(): number;
}

const brand: unique symbol = Symbol.for('venuekit.decimal') as never;
const plainText = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
const longestText = 1_000;

/** A constructor of our own: settings made on the shared one by someone else cannot reach our money. */
const Factory: BigFactory = BigConstructor();
Factory.strict = true;

const roundingModes: Record<Rounding, 0 | 1 | 2 | 3> = { down: 0, 'half-up': 1, 'half-even': 2, up: 3 };

class ExactDecimal implements Decimal {
  readonly #value: Big;
  #text: string | undefined;

  /** On the prototype, which costs nothing for each value. */
  get [brand](): true {
    return true;
  }

  constructor(value: Big) {
    this.#value = value;
  }

  static valueOf(input: DecimalInput): Big {
    return input instanceof ExactDecimal ? input.#value : parse(input);
  }

  plus(other: DecimalInput): Decimal {
    return new ExactDecimal(this.#value.plus(ExactDecimal.valueOf(other)));
  }

  minus(other: DecimalInput): Decimal {
    return new ExactDecimal(this.#value.minus(ExactDecimal.valueOf(other)));
  }

  times(other: DecimalInput): Decimal {
    return new ExactDecimal(this.#value.times(ExactDecimal.valueOf(other)));
  }

  dividedBy(other: DecimalInput, options: DivideOptions): Decimal {
    const divisor = ExactDecimal.valueOf(other);
    if (divisor.eq('0')) throw new RangeError(`decimal: ${this.toString()} cannot be divided by zero`);
    Factory.DP = checkedPlaces(options.decimalPlaces);
    Factory.RM = roundingModes[options.rounding];
    return new ExactDecimal(this.#value.div(divisor));
  }

  negated(): Decimal {
    return new ExactDecimal(this.#value.neg());
  }

  abs(): Decimal {
    return new ExactDecimal(this.#value.abs());
  }

  compare(other: DecimalInput): -1 | 0 | 1 {
    return this.#value.cmp(ExactDecimal.valueOf(other));
  }

  equals(other: DecimalInput): boolean {
    return this.compare(other) === 0;
  }

  lessThan(other: DecimalInput): boolean {
    return this.compare(other) < 0;
  }

  greaterThan(other: DecimalInput): boolean {
    return this.compare(other) > 0;
  }

  lessThanOrEqual(other: DecimalInput): boolean {
    return this.compare(other) <= 0;
  }

  greaterThanOrEqual(other: DecimalInput): boolean {
    return this.compare(other) >= 0;
  }

  isZero(): boolean {
    return this.sign() === 0;
  }

  sign(): -1 | 0 | 1 {
    return this.#value.cmp('0');
  }

  decimalPlaces(): number {
    const text = this.toString();
    const point = text.indexOf('.');
    return point < 0 ? 0 : text.length - point - 1;
  }

  round(decimalPlaces: number, rounding: Rounding): Decimal {
    return new ExactDecimal(this.#value.round(checkedPlaces(decimalPlaces), roundingModes[rounding]));
  }

  isMultipleOf(step: DecimalInput): boolean {
    const size = ExactDecimal.valueOf(step);
    if (size.eq('0')) throw new RangeError('decimal: a step of zero has no multiples');
    return this.#value.mod(size).eq('0');
  }

  toMultipleOf(step: DecimalInput, rounding: Rounding): Decimal {
    const size = ExactDecimal.valueOf(step);
    if (size.lte('0')) throw new RangeError(`decimal: a step must be above zero, got ${size.toFixed()}`);
    return new ExactDecimal(roundedQuotient(this.#value, size, rounding).times(size));
  }

  toFixed(decimalPlaces?: number, rounding: Rounding = 'half-even'): string {
    if (decimalPlaces === undefined) return this.toString();
    return withoutNegativeZero(this.#value.toFixed(checkedPlaces(decimalPlaces), roundingModes[rounding]));
  }

  toString(): string {
    this.#text ??= withoutNegativeZero(this.#value.toFixed());
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }

  toNumber(): number {
    return Number(this.toString());
  }

  /** Text where text is asked for. Operators such as `<` and `+` would compare or join texts, so they throw. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TypeError(
      `decimal: ${this.toString()} has no operators; use compare, lessThan, plus and the other methods`,
    );
  }

  /** What `console.log` and debuggers show in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Decimal(${this.toString()})`;
  }
}

/**
 * The whole number of steps in `value`. The remainder decides exactly: dividing first could round twice when the quotient has
 * no end.
 */
function roundedQuotient(value: Big, step: Big, rounding: Rounding): Big {
  const rest = value.mod(step);
  Factory.DP = 0;
  Factory.RM = 0;
  const towardsZero = value.minus(rest).div(step);
  if (rest.eq('0') || rounding === 'down') return towardsZero;
  const away = towardsZero.plus(value.lt('0') ? '-1' : '1');
  if (rounding === 'up') return away;
  const half = rest.abs().times('2').cmp(step);
  if (half !== 0) return half > 0 ? away : towardsZero;
  if (rounding === 'half-up') return away;
  return towardsZero.mod('2').eq('0') ? towardsZero : away;
}

function parse(input: unknown): Big {
  if (typeof input === 'bigint') return Factory(input.toString());
  if (typeof input === 'string') {
    if (input.length <= longestText && plainText.test(input)) return Factory(input);
    throw new TypeError(`decimal: expected decimal text such as '12.5', got ${excerpt(input)}`);
  }
  if (isDecimal(input)) return Factory(input.toString());
  throw new TypeError(`decimal: expected a Decimal, decimal text or a bigint, got ${describe(input)}`);
}

function excerpt(text: string): string {
  return text.length > 40
    ? `${JSON.stringify(text.slice(0, 40))} and ${text.length - 40} more`
    : JSON.stringify(text);
}

function describe(value: unknown): string {
  return typeof value === 'number' ? `the float ${value}; write it as text` : typeof value;
}

function checkedPlaces(decimalPlaces: number): number {
  if (Number.isInteger(decimalPlaces) && decimalPlaces >= 0 && decimalPlaces <= 1_000) return decimalPlaces;
  throw new RangeError(`decimal: decimal places must be an integer from 0 to 1000, got ${decimalPlaces}`);
}

function withoutNegativeZero(text: string): string {
  return text.startsWith('-') && /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text;
}

/**
 * Makes an exact decimal.
 * @param input decimal text (an exponent of up to three digits is understood, and never printed), an integer, or a decimal.
 * @throws TypeError if the text is not a number, naming it.
 */
export function decimal(input: DecimalInput): Decimal {
  return input instanceof ExactDecimal ? input : new ExactDecimal(parse(input));
}

/** True for a decimal of this or any other installed copy of the package. */
export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && brand in value;
}
