import type { Random } from '@venuekit/connector-core';

type Generator = () => number;

/**
 * Randomness that a seed decides. Every key has a stream of its own, so that one more draw for one purpose does not shift the
 * draws of another. Integer operations only: the same on every engine.
 */
export function createSeededRandom(seed: string | number): Random {
  const generators = new Map<string, Generator>();
  return {
    next(key) {
      const generator = generators.get(key) ?? createGenerator(`${seed}\n${key}`);
      generators.set(key, generator);
      return generator() / 0x1_0000_0000;
    },
  };
}

/** A whole number from 0 (included) to `below` (excluded), drawn from the stream of `key`. */
export function drawInteger(random: Random, key: string, below: number): number {
  return Math.floor(random.next(key) * below);
}

/** The sfc32 generator, seeded with four hashes of `text`; the first outputs are thrown away to mix the seed in. */
function createGenerator(text: string): Generator {
  let [a, b, c, counter] = [hash(text, 1), hash(text, 2), hash(text, 3), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** FNV-1a with a final mix. */
function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) ^ (value >>> 13);
}
