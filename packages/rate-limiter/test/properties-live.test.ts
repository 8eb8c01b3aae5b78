import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnPlan, everything, type PlanDraw } from './drawn-plan.ts';
import { playPlan } from './limiter-world.ts';

const timeout = 120_000;

const changing: PlanDraw = {
  ...everything,
  hasChanges: true,
  hasGrants: false,
  limits: { ...everything.limits, maxCapacity: 8 },
};

test('what is sent after a change of limits keeps the new ones, longer windows too', {
  timeout,
}, async () => {
  let changes = 0;
  const property = fc.asyncProperty(drawnPlan(changing), async (plan) => {
    const outcome = await playPlan(plan);
    changes += outcome.changes;
    expect([...outcome.server.problems, ...outcome.left]).toEqual([]);
  });
  await fc.assert(property, { numRuns: 2_000 });
  expect(changes).toBeGreaterThan(2_000);
});

test('after a change of limits what is in use stays in use, and whoever can go goes', {
  timeout,
}, async () => {
  const property = fc.asyncProperty(drawnPlan(changing), async (plan) => {
    const { order } = await playPlan(plan);
    expect(order.problems).toEqual([]);
  });
  await fc.assert(property, { numRuns: 1_000 });
});

const late: PlanDraw = {
  ...everything,
  jitterPercent: [100, 500],
  allowances: [1, 10, 30],
  limits: { ...everything.limits, policies: ['sliding-window'] },
};

test('beyond the allowance a server sees as much more as came late, and it is counted', {
  timeout,
}, async () => {
  let lateEvents = 0;
  const property = fc.asyncProperty(drawnPlan(late), async (plan) => {
    const outcome = await playPlan(plan, { lateAfterMs: plan.allowanceMs });
    expect(outcome.server.problems).toEqual([]);
    const told = new Map<string, number>();
    for (const event of outcome.events) {
      if (event.kind !== 'late') continue;
      expect(event.tookMs).toBeGreaterThan(plan.allowanceMs);
      told.set(event.limit, (told.get(event.limit) ?? 0) + event.weight);
      lateEvents += 1;
    }
    // The usage that is compared in the run says the same.
    expect(told).toEqual(outcome.lateWeight);
    expect(outcome.order.problems.filter(({ rule }) => rule === 'usage')).toEqual([]);
  });
  await fc.assert(property, { numRuns: 1_000 });
  expect(lateEvents).toBeGreaterThan(500);
});
