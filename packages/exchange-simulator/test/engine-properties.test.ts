import { inspect, isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { createMatchingEngine } from '../src/engine/create-engine.ts';
import type { EngineSnapshot } from '../src/engine/engine-snapshot.ts';
import type { EngineEvent } from '../src/engine/engine-types.ts';
import type { MatchingEngine } from '../src/engine/matching-engine.ts';
import { restoreEngine } from '../src/engine/restore-engine.ts';
import { Diary, leastSeen } from './engine-diary.ts';
import { problemsOf } from './engine-invariants.ts';
import { DrawnOperations, engineOptions, magnified, type Operation, opening } from './engine-operations.ts';
import { ask, Listener, picture } from './engine-stage.ts';
import { SlowExchange } from './models/slow-exchange.ts';

const timeout = 600_000;
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
/** With one seed; the model is too slow for more. */
const comparedOperations = 2_500;
/** With these, amounts fall on both sides of what a number can hold, and do not come out round. */
const magnifications = [10_000_000_000_007n, 100_000_000_000_007n];
const operationsPerSeed = Math.ceil(operationsWanted(process.env.VENUEKIT_ENGINE_OPERATIONS) / seeds.length);

test.each(seeds)(
  'whatever is asked, an engine tells and has what the model tells and has, seed %i',
  {
    timeout,
  },
  (seed) => {
    play(seed, Math.min(operationsPerSeed, comparedOperations), Number.POSITIVE_INFINITY);
  },
);

test.each(magnifications.flatMap((times) => [201, 202].map((seed) => [times, seed] as const)))(
  'amounts that a number can no longer hold are dealt with like all others, %i times as great, seed %i',
  { timeout },
  (times, seed) => {
    play(seed, 1_000, 100, times);
  },
);

test.each([101, 102, 103, 104, 105, 106])(
  'a restored engine goes on like the one that it was made from, seed %i',
  { timeout },
  (seed) => {
    play(seed, 1_000, 40);
  },
);

test.each(seeds)('no money is made or lost, or held for nothing, seed %i', { timeout }, (seed) => {
  const diary = new Diary();
  const engine = createMatchingEngine({ ...engineOptions, onEvent: diary.hear });
  const drawn = new DrawnOperations(seed);
  for (const operation of opening()) ask(engine, operation, 0);
  for (let atMs = 1; atMs <= operationsPerSeed; atMs += 1) {
    const operation = drawn.next(engine);
    ask(engine, operation, atMs);
    const problems = [...problemsOf(engine), ...diary.problems];
    if (problems.length > 0) expect(problems, moment(seed, atMs, operation)).toEqual([]);
  }
});

test('magnified amounts fall on both sides of what a number can hold', { timeout }, () => {
  const seen: Record<string, Set<boolean>> = {
    held: new Set(),
    quote: new Set(),
    fee: new Set(),
    total: new Set(),
  };
  for (const times of magnifications) {
    const onEvent = (event: EngineEvent): void => {
      if (event.kind !== 'order' || event.fill === undefined) return;
      const { order, fill } = event;
      const { total } = engine.balance(order.account, 'USD');
      const amounts = { held: order.held, quote: fill.quote, fee: fill.fee, total };
      for (const [name, units] of Object.entries(amounts)) seen[name]?.add(units < 2n ** 53n);
    };
    const engine = createMatchingEngine({ ...magnified(times), onEvent });
    const drawn = new DrawnOperations(201, times);
    for (const operation of opening(times)) ask(engine, operation, 0);
    for (let atMs = 1; atMs <= 1_000; atMs += 1) ask(engine, drawn.next(engine), atMs);
  }
  expect(Object.entries(seen).filter(([, sides]) => sides.size < 2)).toEqual([]);
});

test('the drawn operations have everything in them', { timeout }, () => {
  const diary = new Diary();
  for (const seed of seeds.slice(0, 8)) {
    const engine = createMatchingEngine({ ...engineOptions, onEvent: diary.hearAnew() });
    const drawn = new DrawnOperations(seed);
    for (const operation of opening()) ask(engine, operation, 0);
    for (let atMs = 1; atMs <= comparedOperations; atMs += 1) {
      diary.note(ask(engine, drawn.next(engine), atMs));
    }
  }
  expect(diary.seldom(leastSeen)).toEqual([]);
});

/** Asks an engine and the model the same, and compares what they say; the engine goes through JSON every so often. */
function play(seed: number, operations: number, restoredEvery: number, times: bigint = 1n): void {
  const [listener, modelListener] = [new Listener(), new Listener()];
  const options = magnified(times);
  let engine = createMatchingEngine({ ...options, onEvent: listener.hear });
  const model = new SlowExchange({ ...options, onEvent: modelListener.hear });
  listener.exchange = engine;
  modelListener.exchange = model;
  const drawn = new DrawnOperations(seed, times);
  const compare = (operation: Operation, atMs: number): void => {
    const answer = ask(engine, operation, atMs);
    const expected = ask(model, operation, atMs);
    const told = { answer, told: listener.take() };
    expectSame(told, { answer: expected, told: modelListener.take() }, moment(seed, atMs, operation));
  };
  for (const operation of opening(times)) compare(operation, 0);
  for (let atMs = 1; atMs <= operations; atMs += 1) {
    const operation = drawn.next(model);
    compare(operation, atMs);
    if (atMs % 50 === 0) expectSame(picture(engine), picture(model), moment(seed, atMs, operation));
    if (atMs % restoredEvery !== 0) continue;
    engine = throughJson(engine, listener.hear);
    listener.exchange = engine;
    expectSame(picture(engine), picture(model), `restored, ${moment(seed, atMs, operation)}`);
  }
}

function throughJson(engine: MatchingEngine, onEvent: (event: EngineEvent) => void): MatchingEngine {
  const text = JSON.stringify(engine.snapshot());
  const restored = restoreEngine(JSON.parse(text) as EngineSnapshot, { onEvent });
  expect(JSON.stringify(restored.snapshot())).toBe(text);
  return restored;
}

/** Quick where both are the same, and clear where they are not. */
function expectSame(value: unknown, expected: unknown, when: string): void {
  if (!isDeepStrictEqual(value, expected)) expect(value, when).toStrictEqual(expected);
}

function moment(seed: number, atMs: number, operation: Operation): string {
  return `seed ${seed}, operation ${atMs}: ${inspect(operation, { breakLength: Number.POSITIVE_INFINITY })}`;
}

/** How many operations are wanted in all. */
function operationsWanted(setting: string = ''): number {
  if (setting === '') return seeds.length * comparedOperations;
  const wanted = Number(setting);
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted;
  throw new Error(`VENUEKIT_ENGINE_OPERATIONS: expected a whole number above 0, got ${setting}`);
}
