import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyedRandom, createSeededIds, createSeededTies, forkSeed } from './seeded-number.ts';

describe('a keyed draw', () => {
  test('does not depend on what was drawn under other keys', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.constantFrom('a', 'b', 'c')), (seed, keys) => {
        const mixed = createKeyedRandom(forkSeed(undefined, seed));
        const alone = createKeyedRandom(forkSeed(undefined, seed));
        const drawn = keys.map((key) => [key, mixed.next(key)] as const).filter(([key]) => key === 'a');
        expect(drawn.map(([, value]) => value)).toEqual(drawn.map(() => alone.next('a')));
      }),
    );
  });

  test('is spread evenly from 0 to 1, within a key and over keys', () => {
    const random = createKeyedRandom(forkSeed(undefined, 'even'));
    const within = Array.from({ length: 20_000 }, () => random.next('one'));
    const over = Array.from({ length: 20_000 }, (_, index) => random.next(`key-${index}`));
    for (const draws of [within, over]) {
      const bins = Array<number>(20).fill(0);
      for (const draw of draws) bins[Math.floor(draw * 20)] = (bins[Math.floor(draw * 20)] ?? 0) + 1;
      // Each bin expects 1,000 with a standard deviation of 31.
      for (const bin of bins) expect(Math.abs(bin - 1_000)).toBeLessThan(160);
      expect(new Set(draws).size).toBe(draws.length);
    }
    const pairs = within.slice(1).map((draw, index) => (draw - 0.5) * ((within[index] ?? 0) - 0.5));
    expect(Math.abs(pairs.reduce((sum, product) => sum + product, 0) / pairs.length)).toBeLessThan(0.003);
  });
});

test('the border between the parts of a name counts', () => {
  expect(forkSeed(undefined, 'ab', 'c')).not.toEqual(forkSeed(undefined, 'a', 'bc'));
  expect(forkSeed(undefined, 'ab')).not.toEqual(forkSeed(undefined, 'ab', ''));
});

test('ids are 20 letters and digits and never come again, in any kind', () => {
  const ids = createSeededIds(forkSeed(undefined, 'ids'));
  const given = Array.from({ length: 10_000 }, (_, index) => ids.next(index % 2 === 0 ? 'order' : 'session'));
  for (const id of given) expect(id).toMatch(/^[a-z0-9]{20}$/);
  expect(new Set(given).size).toBe(given.length);
});

test('the order of a tie follows from seed, label and instant', () => {
  const tie = createSeededTies('one');
  expect(tie('a/b', 10)).toBe(createSeededTies('one')('a/b', 10));
  expect(
    new Set([tie('a/b', 10), tie('a/c', 10), tie('a/b', 11), createSeededTies('two')('a/b', 10)]).size,
  ).toBe(4);
});
