import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultKinds } from './faults/fault-catalogue.ts';
import { nearestNames } from './nearest-names.ts';

const known = ['seed', 'pairs', 'speed', 'port', 'admin-port', 'no-admin', 'lost-reply', 'late-reply'];

test.each([
  ['sede', ['seed']],
  ['SEED', ['seed', 'speed']],
  ['speeed', ['speed', 'seed']],
  ['lost-repyl', ['lost-reply']],
  ['prot', ['port']],
  ['admin', ['admin-port']],
  ['pair', ['pairs']],
  ['xyzzy', []],
  ['', []],
])('%j is near %j', (given, names) => {
  expect(nearestNames(given, known)).toEqual(names);
});

test('a name is nearest to itself, also with one letter too many, and there are three at most', () => {
  const letter = fc.string({ unit: fc.constantFrom('x', '-', 'a'), minLength: 1, maxLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom(...known), letter, fc.nat(4), (name, extra, at) => {
      expect(nearestNames(name, known)[0]).toBe(name);
      const found = nearestNames(name.slice(0, at) + extra + name.slice(at), known);
      expect(found).toContain(name);
      expect(found.length).toBeLessThanOrEqual(3);
    }),
  );
});

test('text without end is compared in an instant', () => {
  expect(nearestNames('x'.repeat(4_000_000), faultKinds)).toEqual([]);
});
