import type { Kind } from './subject.ts';

/** When the work of a request began. */
export interface Start {
  readonly kind: Kind;
  /** Its place among the requests of its kind, in the order of asking; the first is 0. */
  readonly number: number;
  readonly atMs: number;
}

/** Most that fall into any span of `windowMs`; `times` in order. */
export function worstWindow(times: readonly number[], windowMs: number): number {
  let worst = 0;
  let first = 0;
  for (const [at, timeMs] of times.entries()) {
    while ((times[first] ?? timeMs) <= timeMs - windowMs) first += 1;
    worst = Math.max(worst, at - first + 1);
  }
  return worst;
}

/** Mean of what falls into the spans of `windowMs` that begin anywhere from 0 and end by `totalMs`. */
export function meanWindow(times: readonly number[], windowMs: number, totalMs: number): number {
  const lastBeginMs = totalMs - windowMs;
  let sum = 0;
  for (const timeMs of times)
    sum += Math.max(0, Math.min(timeMs, lastBeginMs) - Math.max(0, timeMs - windowMs));
  return sum / lastBeginMs;
}

/** How many began before an earlier one of the same kind; `starts` in order of time. */
export function overtakes(starts: readonly Start[]): number {
  const begun: Record<Kind, Set<number>> = { query: new Set(), order: new Set() };
  const next: Record<Kind, number> = { query: 0, order: 0 };
  let count = 0;
  for (const { kind, number } of starts) {
    begun[kind].add(number);
    if (number > next[kind]) count += 1;
    while (begun[kind].has(next[kind])) next[kind] += 1;
  }
  return count;
}
