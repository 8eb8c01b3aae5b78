import { expect, test } from 'vitest';
import { createSeededRandom, drawInteger } from './seeded-random.ts';

test('one seed gives one sequence per key, whatever else is drawn', () => {
  const alone = createSeededRandom('s');
  const mixed = createSeededRandom('s');
  for (let round = 0; round < 100; round += 1) {
    mixed.next('other');
    expect(mixed.next('key')).toBe(alone.next('key'));
  }
});

test('the sequence is the same on every engine', () => {
  const random = createSeededRandom('venuekit');
  expect([0, 1, 2, 3].map(() => drawInteger(random, 'key', 1_000_000))).toMatchInlineSnapshot(`
    [
      883811,
      420712,
      961552,
      179891,
    ]
  `);
});

test('draws are spread evenly and stay in range', () => {
  const random = createSeededRandom(7);
  const counts = new Array<number>(10).fill(0);
  for (let round = 0; round < 10_000; round += 1) {
    const value = drawInteger(random, 'key', 10);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('seeds and keys that look alike give different sequences', () => {
  const first = (seed: string, key: string): number => createSeededRandom(seed).next(key);
  expect(new Set([first('a', 'b'), first('b', 'a'), first('ab', ''), first('a', 'c')]).size).toBe(4);
});
