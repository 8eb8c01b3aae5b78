import Big from 'big.js';
import { BigNumber } from 'bignumber.js';
import { Decimal as DecimalJs } from 'decimal.js';
import { type Decimal, decimal } from '../../packages/connector-core/src/index.ts';

/** One library, with the same five operations. */
export interface Subject<V> {
  parse(text: string): V;
  add(a: V, b: V): V;
  multiply(a: V, b: V): V;
  compare(a: V, b: V): number;
  /** Plain text, no exponent. */
  format(value: V): string;
}

const venuekit: Subject<Decimal> = {
  parse: (text) => decimal(text),
  add: (a, b) => a.plus(b),
  multiply: (a, b) => a.times(b),
  compare: (a, b) => a.compare(b),
  format: (value) => value.toString(),
};

const StrictBig = Big();
StrictBig.strict = true;
const bigJs: Subject<Big> = {
  parse: (text) => new StrictBig(text),
  add: (a, b) => a.plus(b),
  multiply: (a, b) => a.times(b),
  compare: (a, b) => a.cmp(b),
  format: (value) => value.toFixed(),
};

/** 40 significant digits keep every product here exact; the default of 20 would round. */
const Digits40 = DecimalJs.clone({ precision: 40 });
const decimalJs: Subject<DecimalJs> = {
  parse: (text) => new Digits40(text),
  add: (a, b) => a.plus(b),
  multiply: (a, b) => a.times(b),
  compare: (a, b) => a.cmp(b),
  format: (value) => value.toFixed(),
};

const bigNumber: Subject<BigNumber> = {
  parse: (text) => new BigNumber(text),
  add: (a, b) => a.plus(b),
  multiply: (a, b) => a.times(b),
  compare: (a, b) => a.comparedTo(b) ?? Number.NaN,
  format: (value) => value.toFixed(),
};

/** Every library by its name. */
export const subjects: Readonly<Record<string, Subject<unknown>>> = {
  venuekit,
  'big.js': bigJs,
  'decimal.js': decimalJs,
  'bignumber.js': bigNumber,
} as Readonly<Record<string, Subject<unknown>>>;
