// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
// @boundaries-ignore somebody else's program, who has installed the package
import * as first from '@venuekit/connector-core';

type Core = typeof first;
type BigSettings = Record<'DP' | 'RM' | 'NE' | 'PE' | 'strict', unknown>;

/** As the documentation of big.js says. */
const defaults = { DP: 20, RM: 1, NE: -7, PE: 21, strict: false };
const load = createRequire(import.meta.url);
const second = load('second-copy') as Core;
/** Both copies import it, so it is one; it has no types of its own, and a name that is not literal asks for none. */
const bigName: string = 'big.js';
const { default: Big } = (await import(bigName)) as { readonly default: BigSettings };

assert.notEqual(first.decimal, second.decimal, 'the copies are one');
const { DP, RM, NE, PE, strict } = Big;
assert.deepEqual({ DP, RM, NE, PE, strict }, defaults, 'loading changes the settings of big.js');

for (const [one, other] of [
  [first, second],
  [second, first],
] as const) {
  recognises(one, other);
  keepsEveryDigit(one, other);
  dividesByItsOwnRules(one, other);
}
assert.deepEqual({ ...Big }, { ...Big, ...defaults }, 'the settings of big.js leak out');
// What a program does to the big.js that it shares with us is no business of ours.
Object.assign(Big, { DP: 0, RM: 3, NE: -1, PE: 1, strict: false });
keepsEveryDigit(first, second);
dividesByItsOwnRules(first, second);
console.log('errors recognised, every digit kept, no setting leaks');

/** Errors and decimals of one copy are what the other takes them for, by both ways of asking. */
function recognises(one: Core, other: Core): void {
  const error: unknown = new one.VenueError({
    code: 'stale',
    venue: 'somewhere',
    message: 'expected a live book',
  });
  assert.ok(other.isVenueError(error) && error.code === 'stale');
  assert.ok(error instanceof other.VenueError && error instanceof one.VenueError);
  assert.ok(!(new Error('other') instanceof other.VenueError));
  assert.ok(other.isDecimal(one.decimal('1')));
}

function keepsEveryDigit(one: Core, other: Core): void {
  const digits = '123456789012345678901234567890.123456789012345678901234567891';
  const value = one.decimal(digits);
  assert.equal(other.decimal(value).toString(), digits);
  assert.equal(other.decimal('0').plus(value).toString(), digits);
  assert.equal(other.decimal('0').minus(value).negated().toString(), digits);
  assert.equal(other.decimal(digits).compare(value), 0);
  assert.ok(other.decimal(digits).isMultipleOf(one.decimal('0.000000000000000000000000000001')));
  assert.equal(other.decimal('1').times(one.decimal('1e-30')).toString(), `0.${'0'.repeat(29)}1`);
  assert.equal(value.times('100000000000000000000').toString().includes('e'), false);
}

/** What one copy was told of a division stays there. */
function dividesByItsOwnRules(one: Core, other: Core): void {
  one.decimal('2').dividedBy('3', { decimalPlaces: 0, rounding: 'down' });
  assert.equal(other.decimal('7').toMultipleOf(one.decimal('2.5'), 'up').toString(), '7.5');
  const fine = other.decimal('2').dividedBy(one.decimal('3'), { decimalPlaces: 30, rounding: 'up' });
  assert.equal(fine.toString(), `0.${'6'.repeat(29)}7`);
  one.decimal('2').dividedBy('3', { decimalPlaces: 2, rounding: 'half-up' });
  assert.equal(other.decimal('0.5').round(0, 'half-even').toString(), '0');
}
