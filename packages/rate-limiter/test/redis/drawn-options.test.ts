import * as fc from 'fast-check';
import { expect } from 'vitest';
import { isLimitError, type Lane, type LimitDefinition, type LimitWindow } from '../../src/index.ts';
import { lanes } from '../../src/limit-definition.ts';
import type { SharedRateLimiter } from '../../src/redis/index.ts';
import { failureOf, type SharedStore, storeTest } from './shared-store.ts';

const strange = [
  '"',
  "'",
  '{',
  '}',
  '|',
  ':',
  '\n',
  '\0',
  '\\u0000',
  '%d',
  '__proto__',
  '1',
  'é',
  '\u{1f6d1}',
  ' ',
];
const id = fc.string({
  unit: fc.oneof(fc.constantFrom(...strange), fc.string({ unit: 'grapheme' })),
  minLength: 1,
  maxLength: 4,
});
const span = fc.oneof(
  fc.double({ min: 1e-6, max: 5, noNaN: true, minExcluded: true }),
  fc.double({ min: 1, max: 1e5, noNaN: true }),
  fc.double({ min: 1e5, max: 1e300, noNaN: true }),
);
const capacity = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1_020, max: 1_030 }),
  fc.integer({ min: 6, max: 1e9 }),
);
const allowanceMs = fc.oneof(
  fc.double({ min: 10, max: 200, noNaN: true }),
  span.map((ms) => 10 + ms),
);
const window: fc.Arbitrary<LimitWindow> = fc.oneof(
  fc.record({ capacity, windowMs: span, allowanceMs }),
  fc.record({
    capacity: capacity.map((least) => least + 3),
    windowMs: span,
    reserved: fc.constant({ cancel: 1, query: 1 }),
  }),
  fc.record({
    capacity,
    windowMs: span.map((ms) => 40 + ms),
    allowanceMs: fc.constant(20),
    policy: fc.constant('token-bucket' as const),
  }),
  fc.record({ capacity, policy: fc.constant('concurrent' as const) }),
);
const limit = fc.record({ id, scope: id, windows: fc.array(window, { minLength: 1, maxLength: 3 }) });
const call = fc.record({
  at: fc.nat(3),
  lane: fc.constantFrom(...lanes),
  weight: fc.oneof(fc.integer({ min: 1, max: 3 }), capacity),
  what: fc.constantFrom('done', 'release', 'sent', 'report', 'penalise', 'pardon', 'change', 'give up'),
  number: fc.oneof(fc.double({ noNaN: false }), span, fc.integer({ min: -5, max: 20 })),
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'x\udfff|')),
});
const drawn = fc.record({
  limits: fc.uniqueArray(limit, { minLength: 1, maxLength: 4, selector: (one) => one.id }),
  keyPrefix: id,
  patience: span,
  leaseMs: span,
  turnGraceMs: span,
  calls: fc.array(call, { minLength: 4, maxLength: 12 }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;
type Call = Drawn['calls'][number];

/** What a caller is told of mistakes and refusals; whatever else is thrown is none of these. */
async function allowed(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isLimitError(error) || error.code === 'unavailable') throw error;
  }
}

async function make(
  limiter: SharedRateLimiter,
  limits: readonly LimitDefinition[],
  drawnCall: Call,
): Promise<void> {
  const { at, lane, weight, what, number, text } = drawnCall;
  const definition = limits[at % limits.length]!;
  const scope = definition.scope ?? '';
  if (what === 'report')
    return allowed(() => limiter.report(definition.id, Math.abs(number), { sentAtMs: number }));
  if (what === 'penalise') return allowed(() => limiter.penalise(scope, limiter.now() + number, text));
  if (what === 'pardon') return allowed(() => limiter.pardon(scope));
  if (what === 'change') return allowed(() => limiter.setLimits(limits.toReversed()));
  return allowed(() => request(limiter, definition.id, { lane, weight, what, number }));
}

async function request(
  limiter: SharedRateLimiter,
  id: string,
  { lane, weight, what, number }: { lane: Lane; weight: number; what: string; number: number },
): Promise<void> {
  const options = { lane, deadlineMs: limiter.now() + 25 };
  const grant = await limiter.acquire(id, number > 3 ? options : { ...options, weight });
  if (what === 'sent') grant.sent();
  if (what === 'release') grant.release();
  if (what !== 'give up') grant.done();
}

async function play(
  store: SharedStore,
  { limits, keyPrefix, patience, calls, ...times }: Drawn,
): Promise<void> {
  const waits = { place: patience, query: patience, background: patience };
  await allowed(async () => {
    const options = { keyPrefix: `${store.keyPrefix}${keyPrefix}`, patience: waits, ...times };
    const [one, other] = [store.limiter(limits, options), store.limiter(limits, options)];
    await Promise.all(calls.map((each, at) => make(at % 3 === 0 ? other : one, limits, each)));
    one.close();
    other.close();
  });
}

storeTest('whatever the limits and the requests are, the script does not fail', async (store) => {
  const failures = (): readonly string[] =>
    store.failures.filter((text) => /ERR|script|JSON|form/.test(text));
  const property = fc.asyncProperty(fc.array(drawn, { minLength: 10, maxLength: 10 }), async (all) => {
    await Promise.all(
      all.map((one) =>
        play(store, one).catch((error) => expect(failureOf(error)).toMatch(/allowance|within/)),
      ),
    );
    expect(failures()).toEqual([]);
  });
  await fc.assert(property, { numRuns: 30, endOnFailure: true });
  store.mayFail = true;
});

storeTest('a text that is not well-formed names nothing in a shared limiter', async (store) => {
  const windows = [{ capacity: 1, windowMs: 1_000 }];
  for (const wrong of [{ id: '\ud800' }, { id: 'a', scope: 'x\udc00' }])
    expect(() => store.limiter([{ ...wrong, windows }])).toThrow('well-formed');
  expect(() => store.limiter([{ id: 'a', windows }], { keyPrefix: '\ud800' })).toThrow('keyPrefix');
});
