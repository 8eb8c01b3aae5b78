import { sessionLimits, streamLimits, venueId } from '@venuekit/ascendex-wire';
import type { Runtime } from '@venuekit/connector-core';
import { createRequestBudget, type RequestBudget } from '@venuekit/connector-kit/stream';
import type { AscendexSpotOptions } from './options.ts';

/** Our share of what the venue allows in a minute before it ignores a session: the rest is for others on the same address. */
const share = 0.75;
/** Most dials in the venue's window, however much it allows: more only helps against a venue that is up. */
const mostConnects = 20;

/** What the venue counts for all connectors of this process that talk to the same host. */
export interface SharedBudgets {
  readonly streamOps: RequestBudget;
  readonly snapshotRequests: RequestBudget;
  readonly connects: RequestBudget;
}

/** The budgets of a host; that of connects for one connector alone if its options say so. */
export function sharedBudgets(
  runtime: Runtime,
  streamUrl: string,
  connectBudget: AscendexSpotOptions['connectBudget'],
): SharedBudgets {
  const { clock } = runtime;
  const { host } = new URL(streamUrl);
  const shared = (scope: string, count: number, windowMs: number): RequestBudget =>
    runtime.shared(`${venueId}:${host}:${scope}`, () => createRequestBudget({ clock, count, windowMs }));
  const { windowMs, streamOps, snapshotRequests } = streamLimits;
  const { count, windowMs: connectWindowMs } = sessionLimits.connectsPerIp;
  return {
    streamOps: shared('stream-ops', Math.floor(streamOps.level1 * share), windowMs),
    snapshotRequests: shared('snapshot-requests', Math.floor(snapshotRequests.level1 * share), windowMs),
    connects:
      connectBudget === undefined
        ? shared('connects', Math.min(Math.floor(count * share), mostConnects), connectWindowMs)
        : createRequestBudget({ clock, ...connectBudget }),
  };
}
