import fc from 'fast-check';
import { type Lane, type LimitDefinition, lanes } from '../src/limit-definition.ts';
import {
  drawnLimits,
  everyLimit,
  hasRoomForDefaults,
  type LimitDraw,
  shortestWindowMs,
  withSlowBuckets,
} from './drawn-limits.ts';

/** What one caller does, and what becomes of its request. */
export interface CallPlan {
  readonly kind: 'call';
  /** Since the call before; -1 for the same synchronous moment. */
  readonly gapMs: number;
  /** Taken modulo the number of limits. */
  readonly limit: number;
  readonly weight: number | undefined;
  readonly lane: Lane;
  readonly how: 'run' | 'acquire' | 'try';
  /** After the call; -1 for before it, `Infinity` for never. */
  readonly abortAfterMs: number | undefined;
  readonly deadlineAfterMs: number | undefined;
  readonly whenPenalised: 'wait' | 'refuse';
  /** From leave to sending; 0 for none. Part of the shortest window, in percent. */
  readonly preparePercent: number;
  readonly outcome: 'send' | 'fail' | 'release';
  /** Of its journey there, in percent of the greatest jitter. */
  readonly jitterPercent: number;
  readonly replyMs: number;
  readonly isReplyTold: boolean;
}

/** What the program does to the limiter. */
export type CommandPlan =
  | { readonly kind: 'penalise'; readonly gapMs: number; readonly limit: number; readonly forMs: number }
  | { readonly kind: 'pardon'; readonly gapMs: number; readonly limit: number }
  | { readonly kind: 'change'; readonly gapMs: number; readonly factors: readonly Factor[] };

/** What a change makes of one limit, in percent of what it was at first. */
export interface Factor {
  readonly capacity: number;
  readonly window: number;
}

/** Everything that is drawn of one run. */
export interface Plan {
  readonly definitions: readonly LimitDefinition[];
  readonly sharePercent: number;
  readonly allowanceMs: number;
  readonly jitterMs: number;
  readonly baseMs: number;
  readonly patience: { readonly place: number; readonly query: number; readonly background: number };
  readonly maxWaiting: number;
  readonly ties: number;
  readonly closesAfterMs: number | undefined;
  readonly steps: readonly (CallPlan | CommandPlan)[];
}

/** What is drawn, beyond what always is. */
export interface PlanDraw {
  readonly limits: LimitDraw;
  /** Jitter as part of the allowance, in percent from and to. */
  readonly jitterPercent: readonly [number, number];
  readonly hasPenalties: boolean;
  readonly hasChanges: boolean;
  /** Work between leave and sending, releases and replies. */
  readonly hasGrants: boolean;
  readonly allowances: readonly number[];
}

/** Everything but changes of limits. */
export const everything: PlanDraw = {
  limits: everyLimit,
  jitterPercent: [0, 100],
  hasPenalties: true,
  hasChanges: false,
  hasGrants: true,
  allowances: [0, 1, 20, 100],
};

const never = fc.constant(undefined);

/** Draws runs. */
export function drawnPlan(draw: PlanDraw): fc.Arbitrary<Plan> {
  const steps = fc.array(
    fc.oneof(
      { weight: 16, arbitrary: drawnCall(draw) },
      { weight: draw.hasPenalties ? 1 : 0, arbitrary: drawnCommand },
      { weight: draw.hasChanges ? 3 : 0, arbitrary: drawnChange },
    ),
    { minLength: 1, maxLength: 40, size: 'max' },
  );
  return fc
    .record({
      definitions: drawnLimits(draw.limits),
      sharePercent: fc.constantFrom(100, 100, draw.limits.hasShares ? 60 : 100),
      allowanceMs: fc.constantFrom(...draw.allowances),
      jitter: fc.integer({ min: draw.jitterPercent[0], max: draw.jitterPercent[1] }),
      baseMs: fc.integer({ min: 0, max: 60 }),
      patience: fc.tuple(patienceMs, patienceMs, patienceMs),
      maxWaiting: fc.constantFrom(1, 3, 10_000, 10_000),
      ties: fc.integer({ min: 0, max: 1_000 }),
      closesAfterMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined, freq: 5 }),
      steps,
    })
    .map(toPlan)
    .filter(({ definitions, allowanceMs }) => hasRoomForDefaults(definitions, allowanceMs));
}

const patienceMs = fc.constantFrom(0, 0, 5, 30, 150);

