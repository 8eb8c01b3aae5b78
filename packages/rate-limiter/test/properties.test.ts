import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnPlan, everything, type Plan, type PlanDraw } from './drawn-plan.ts';
import { type Outcome, playPlan } from './limiter-world.ts';
import type { Rule } from './models/order-model.ts';

const timeout = 120_000;

test('whatever is drawn, a server never sees more than a limit in any window', { timeout }, async () => {
  const seen = await judge(everything, 2_500, ({ server }) => server.problems);
  expect(seen('admitted')).toBeGreaterThan(5_000);
});

test('whoever is refused is charged nothing, does not work, and is told why', { timeout }, async () => {
  const seen = await judge(everything, 2_500, (outcome) => problemsOf(outcome, ['refusal', 'usage']));
  for (const code of ['deadline', 'aborted', 'queue-full', 'penalised', 'closed']) {
    expect(seen(code), code).toBeGreaterThan(20);
  }
});

test('those who share a limit go in turn, as soon as there is room and not before', { timeout }, async () => {
  const draw = { ...everything, hasGrants: false };
  const seen = await judge(draw, 2_500, (outcome) => problemsOf(outcome, ['room', 'order', 'conservation']));
  expect(seen('waited')).toBeGreaterThan(2_000);
});

test('the turn holds too while grants are given back, sent later and answered', { timeout }, async () => {
  await judge(everything, 1_500, (outcome) => problemsOf(outcome, ['room', 'order', 'conservation']));
});

test('when everything has ended, everybody was served and no timer and no listener is left', {
  timeout,
}, async () => {
  await judge(everything, 1_000, ({ left }) => left);
});

function problemsOf({ order }: Outcome, rules: readonly Rule[]): string[] {
  return order.problems.filter(({ rule }) => rules.includes(rule)).map(({ rule, text }) => `${rule} ${text}`);
}

/** Plays plans, expects nothing to be found, and gives how often an event or a refusal was seen. */
async function judge(
  draw: PlanDraw,
  numRuns: number,
  find: (outcome: Outcome) => readonly string[],
): Promise<(what: string) => number> {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  const property = fc.asyncProperty(drawnPlan(draw), async (plan: Plan) => {
    const outcome = await playPlan(plan);
    for (const event of outcome.events) {
      count(event.kind === 'refused' ? event.code : event.kind);
      if (event.kind === 'admitted' && event.waitedMs > 0) count('waited');
    }
    expect(find(outcome)).toEqual([]);
  });
  await fc.assert(property, { numRuns });
  return (what) => seen.get(what) ?? 0;
}
