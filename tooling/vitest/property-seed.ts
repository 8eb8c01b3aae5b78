/** What property tests draw from, unless they are asked to draw anew: a change is judged by itself, and not by its luck. */
const usualSeed = 20_210_417;

/**
 * The seed of all property tests: `VENUEKIT_PROPERTY_SEED=12` for one of one's own, `VENUEKIT_PROPERTY_SEED=new` for another one in
 * each test, which a failure then names.
 * @returns `undefined` for another one in each test.
 * @throws Error for anything else.
 */
export function propertySeed(setting: string | undefined): number | undefined {
  if (setting === undefined || setting === '') return usualSeed;
  if (setting === 'new') return undefined;
  // As fast-check takes it: anything else it would cut off without a word.
  const seed = Number(setting);
  if (/^-?\d+$/.test(setting) && (seed | 0) === seed) return seed;
  throw new Error(`VENUEKIT_PROPERTY_SEED: expected new or a whole number of 32 bits, got ${setting}`);
}
