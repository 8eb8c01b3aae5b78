import {
  type SharedRun,
  sharedAllowanceMs,
  sharedCapacity,
  sharedWindowMs,
  worstWindow,
} from './processes.ts';

/** What is said about a run. */
export interface SharedReport {
  readonly worst: { readonly all: number; readonly order: number };
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
  const orders = judged.filter(({ kind }) => kind === 'order').map(({ atMs }) => atMs);
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  // The most that any limiter with this allowance could have let through in the span: one capacity at its start, then one a period.
  const periods = Math.floor(spanMs / (sharedWindowMs + sharedAllowanceMs)) + 1;
  const shares = Array.from({ length: processes }, (_, client) => {
    return judged.filter((request) => request.client === client).length / judged.length;
  });
  return {
    worst: { all: worstWindow(times, sharedWindowMs), order: worstWindow(orders, sharedWindowMs) },
    use: times.length / (periods * sharedCapacity.all),
    shares,
    failures,
  };
}
