import type { Limit } from './limit.ts';
import { type Lane, lanes } from './limit-definition.ts';
import type { LimitSet } from './limit-set.ts';
import type { LimiterUsage, LimitUsage, WindowUsage } from './limiter-events.ts';
import type { Meter } from './meter.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** What a snapshot is taken of. */
export interface UsageSource {
  readonly set: LimitSet;
  readonly room: WaitingRoom;
  readonly running: number;
  readonly nowMs: number;
  /** Weight in use of a meter. */
  readonly used: (meter: Meter) => number;
}

/** A limiter at this moment. */
export function usageOf({ set, room, running, nowMs, used }: UsageSource): LimiterUsage {
  const waiting: Record<Lane | 'all', number> = {
    all: room.size,
    cancel: 0,
    place: 0,
    query: 0,
    background: 0,
  };
  const oldest = new Map<Limit, number>();
  for (const { lane, length, first, charges } of room.queues) {
    waiting[lanes[lane] as Lane] += length;
    const waitedMs = nowMs - (first?.arrivedAtMs ?? nowMs);
    for (const limit of charges.limits) oldest.set(limit, Math.max(waitedMs, oldest.get(limit) ?? 0));
  }
  const limits = [...set.limits.values()].map((limit): LimitUsage => {
    const { admitted = 0, refused = 0, late = 0 } = set.kinds.get(limit.id)?.counts ?? {};
    const { id, scope } = limit;
    const counts = { waiting: limit.waiting, oldestWaitMs: oldest.get(limit) ?? 0, admitted, refused, late };
    return { id, scope: scope.id, windows: windowsOf(limit, used), ...counts };
  });
  const penalties = [...set.scopes.values()]
    .filter(({ closedUntilMs }) => closedUntilMs > nowMs)
    .map(({ id, closedUntilMs, reason }) => ({ scope: id, untilMs: closedUntilMs, reason }));
  return { atMs: nowMs, limits, penalties, waiting, running };
}

function windowsOf({ windows }: Limit, used: UsageSource['used']): readonly WindowUsage[] {
  return windows.map(({ checked, byLane }) => ({
    policy: checked.policy.name,
    capacity: checked.byLane[0]?.ceiling ?? 0,
    windowMs: checked.byLane[0]?.windowMs ?? 0,
    used: byLane[0] === undefined ? 0 : used(byLane[0]),
  }));
}
