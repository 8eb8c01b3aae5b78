import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { LimitDefinition, LimitWindow } from '../../src/index.ts';
import { storeTest } from './shared-store.ts';
import { type StoreLog, storeModel } from './store-model.ts';

const window: fc.Arbitrary<LimitWindow> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      capacity: fc.integer({ min: 3, max: 8 }),
      windowMs: fc.double({ min: 1, max: 25, noNaN: true }),
      reserved: fc.constantFrom({}, {}, { cancel: 1 }, { place: 1 }),
    }),
  },
  fc.record({
    capacity: fc.integer({ min: 5, max: 8 }),
    windowMs: fc.double({ min: 60, max: 90, noNaN: true }),
    policy: fc.constant('token-bucket' as const),
    allowanceMs: fc.constant(20),
  }),
  fc.record({ capacity: fc.integer({ min: 3, max: 6 }), policy: fc.constant('concurrent' as const) }),
);
const windows = fc.array(window, { maxLength: 2 });
const step = fc.record({
  limiter: fc.nat(2),
  id: fc.constantFrom('x', 'y', 'z'),
  weight: fc.integer({ min: 1, max: 2 }),
  lane: fc.constantFrom('cancel' as const, 'place' as const, 'query' as const, 'background' as const),
  end: fc.constantFrom('done' as const, 'done' as const, 'release' as const, 'abort' as const),
});
const plan = fc.record({
  x: windows,
  y: windows,
  z: fc.array(window, { minLength: 1, maxLength: 2 }),
  steps: fc.array(step, { minLength: 4, maxLength: 10 }),
  patience: fc.constantFrom(0, 20),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

function limitsOf({ x, y, z }: Plan): readonly LimitDefinition[] {
  return [
    { id: 'x', windows: x, links: [{ id: 'y' }, { id: 'z', weight: 2 }] },
    { id: 'y', windows: y, links: [{ id: 'z' }] },
    { id: 'z', windows: z },
  ];
}

/** Runs on the server and gives what came of the requests. */
async function follow(
  plan: Plan,
  client: Redis,
  keyPrefix: string,
  log: StoreLog,
): Promise<readonly string[]> {
  const limiters = [0, 1, 2].map(() => log.limiter(limitsOf(plan), client, keyPrefix, plan.patience));
  const ends = plan.steps.map(async ({ limiter: at, id, weight, lane, end }) => {
    const aborting = new AbortController();
    const granted = limiters[at]!.acquire(id, { weight, lane, signal: aborting.signal });
    if (end === 'abort') setImmediate(() => aborting.abort());
    const grant = await granted.catch((error) => error.code as string);
    if (typeof grant === 'string') return grant;
    if (end === 'release') grant.release();
    else setImmediate(() => grant.done());
    return 'granted';
  });
  const all = await Promise.all(ends);
  for (const limiter of limiters) limiter.close();
  return all;
}

storeTest('no window ever holds more than it may, recounted from the times of the store', async (store) => {
  let runs = 0;
  const property = fc.asyncProperty(fc.array(plan, { minLength: 25, maxLength: 25 }), async (plans) => {
    const outcomes = await Promise.all(
      plans.map(async (plan) => {
        runs += 1;
        const log = storeModel();
        const ends = await follow(plan, store.client as Redis, `${store.keyPrefix}-${runs}`, log);
        return { ends, log };
      }),
    );
    for (const { ends, log } of outcomes) {
      expect(log.problems).toEqual([]);
      for (const end of ends) expect(['granted', 'aborted', 'too-heavy', 'unavailable']).toContain(end);
    }
  });
  await fc.assert(property, { numRuns: 10, endOnFailure: true });
  expect(runs).toBeGreaterThanOrEqual(250);
});