interface RawPlan extends Omit<Plan, 'patience' | 'jitterMs'> {
  readonly jitter: number;
  readonly patience: readonly [number, number, number];
}

function toPlan({ jitter, patience: [first, second, third], ...raw }: RawPlan): Plan {
  // A share of the whole only where each limit says its own: what is drawn of a limit holds for the share it was drawn with.
  const hasShares = raw.definitions.every(({ sharePercent }) => sharePercent !== undefined);
  const definitions = withSlowBuckets(raw.definitions, raw.allowanceMs);
  return {
    ...raw,
    definitions,
    sharePercent: hasShares ? raw.sharePercent : 100,
    jitterMs: Math.floor((raw.allowanceMs * jitter) / 100),
    patience: { place: first, query: first + second, background: first + second + third },
  };
}

function drawnCall(draw: PlanDraw): fc.Arbitrary<CallPlan> {
  const { hasGrants } = draw;
  return fc.record({
    kind: fc.constant('call' as const),
    gapMs: fc.constantFrom(-1, -1, 0, 0, 1, 3, 10, 40, 150),
    limit: fc.nat({ max: 3 }),
    weight: fc.option(fc.constantFrom(1, 1, 2, 3, 5, 12), { nil: undefined, freq: 1 }),
    lane: fc.constantFrom(...lanes),
    how: fc.constantFrom('run', 'run', 'acquire', 'try'),
    abortAfterMs: rarely(fc.constantFrom(-1, 0, 1, 20, 120, Number.POSITIVE_INFINITY)),
    deadlineAfterMs: rarely(fc.constantFrom(-1, 0, 1, 15, 60, 200)),
    whenPenalised: fc.constantFrom('wait', 'wait', 'refuse'),
    preparePercent: hasGrants ? fc.constantFrom(0, 0, 0, 30, 95) : fc.constant(0),
    outcome: hasGrants ? fc.constantFrom('send', 'send', 'send', 'fail', 'release') : fc.constant('send'),
    jitterPercent: fc.constantFrom(0, 0, 50, 100, 100),
    replyMs: fc.integer({ min: 0, max: 80 }),
    isReplyTold: hasGrants ? fc.boolean() : fc.constant(false),
  });
}

function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 6, arbitrary: never }, { weight: 1, arbitrary: value });
}

const gapMs = fc.constantFrom(0, 1, 10, 60);

const drawnCommand: fc.Arbitrary<CommandPlan> = fc.oneof(
  fc.record({
    kind: fc.constant('penalise' as const),
    gapMs,
    limit: fc.nat({ max: 3 }),
    forMs: fc.constantFrom(-5, 0, 1, 30, 120),
  }),
  fc.record({ kind: fc.constant('pardon' as const), gapMs, limit: fc.nat({ max: 3 }) }),
);

const factor = fc.constantFrom(20, 50, 80, 100, 100, 130, 250);

const drawnChange: fc.Arbitrary<CommandPlan> = fc.record({
  kind: fc.constant('change' as const),
  gapMs,
  factors: fc.array(fc.record({ capacity: factor, window: factor }), { minLength: 4, maxLength: 4 }),
});

/** The limits after a change; windows keep their places. */
export function changedLimits(plan: Plan, factors: readonly Factor[]): readonly LimitDefinition[] {
  return plan.definitions.map((definition, index) => {
    const { windows } = definition;
    const { capacity, window: length } = factors[index] ?? { capacity: 100, window: 100 };
    if (windows === undefined) return definition;
    const changed = windows.map((window) => ({
      ...window,
      capacity: Math.max(1, Math.round((window.capacity * capacity) / 100)),
      ...(window.windowMs === undefined
        ? {}
        : { windowMs: Math.max(1, Math.round((window.windowMs * length) / 100)) }),
    }));
    return { ...definition, windows: changed };
  });
}

/**
 * How long a request prepares after leave was given: less than the shortest window, so that it counts all the while. Not at all
 * where there are buckets: what runs out of one before the sending has gone to others.
 */
export function prepareMs(plan: Plan, call: CallPlan): number {
  const hasBucket = plan.definitions.some(({ windows = [] }) =>
    windows.some(({ policy }) => policy === 'token-bucket'),
  );
  const shortest = hasBucket ? 1 : Math.min(shortestWindowMs(plan.definitions), 1_000);
  return Math.floor(((shortest - 1) * call.preparePercent) / 100);
}
