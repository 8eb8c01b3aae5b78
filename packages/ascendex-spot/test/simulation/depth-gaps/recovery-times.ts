/** Most time that all but one of a hundred books may take from the notice of a hole until they are live again, in milliseconds. */
export const mostMs = 2_500;
/** Under this name each book that was in time counts one, and each later one takes ninety-nine away: below zero, too many were late. */
export const marginName = 'live again in time, less 99 for each that was not';
/** Runs of fewer seeds have no percentile of a hundredth. */
export const seedsForPercentile = 200;

/** Widths of the steps in which times are counted, in milliseconds. */
const stepMs = 50;
const beginning = 'live again: in ';

/** How long books took. */
export interface RecoveryFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Counts a time, so that those of many seeds can be added up in any order. */
export function countRecovery(count: (name: string, by?: number) => void, tookMs: number): void {
  const upToMs = Math.ceil(tookMs / stepMs) * stepMs;
  count(`${beginning}${String(upToMs).padStart(5, '0')} ms`);
  count(marginName, tookMs <= mostMs ? 1 : -99);
}

/** Figures of the sums of many seeds; times are rounded up to the next 50 ms. */
export function recoveryFigures(counts: Readonly<Record<string, number>>): RecoveryFigures {
  const times = Object.entries(counts)
    .filter(([name]) => name.startsWith(beginning))
    .map(([name, times]) => ({ ms: Number.parseInt(name.slice(beginning.length), 10), times }))
    .sort((a, b) => a.ms - b.ms);
  const count = times.reduce((sum, one) => sum + one.times, 0);
  const atShare = (share: number): number => {
    let before = 0;
    for (const one of times) {
      before += one.times;
      if (before >= share * count) return one.ms;
    }
    return 0;
  };
  return { count, p50Ms: atShare(0.5), p99Ms: atShare(0.99), maxMs: times.at(-1)?.ms ?? 0 };
}

/** Figures for people. */
export function figuresText({ count, maxMs, p50Ms, p99Ms }: RecoveryFigures): string {
  return `${count} books live again after a hole: p50 ${p50Ms} ms, p99 ${p99Ms} ms, most ${maxMs} ms`;
}
