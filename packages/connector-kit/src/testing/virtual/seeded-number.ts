import type { Ids, Random } from '@venuekit/connector-core';

/**
 * Orders timers that are due at the same instant: the lower number first.
 * @param label `owner/label` of the timer.
 * @param dueAtMs virtual time at which it is due, in milliseconds since the start of the world.
 * @param nth which one it is of those with this label and instant, by creation, from 0.
 */
export type TieBreak = (label: string, dueAtMs: number, nth?: number) => number;

/** 64 bits that everything drawn under one name follows from. Only integer operations touch them. */
export interface SeedState {
  readonly high: number;
  readonly low: number;
}

const start: SeedState = { high: 0x6a09e667, low: 0xbb67ae85 };
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The state under `parts` of `from`. The border between parts counts: `ab`, `c` is not `a`, `bc`. */
export function forkSeed(from: SeedState | undefined, ...parts: readonly string[]): SeedState {
  let { high, low } = from ?? start;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 1) {
      const unit = part.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x85ebca6b);
      low ^= low >>> 13;
      high = Math.imul(high ^ (unit + low), 0xc2b2ae35);
      high ^= high >>> 16;
    }
    low = Math.imul(low ^ (part.length + 0x10000), 0x27d4eb2f) ^ high;
    high = Math.imul(high ^ low, 0x165667b1);
  }
  return { high: high | 0, low: low | 0 };
}

/** The word number `index` of a state: 32 bits, not signed. */
function drawWord({ high, low }: SeedState, index: number): number {
  let word = Math.imul(index ^ low, 0x9e3779b1) ^ high;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13) ^ low, 0xc2b2ae35);
  word = Math.imul(word ^ (word >>> 15) ^ high, 0x27d4eb2f);
  return (word ^ (word >>> 16)) >>> 0;
}

/** The number `index` of a state, from 0 (included) to 1 (excluded), with 53 bits. */
function drawNumber(state: SeedState, index: number): number {
  const upper = drawWord(state, index * 2) >>> 5;
  const lower = drawWord(state, index * 2 + 1) >>> 6;
  return (upper * 0x4000000 + lower) / 0x20000000000000;
}

/** What was drawn under one key. */
interface Draws {
  readonly state: SeedState;
  count: number;
}

/** Randomness in which a draw follows from the state, its key and how often that key was drawn, and from nothing else. */
export function createKeyedRandom(state: SeedState): Random {
  const keys = createDraws(state);
  return {
    next: (key) => {
      const draws = keys(key);
      draws.count += 1;
      return drawNumber(draws.state, draws.count);
    },
  };
}

/** Identifiers of 20 letters and digits that follow from the state, their kind and how many of that kind came before. */
export function createSeededIds(state: SeedState): Ids {
  const kinds = createDraws(state);
  return {
    next: (kind) => {
      const draws = kinds(kind);
      draws.count += 1;
      return [0, 1, 2, 3].map((part) => fiveLetters(drawWord(draws.state, draws.count * 4 + part))).join('');
    },
  };
}

/** The order of timers that are due at one instant, drawn from the seed, their label, that instant and which of its kind each is. */
export function createSeededTies(seed: string): TieBreak {
  const state = forkSeed(undefined, seed, 'ties');
  return (label, dueAtMs, nth = 0) => drawNumber(forkSeed(state, label, String(dueAtMs)), nth + 1);
}

function createDraws(state: SeedState): (key: string) => Draws {
  const keys = new Map<string, Draws>();
  return (key) => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    const draws = { state: forkSeed(state, key), count: 0 };
    keys.set(key, draws);
    return draws;
  };
}

function fiveLetters(word: number): string {
  let text = '';
  for (let rest = word; text.length < 5; rest = Math.floor(rest / 36)) text += letters.charAt(rest % 36);
  return text;
}
