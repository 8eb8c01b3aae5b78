import type { Bar } from './bar.ts';
import { bend, bottomOf, topOf, type WalkPart } from './drawn-walk.ts';

/** A walk that reaches a bar's highest and lowest price, and where it does. */
export interface FittedWalk {
  readonly parts: readonly WalkPart[];
  /** Number of the part that reaches the highest price; -1 if nothing moves. */
  readonly highest: number;
  /** Number of the part that reaches the lowest price; -1 if nothing moves. */
  readonly lowest: number;
}

/** A point of a walk, and how far it is from where it has to be. */
interface Pin {
  readonly time: number;
  readonly shift: number;
}

/** A drawn walk, and what has to be done to it. */
interface Candidate {
  readonly walk: readonly WalkPart[];
  readonly highest: number;
  readonly lowest: number;
  readonly top: Pin;
  readonly bottom: Pin;
}

/**
 * Takes the walk that is nearest to a bar and bends it so that it reaches the bar's highest price where it was highest, its lowest price
 * where it was lowest, and its close. In between, points move by what is between the shifts of two such pins.
 * @param walks at least one; they go from the bar's open to its close.
 */
export function fitWalk(walks: readonly (readonly WalkPart[])[], bar: Bar): FittedWalk {
  const candidates = walks.map((walk) => judge(walk, bar));
  const forceOf = ({ top, bottom }: Candidate): number => Math.abs(top.shift) + Math.abs(bottom.shift);
  const best = candidates.reduce((one, other) => (forceOf(other) < forceOf(one) ? other : one));
  const { walk, highest, lowest, top, bottom } = best;
  // One part that reaches both cannot be moved to both; it gets between them.
  const middle = { time: top.time, shift: (top.shift + bottom.shift) / 2 };
  const inner = highest === lowest ? [middle] : [top, bottom].sort((one, other) => one.time - other.time);
  const pins = [{ time: 0, shift: 0 }, ...inner, { time: walk.at(-1)?.time ?? 0, shift: 0 }];
  return { parts: bend(walk, (time) => shiftAt(pins, time)), highest, lowest };
}

function judge(walk: readonly WalkPart[], bar: Bar): Candidate {
  const highest = indexOfMost(walk, topOf);
  const lowest = indexOfMost(walk, (part) => -bottomOf(part));
  const top = pinOf(walk[highest], bar.highTicks, topOf);
  return { walk, highest, lowest, top, bottom: pinOf(walk[lowest], bar.lowTicks, bottomOf) };
}

function indexOfMost(walk: readonly WalkPart[], measure: (part: WalkPart) => number): number {
  let most = -1;
  let mostValue = Number.NEGATIVE_INFINITY;
  for (const [index, part] of walk.entries()) {
    if (part.variance === 0) continue;
    const value = measure(part);
    if (value <= mostValue) continue;
    most = index;
    mostValue = value;
  }
  return most;
}

function pinOf(part: WalkPart | undefined, ticks: number, reach: (part: WalkPart) => number): Pin {
  if (part === undefined) return { time: 0, shift: 0 };
  return { time: part.time - part.variance / 2, shift: ticks - reach(part) };
}

/** The shift at a time, on straight lines from pin to pin. */
function shiftAt(pins: readonly Pin[], time: number): number {
  let next = 1;
  while (next < pins.length - 1 && (pins[next]?.time ?? 0) < time) next += 1;
  const [from, to] = [pins[next - 1], pins[next]];
  if (from === undefined || to === undefined || to.time <= from.time) return to?.shift ?? 0;
  return from.shift + ((to.shift - from.shift) * (time - from.time)) / (to.time - from.time);
}
