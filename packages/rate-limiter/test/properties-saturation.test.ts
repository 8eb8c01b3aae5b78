import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateLimiter, type Grant, type LimitDefinition } from '../src/index.ts';
import { ServerModel } from './models/server-model.ts';
import { VirtualTime } from './models/virtual-time.ts';

const timeout = 120_000;

interface Crowd {
  readonly capacity: number;
  readonly windowMs: number;
  readonly allowanceMs: number;
  readonly weight: number;
  readonly baseMs: number;
  readonly isLinked: boolean;
  readonly isReplyTold: boolean;
  /** How the crowd gathers: so many callers, so far apart. */
  readonly gatherMs: number;
  readonly seed: number;
}

test('a crowd uses a small limit as far as the allowance lets it, and never more', { timeout }, async () => {
  await assertUse(crowd({ capacity: [1, 60], windowMs: [50, 400], allowances: [0, 5, 50] }), 700);
});

test('a crowd uses a limit of slots as far as the allowance lets it, and never more', {
  timeout,
}, async () => {
  const slots = { capacity: [1_025, 3_000], windowMs: [1_100, 6_000], allowances: [0, 100] } as const;
  await assertUse(crowd(slots), 25);
});

test('replies that are told shorten the wait from the allowance to the journey', { timeout }, async () => {
  const draw = crowd({ capacity: [1, 40], windowMs: [50, 200], allowances: [300] });
  const property = fc.asyncProperty(draw, async (drawn) => {
    const plan = { ...drawn, isReplyTold: true, gatherMs: 0 };
    const { problems, share } = await saturate(plan);
    expect(problems.slice(0, 5)).toEqual([]);
    expect(share).toBeGreaterThanOrEqual((0.98 * plan.windowMs) / (plan.windowMs + 2 * plan.baseMs));
  });
  await fc.assert(property, { numRuns: 150 });
});

interface CrowdDraw {
  readonly capacity: readonly [number, number];
  readonly windowMs: readonly [number, number];
  readonly allowances: readonly number[];
}

function crowd({ capacity, windowMs, allowances }: CrowdDraw): fc.Arbitrary<Crowd> {
  return fc.record({
    capacity: fc.integer({ min: capacity[0], max: capacity[1] }),
    windowMs: fc.integer({ min: windowMs[0], max: windowMs[1] }),
    allowanceMs: fc.constantFrom(...allowances),
    weight: fc.constantFrom(1, 1, 2, 3),
    baseMs: fc.integer({ min: 0, max: 40 }),
    isLinked: fc.boolean(),
    isReplyTold: fc.constant(false),
    gatherMs: fc.constantFrom(0, 1, 3),
    seed: fc.nat(),
  });
}

async function assertUse(draw: fc.Arbitrary<Crowd>, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(draw, async (drawn) => {
    const { problems, share } = await saturate(drawn);
    expect(problems.slice(0, 5)).toEqual([]);
    const { windowMs, allowanceMs } = drawn;
    const least = allowanceMs === 0 ? 0.99 : (0.98 * windowMs) / (windowMs + allowanceMs);
    // A window of slots may hold one slot longer than it has to.
    expect(share).toBeGreaterThanOrEqual(drawn.capacity > 1_024 ? Math.min(least, 0.98) : least);
  });
  await fc.assert(property, { numRuns });
}

function limitsOf({ capacity, windowMs, weight, isLinked }: Crowd): readonly LimitDefinition[] {
  const binding = { id: 'binding', windows: [{ capacity: capacity * weight, windowMs }] };
  if (!isLinked) return [{ ...binding, weight }];
  const wide = { id: 'wide', windows: [{ capacity: capacity * weight * 2, windowMs: windowMs + 7 }] };
  return [{ ...wide, weight, links: [{ id: 'binding' }] }, binding];
}

/** Lets a crowd press for some periods; gives the part of the binding limit that it used in whole periods after the first. */
async function saturate(crowdPlan: Crowd): Promise<{ problems: readonly string[]; share: number }> {
  const { capacity, windowMs, allowanceMs, weight, baseMs, isLinked, isReplyTold, gatherMs, seed } =
    crowdPlan;
  const time = new VirtualTime();
  const limits = limitsOf(crowdPlan);
  const server = new ServerModel(limits, { sharePercent: 100 });
  const limiter = createRateLimiter<string>({ limits, time, allowanceMs, maxWaiting: 100_000 });
  const periodMs = windowMs + (isReplyTold ? 2 * baseMs : allowanceMs);
  const periods = capacity > 1_024 ? 3 : 8;
  const fromMs = periodMs + (gatherMs > 0 ? capacity * gatherMs : 0);
  const untilMs = fromMs + periods * periodMs;
  const charges = new Map([['binding', weight], ...(isLinked ? [['wide', weight] as const] : [])]);
  let used = 0;
  let calls = 0;
  let isOver = false;
  let drawn = seed | 1;
  const journey = (grant: Grant): Promise<void> => {
    const sentAtMs = time.now();
    if (sentAtMs >= fromMs && sentAtMs < untilMs) used += weight;
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    const jitterMs = isReplyTold ? 0 : drawn % (allowanceMs + 1);
    return new Promise((resolve) => {
      time.setTimer(baseMs + jitterMs, () => {
        server.arrive({ charges, sentAtMs, atMs: time.now(), generation: 0 });
        if (!isReplyTold) resolve();
        else time.setTimer(baseMs, () => resolve(grant.replied()));
      });
    });
  };
  const call = () => {
    calls += 1;
    const work = (grant: Grant) => {
      // Not within the work: a crowd that is let in at once would come from ever deeper.
      // And not before all have gathered: their requests stay spread over the window.
      const gathersForMs = capacity * gatherMs - time.now();
      if (gathersForMs > 0) time.setTimer(gathersForMs, call);
      else if (!isOver) void Promise.resolve().then(call);
      return journey(grant);
    };
    limiter.run(isLinked ? 'wide' : 'binding', work).catch((error: unknown) => {
      if (!isOver) throw error;
    });
  };
  for (let index = 0; index < capacity + 5; index += 1) time.setTimer(index * gatherMs, call);
  while (time.nextAtMs() < untilMs) {
    time.fireNext();
    for (let seen = -1; seen !== calls; ) {
      seen = calls;
      for (let turn = 0; turn < 6; turn += 1) await null;
    }
  }
  isOver = true;
  limiter.close();
  return { problems: server.problems, share: used / ((weight * capacity * (untilMs - fromMs)) / windowMs) };
}
