import type { Bar } from './bar.ts';
import type { DrawnNumbers } from './drawn-numbers.ts';

/** One part of a walk, in ticks and their fractions. */
export interface WalkPart {
  /** Variance of the move. */
  readonly variance: number;
  /** Variance of all moves up to the end of this one: the time by which a walk goes. */
  readonly time: number;
  /** Price at its start. */
  readonly from: number;
  /** Price at its end. */
  readonly to: number;
  /** How far it reaches above its ends, as a number of the exponential law. */
  readonly rise: number;
  /** How far it reaches below its ends, as a number of the exponential law. */
  readonly fall: number;
}

/** Draws a walk from a bar's open to its close. It knows nothing of the bar's highest and lowest price. */
export function drawWalk(bar: Bar, variances: Float64Array, drawn: DrawnNumbers): readonly WalkPart[] {
  const walk: WalkPart[] = [];
  let time = 0;
  let price = bar.openTicks;
  for (const variance of variances) {
    const from = price;
    price += Math.sqrt(variance) * drawn.normal();
    time += variance;
    walk.push({ variance, time, from, to: price, rise: drawn.exponential(), fall: drawn.exponential() });
  }
  const astray = bar.closeTicks - price;
  return time === 0 ? walk : bend(walk, (at) => (astray * at) / time);
}

/** Moves each point of a walk by what `shiftAt` says of its time. */
export function bend(walk: readonly WalkPart[], shiftAt: (time: number) => number): readonly WalkPart[] {
  return walk.map((part) => {
    const { variance, time, from, to, rise, fall } = part;
    return { variance, time, from: from + shiftAt(time - variance), to: to + shiftAt(time), rise, fall };
  });
}

/** The highest price of a part, as the maximum of a random walk between two fixed ends is distributed. */
export function topOf({
  from,
  to,
  variance,
  rise,
}: Pick<WalkPart, 'from' | 'to' | 'variance' | 'rise'>): number {
  return (from + to + Math.sqrt((to - from) * (to - from) + 2 * variance * rise)) / 2;
}

/** The lowest price of a part, likewise. */
export function bottomOf({
  from,
  to,
  variance,
  fall,
}: Pick<WalkPart, 'from' | 'to' | 'variance' | 'fall'>): number {
  return (from + to - Math.sqrt((to - from) * (to - from) + 2 * variance * fall)) / 2;
}
