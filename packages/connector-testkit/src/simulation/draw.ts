import { VenueError } from '@venuekit/connector-core';
import { createKeyedRandom } from '@venuekit/connector-kit/testing';

/**
 * Chance by key. A draw follows from the seed, the key and how often that key was drawn before, and from nothing else: one draw
 * more or less under one key shifts none under another. Nothing in it differs between engines.
 */
export interface Draw {
  /**
   * A whole number from `min` to `max`, both included.
   * @throws VenueError `invalid-options` for bounds that are no whole numbers, or further apart than 2^32.
   */
  integer(key: string, min: number, max: number): number;
  /**
   * One element of the list.
   * @throws VenueError `invalid-options` for an empty list.
   */
  pick<const T>(key: string, list: readonly T[]): T;
  /**
   * True in `percent` of a hundred draws: never for 0, always for 100.
   * @param percent whole number from 0 to 100.
   * @throws VenueError `invalid-options` for any other number.
   */
  chance(key: string, percent: number): boolean;
  /** Draws of their own for a part of the plan. The same label gives the same draws: number the parts of a list. */
  fork(label: string): Draw;
}

/** Draws that follow from a seed. */
export function createDraw(seed: string): Draw {
  return createFork([seed]);
}

const widest = 0x1_0000_0000;

function createFork(path: readonly string[]): Draw {
  // Everything follows from the keys: the seed is in the path.
  const random = createKeyedRandom({ high: 0, low: 0 });
  const next = (key: string): number => random.next(JSON.stringify([...path, key]));
  const integer = (key: string, min: number, max: number): number => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min || max - min >= widest) {
      throw refusal(key, 'whole numbers min <= max, less than 2^32 apart', `${min} and ${max}`);
    }
    return min + Math.floor(next(key) * (max - min + 1));
  };
  return {
    integer,
    pick<const T>(key: string, list: readonly T[]): T {
      if (list.length === 0) throw refusal(key, 'a list with an element', 'an empty one');
      return list[integer(key, 0, list.length - 1)] as T;
    },
    chance(key, percent) {
      if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
        throw refusal(key, 'a whole number from 0 to 100', String(percent));
      }
      return integer(key, 0, 99) < percent;
    },
    fork: (label) => createFork([...path, label]),
  };
}

function refusal(key: string, expected: string, got: string): VenueError {
  const message = `${key}: expected ${expected}, got ${got}`;
  return new VenueError({ code: 'invalid-options', operation: 'draw', message });
}
