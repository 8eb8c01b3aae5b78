import {
  type SharedRun,
  sharedAllowanceMs,
  sharedCapacity,
  sharedWindowMs,
  worstWindow,
} from './processes.ts';

/** What is said about a run. */
export interface SharedReport {
  /** The most in any window. */
  readonly worst: { readonly all: number; readonly order: number };
  /** The same without what was late. */
  readonly worstInTime: { readonly all: number; readonly order: number };
  /** Requests that were on their way for longer than half of the allowance, which is what there is for the way to the server. */
  readonly late: number;
  /** Of what the limit of all allows with its allowance, from the first request to the last. */
  readonly use: number;
  /** Share of each process of all requests, as a fraction. */
  readonly shares: readonly number[];
  readonly failures: readonly string[];
}

/** Judges what the server saw between two moments after its first request, in milliseconds. */
export function reportOf(
  { seen, failures }: SharedRun,
  processes: number,
  fromMs = 0,
  toMs: number = Number.POSITIVE_INFINITY,
): SharedReport {
  const startMs = seen[0]?.atMs ?? 0;
  const judged = seen.filter(({ atMs }) => atMs - startMs >= fromMs && atMs - startMs < toMs);
  const times = judged.map(({ atMs }) => atMs);
  const inTime = judged.filter(({ atMs, sentAtMs }) => atMs - sentAtMs <= sharedAllowanceMs / 2);
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  // The most that any limiter with this allowance could have let through in the span: one capacity at its start, then one a period.
  const periods = Math.floor(spanMs / (sharedWindowMs + sharedAllowanceMs)) + 1;
  const shares = Array.from({ length: processes }, (_, client) => {
    return judged.filter((request) => request.client === client).length / judged.length;
  });
  return {
    worst: worstOf(judged),
    worstInTime: worstOf(inTime),
    late: judged.length - inTime.length,
    use: times.length / (periods * sharedCapacity.all),
    shares,
    failures,
  };
}

function worstOf(requests: SharedRun['seen']): SharedReport['worst'] {
  const worst = (some: SharedRun['seen']): number =>
    worstWindow(
      some.map(({ atMs }) => atMs),
      sharedWindowMs,
    );
  return { all: worst(requests), order: worst(requests.filter(({ kind }) => kind === 'order')) };
}
