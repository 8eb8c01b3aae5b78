import type { CheckedLimit, CheckedWindow } from './limit-check.ts';
import { lanes } from './limit-definition.ts';
import type { Meter } from './meter.ts';

/** Whom the server counts together, and until when it wants to hear nothing of them. */
export interface Scope {
  readonly id: string;
  /** By the limiter's clock; `-Infinity` if there is no penalty. */
  closedUntilMs: number;
  reason: string;
}

/** One window of a limit: a meter for each lane; without a reserve it is the same one. */
export interface WindowMeters {
  readonly checked: CheckedWindow;
  readonly byLane: readonly Meter[];
}

/** What is counted under one id. */
export interface Limit {
  readonly id: string;
  readonly scope: Scope;
  readonly windows: readonly WindowMeters[];
  /** Requests that wait for room in it. */
  waiting: number;
  /** In which round of admission somebody who waits laid claim to it. */
  claimedInRound: number;
  /** From which lanes, a bit for each; for how much weight; and when the last of them can go. */
  claims: number;
  claimedWeight: number;
  claimedUntilMs: number;
}

const unclaimed = { claimedInRound: 0, claims: 0, claimedWeight: 0, claimedUntilMs: 0 };

/** Makes the counting part of a limit, with what was in use under the same id. */
export function createLimit(
  checked: CheckedLimit,
  scope: Scope,
  before: Limit | undefined,
  nowMs: number,
): Limit {
  const windows = checked.windows.map((window, at) => metersOf(window, before?.windows[at], nowMs));
  return { id: checked.id, scope, windows, waiting: 0, ...unclaimed };
}

function metersOf(checked: CheckedWindow, before: WindowMeters | undefined, nowMs: number): WindowMeters {
  const kept = before?.checked.policy === checked.policy ? before : undefined;
  const byLane: Meter[] = [];
  for (const [lane, options] of checked.byLane.entries()) {
    const above = byLane[lane - 1];
    if (above !== undefined && checked.byLane[lane - 1]?.ceiling === options.ceiling) {
      byLane.push(above);
      continue;
    }
    const old = kept?.byLane[lane];
    // A meter that several lanes shared goes on with the first of them.
    const meter = old === undefined || byLane.includes(old) ? undefined : old;
    meter?.resize(options, nowMs);
    byLane.push(meter ?? meterAfter(before?.byLane[lane], checked.policy.createMeter(options), nowMs));
  }
  return { checked, byLane };
}

/** What was in use of a window that is counted in another way now is taken as used at this moment. */
function meterAfter(before: Meter | undefined, meter: Meter, nowMs: number): Meter {
  const used = Math.ceil(before?.used(nowMs) ?? 0);
  if (used > 0) meter.assume(used, nowMs);
  return meter;
}

/** The longest time for which a request counts in one of the windows. */
export function longestPeriodMs({ windows }: Limit): number {
  return windows.reduce((longest, { byLane }) => Math.max(longest, byLane[0]?.periodMs ?? 0), 0);
}

/**
 * True if a request of `lane` takes no more than what is reserved for it and those above it, in every window: then it takes nothing
 * from the lanes below.
 */
export function isCoveredByReserve(limit: Limit, lane: number, weight: number, nowMs: number): boolean {
  if (limit.windows.length === 0 || lane >= lanes.length - 1) return false;
  return limit.windows.every(({ byLane, checked }) => {
    const below = byLane[lane + 1];
    if (below === undefined || byLane[lane] === below) return false;
    const taken = below.used(nowMs) - weight;
    const ceiling = checked.byLane[lane + 1]?.ceiling ?? 0;
    return byLane.slice(0, lane + 1).every((meter, at) => {
      return meter.used(nowMs) - taken <= (checked.byLane[at]?.ceiling ?? 0) - ceiling;
    });
  });
}

/**
 * When the next of what `lane` and those above it took comes back, so that their reserve may cover `weight` then: `Infinity` if it
 * never does, or if nobody can know.
 */
export function reserveReturnsAt(limit: Limit, lane: number, weight: number, nowMs: number): number {
  let atMs = Number.POSITIVE_INFINITY;
  for (const { byLane, checked } of limit.windows) {
    const below = checked.byLane[lane + 1]?.ceiling ?? Number.POSITIVE_INFINITY;
    if ((checked.byLane[lane]?.ceiling ?? 0) - below < weight) return Number.POSITIVE_INFINITY;
    for (const meter of byLane.slice(0, lane + 1))
      atMs = Math.min(atMs, meter.fitsAt(meter.capacity - meter.used(nowMs) + 1, nowMs));
  }
  return atMs;
}
