import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, isDecimal } from './decimal.ts';

const digits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const places = fc.integer({ min: 0, max: 20 });
/** An independent exact number: an integer and how far its point stands from the right. */
const numbers = fc.record({ units: digits, scale: places });

function text({ units, scale }: { units: bigint; scale: number }): string {
  const magnitude = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = magnitude.slice(0, magnitude.length - scale);
  const rest = scale === 0 ? '' : `.${magnitude.slice(-scale)}`;
  return `${units < 0n ? '-' : ''}${whole}${rest}`;
}

function align(a: { units: bigint; scale: number }, b: { units: bigint; scale: number }) {
  const scale = Math.max(a.scale, b.scale);
  const raise = (n: typeof a) => n.units * 10n ** BigInt(scale - n.scale);
  return { a: raise(a), b: raise(b), scale };
}

test('sums, differences, products and order are exact', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const same = align(a, b);
      const [left, right] = [decimal(text(a)), decimal(text(b))];
      expect(left.plus(right).equals(text({ units: same.a + same.b, scale: same.scale }))).toBe(true);
      expect(left.minus(right).equals(text({ units: same.a - same.b, scale: same.scale }))).toBe(true);
      const product = text({ units: a.units * b.units, scale: a.scale + b.scale });
      expect(left.times(right).equals(product)).toBe(true);
      expect(left.compare(right)).toBe(same.a < same.b ? -1 : same.a > same.b ? 1 : 0);
    }),
  );
});

test('text comes back as the shortest plain text of the same number', () => {
  fc.assert(
    fc.property(numbers, (n) => {
      const shortest = text(n)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
        .replace(/^-0$/, '0');
      expect(decimal(text(n)).toString()).toBe(shortest);
    }),
  );
});

test('no text form has an exponent, however small or large the number', () => {
  expect(decimal('1e-9').toString()).toBe('0.000000001');
  expect(decimal('1E+30').toString()).toBe(`1${'0'.repeat(30)}`);
  expect(JSON.stringify({ price: decimal('0.000000001') })).toBe('{"price":"0.000000001"}');
  expect(`${decimal('-0.0')}`).toBe('0');
  expect(decimal('-0.4').toFixed(0)).toBe('0');
});

test('what is not a plain number is refused by its text', () => {
  for (const bad of [
    '',
    ' 1',
    '1 ',
    '.5',
    '5.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '--1',
    '1e9999',
    '1_000',
  ]) {
    expect(() => decimal(bad), bad).toThrow(TypeError);
  }
  expect(() => decimal('9'.repeat(1_001))).toThrow(/and 961 more/);
  expect(() => decimal(0.1 as never)).toThrow(/the float 0\.1; write it as text/);
  expect(() => decimal('1').times(0.1 as never)).toThrow(TypeError);
});

test('multiples of a step are found on its exact grid', () => {
  expect(decimal('2.2504').toMultipleOf('0.0001', 'down').toString()).toBe('2.2504');
  expect(decimal('-2.25').toMultipleOf('0.1', 'down').toString()).toBe('-2.2');
  expect(decimal('-2.25').toMultipleOf('0.1', 'up').toString()).toBe('-2.3');
  expect(decimal('2.25').toMultipleOf('0.1', 'half-even').toString()).toBe('2.2');
  expect(decimal('2.25').toMultipleOf('0.1', 'half-up').toString()).toBe('2.3');
  expect(decimal('0.3').isMultipleOf('0.1')).toBe(true);
  expect(decimal('0.35').isMultipleOf('0.1')).toBe(false);
  expect(() => decimal('1').isMultipleOf('0')).toThrow(RangeError);
});

test('rounding to a step never leaves its grid and never moves a whole step or more', () => {
  const step = fc.bigInt({ min: 1n, max: 10n ** 9n }).map((units) => decimal(text({ units, scale: 6 })));
  const modes = fc.constantFrom('down', 'up', 'half-up', 'half-even' as const);
  fc.assert(
    fc.property(numbers, step, modes, (n, size, mode) => {
      const value = decimal(text(n));
      const rounded = value.toMultipleOf(size, mode as 'down');
      expect(rounded.isMultipleOf(size)).toBe(true);
      expect(rounded.minus(value).abs().lessThan(size)).toBe(true);
      if (mode === 'down') expect(rounded.abs().greaterThan(value.abs())).toBe(false);
      if (mode === 'up') expect(rounded.abs().lessThan(value.abs())).toBe(false);
    }),
  );
});

test('quotients are rounded as told, once', () => {
  expect(decimal('2').dividedBy('3', { decimalPlaces: 4, rounding: 'down' }).toString()).toBe('0.6666');
  expect(decimal('2').dividedBy('3', { decimalPlaces: 4, rounding: 'half-up' }).toString()).toBe('0.6667');
  expect(() => decimal('1').dividedBy('0', { decimalPlaces: 1, rounding: 'up' })).toThrow(RangeError);
});

test('a value of another installed copy is taken by its text', () => {
  const foreign = { [Symbol.for('venuekit.decimal')]: true, toString: () => '0.25' };
  expect(isDecimal(foreign)).toBe(true);
  expect(
    decimal('1')
      .plus(foreign as never)
      .toString(),
  ).toBe('1.25');
  expect(isDecimal({ toString: () => '1' })).toBe(false);
});

test('operators, which would compare and join texts, throw; text and methods are there', () => {
  const [nine, ten] = [decimal('9'), decimal('10')];
  for (const operate of [
    () => (nine as never) < (ten as never),
    () => (nine as never) + (ten as never),
    () => +(nine as never),
  ]) {
    expect(operate).toThrow(TypeError);
  }
  expect(`${nine} ${String(ten)}`).toBe('9 10');
  expect([nine.lessThanOrEqual(ten), nine.lessThanOrEqual('9'), ten.lessThanOrEqual(nine)]).toEqual([
    true,
    true,
    false,
  ]);
  expect([nine.greaterThanOrEqual(ten), nine.greaterThanOrEqual('9'), ten.greaterThanOrEqual(nine)]).toEqual([
    false,
    true,
    true,
  ]);
  expect([ten, nine].sort((a, b) => a.compare(b))).toEqual([nine, ten]);
});
