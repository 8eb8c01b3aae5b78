import type { Kind, Subject } from '../subject.ts';

interface Task {
  readonly limit: string;
  readonly atMs: number;
  readonly intervalMs: number;
}

/** An entry is kept for so much longer than its window. */
const margin = 1.05;
const retryMs = 100;

/**
 * The algorithm of Hummingbot's `AsyncThrottler`, written anew from its description: one flat log of all limits; every attempt
 * clears it of what is over and sums it by limit; who finds no room sleeps for 0.1 s and tries again.
 */
export const hummingbot: Subject = {
  create({ windowMs, all, order }) {
    const capacities = new Map([
      ['query', all],
      ['order', order],
    ]);
    const related: Readonly<Record<Kind, readonly string[]>> = {
      query: ['query'],
      order: ['order', 'query'],
    };
    let log: Task[] = [];
    const attempt = (kind: Kind): boolean => {
      const nowMs = performance.now();
      log = log.filter(({ atMs, intervalMs }) => nowMs - atMs <= intervalMs * margin);
      const used = new Map<string, number>();
      for (const { limit } of log) used.set(limit, (used.get(limit) ?? 0) + 1);
      const fits = related[kind].every((limit) => (used.get(limit) ?? 0) < (capacities.get(limit) ?? 0));
      if (fits) for (const limit of related[kind]) log.push({ limit, atMs: nowMs, intervalMs: windowMs });
      return fits;
    };
    const acquire = async (kind: Kind): Promise<void> => {
      while (!attempt(kind)) await new Promise((resolve) => setTimeout(resolve, retryMs));
    };
    return { acquire, run: (kind, work) => acquire(kind).then(work) };
  },
};
