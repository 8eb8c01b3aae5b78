import type { LimiterUsage, LimitUsage } from '../src/limiter-events.ts';
import { laneOrder } from './models/limit-rules.ts';
import type { OrderModel, Problem } from './models/order-model.ts';

/** Where a snapshot of a limiter says otherwise than the model has counted. */
export function usageProblems(
  model: OrderModel,
  usage: LimiterUsage,
  lateWeight: ReadonlyMap<string, number>,
): Problem[] {
  const problems: Problem[] = [];
  const compare = (what: string, got: number, expected: number) => {
    if (Math.abs(got - expected) <= 1e-6) return;
    problems.push({
      rule: 'usage',
      text: `at ${usage.atMs}: ${what} says ${got}, and ${expected} was counted`,
    });
  };
  compare('waiting', usage.waiting.all, model.waiting.size);
  for (const lane of laneOrder) {
    const waiting = [...model.waiting].filter((request) => request.lane === lane);
    compare(`waiting.${lane}`, usage.waiting[lane], waiting.length);
  }
  for (const limit of usage.limits) {
    compareLimit(model, limit, usage.atMs, compare);
    compare(`late of ${limit.id}`, limit.late, lateWeight.get(limit.id) ?? 0);
  }
  return problems;
}

type Compare = (what: string, got: number, expected: number) => void;

function compareLimit(model: OrderModel, limit: LimitUsage, atMs: number, compare: Compare): void {
  const counts = model.counts.get(limit.id) ?? { admitted: 0, refused: 0, uncounted: 0 };
  compare(`admitted of ${limit.id}`, limit.admitted, counts.admitted);
  const most = counts.refused + counts.uncounted;
  compare(`refused of ${limit.id}`, limit.refused, Math.min(most, Math.max(counts.refused, limit.refused)));
  const waiting = [...model.waiting].filter((request) => request.charges.has(limit.id));
  compare(`waiting of ${limit.id}`, limit.waiting, waiting.length);
  const oldestMs = Math.min(atMs, ...waiting.map((request) => request.cameAtMs));
  compare(`oldest wait of ${limit.id}`, limit.oldestWaitMs, atMs - oldestMs);
  for (const [index, window] of limit.windows.entries()) {
    const meter = model.limits.meters.get(limit.id)?.[index];
    compare(`capacity ${index} of ${limit.id}`, window.capacity, meter?.share ?? 0);
    if (meter === undefined) continue;
    const counted = meter.used(atMs);
    // Where the limiter may count longer than it has to, it still never counts less; beyond what fits, it need not count.
    const isExact = meter.exactAt(atMs) || meter.isBucket;
    const expected = isExact ? counted : Math.max(Math.min(counted, meter.share), window.used);
    if (meter.exactAt(atMs) || !meter.isBucket)
      compare(`used ${index} of ${limit.id}`, window.used, expected);
  }
}
