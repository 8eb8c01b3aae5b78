import { createSeededRandom, drawInteger } from '../seeded-random.ts';

/** Numbers that a key decides, one after the other. Arithmetic that is the same on every engine. */
export interface DrawnNumbers {
  /** From 0 (included) to 1 (excluded). */
  even(): number;
  /** Mean 0, deviation 1, within -3 and 3: three even numbers added up. */
  normal(): number;
  /** Mean 1, from 0 to 9: nearly the exponential law, which half the sum of two squared normal numbers has. */
  exponential(): number;
}

/** The numbers of a key. */
export function createDrawnNumbers(key: string): DrawnNumbers {
  let state = drawInteger(createSeededRandom(key), key, 0x1_0000_0000) | 0;
  // A bar takes thousands of draws, too many for one lookup each: a counter with its bits mixed, as Weyl sequences are.
  const even = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return (mixed(state) >>> 0) / 0x1_0000_0000;
  };
  const normal = (): number => 2 * (even() + even() + even()) - 3;
  const exponential = (): number => {
    const [one, other] = [normal(), normal()];
    return (one * one + other * other) / 2;
  };
  return { even, normal, exponential };
}

/** Every bit of the result hangs on every bit of the value. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return bits ^ (bits >>> 16);
}

/**
 * e to the power of `x`, to about ten digits for `x` from -10 to 10: a small factor, squared again and again. `Math.exp` may end in
 * another digit on another engine.
 */
export function growth(x: number): number {
  const small = x / 65_536;
  let factor = 1 + small + (small * small) / 2;
  for (let doubling = 0; doubling < 16; doubling += 1) factor *= factor;
  return factor;
}
