import type { CheckedLimit, CheckedWindow } from './limit-check.ts';
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

/** The levels of two buckets that took the same differ in their last digits. */
const lastDigits = 1e-6;

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
 * When a request of `lane` takes no more than what is reserved for it and those above it, in every window, and so nothing from the
 * lanes below: a time that has come if it does so now. Never too late, and `Infinity` if it never will.
 */
export function reserveCoversAt({ windows }: Limit, lane: number, weight: number, nowMs: number): number {
  if (windows.length === 0) return Number.POSITIVE_INFINITY;
  return windows.reduce((atMs, window) => Math.max(atMs, windowCoversAt(window, lane, weight, nowMs)), nowMs);
}

function windowCoversAt(
  { byLane, checked }: WindowMeters,
  lane: number,
  weight: number,
  nowMs: number,
): number {
  const below = byLane[lane + 1];
  if (below === undefined || byLane[lane] === below) return Number.POSITIVE_INFINITY;
  let atMs = nowMs;
  for (const [at, meter] of byLane.slice(0, lane + 1).entries()) {
    const reserved = (checked.byLane[at]?.ceiling ?? 0) - (checked.byLane[lane + 1]?.ceiling ?? 0);
    if (weight > reserved) return Number.POSITIVE_INFINITY;
    const [used, usedBelow] = [meter.used(nowMs), below.used(nowMs)];
    const over = used - usedBelow + weight - reserved;
    if (over <= lastDigits) continue;
    // At the latest when all below has run out of a bucket too; before, by whole units: nobody has to be woken for less.
    const returned = Math.min(Math.ceil(over), over + usedBelow);
    atMs = Math.max(atMs, meter.fitsAt(meter.capacity - used + returned, nowMs));
  }
  return atMs;
}
