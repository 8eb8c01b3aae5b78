import { expect, test } from 'vitest';
import type { LimitPolicy, Meter, MeterOptions } from '../src/index.ts';
import { caseOf, follow, usedOf } from './limiter-case.ts';

interface Entry {
  readonly weight: number;
}

/** Counts by the clock: everything is given back at each full window. */
class FixedWindow implements Meter<Entry> {
  readonly calls: string[] = [];
  options: MeterOptions;
  #used = 0;
  #window = 0;

  constructor(options: MeterOptions) {
    this.options = options;
  }

  get capacity(): number {
    return this.options.ceiling;
  }

  get periodMs(): number {
    return this.options.windowMs;
  }

  used(nowMs: number): number {
    const window = Math.floor(nowMs / this.options.windowMs);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    return this.#used;
  }

  fitsAt(weight: number, nowMs: number): number {
    return this.used(nowMs) + weight <= this.capacity ? nowMs : (this.#window + 1) * this.options.windowMs;
  }

  take(weight: number, nowMs: number): Entry {
    this.#used = this.used(nowMs) + weight;
    return { weight };
  }

  sent({ weight }: Entry, nowMs: number): void {
    this.calls.push(`sent ${weight} at ${nowMs}`);
  }

  replied(entry: Entry, weight: number, nowMs: number): void {
    this.calls.push(`replied ${entry.weight === weight} at ${nowMs}`);
  }

  done(entry: Entry, weight: number, nowMs: number): void {
    this.calls.push(`done ${entry.weight === weight} at ${nowMs}`);
  }

  release({ weight }: Entry, own: number, nowMs: number): void {
    this.calls.push(`release ${weight === own} at ${nowMs}`);
    this.#used -= own;
  }

  assume(weight: number): void {
    this.#used += weight;
  }

  usedUpTo(_atMs: number, nowMs: number): number {
    return this.used(nowMs);
  }

  resize(options: MeterOptions): void {
    this.options = options;
  }
}

function fixedWindow(): LimitPolicy & { readonly meters: FixedWindow[] } {
  const meters: FixedWindow[] = [];
  const createMeter = (options: MeterOptions): FixedWindow => {
    const meter = new FixedWindow(options);
    meters.push(meter);
    return meter;
  };
  return { name: 'fixed-window', meters, createMeter };
}

test('a venue that counts in its own way has its own meter', async () => {
  const policy = fixedWindow();
  const { limiter, time } = caseOf([{ id: 'a', windows: [{ capacity: 2, windowMs: 1_000, policy }] }]);
  time.jumpTo(900);
  const waiting = [1, 2, 3, 4, 5].map(() => follow(limiter, 'a'));
  await time.advanceTo(5_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([900, 900, 1_000, 1_000, 2_000]);
  expect(limiter.usage().limits[0]?.windows[0]).toMatchObject({ policy: 'fixed-window', windowMs: 1_000 });
});

test('the meter is told of all that becomes of a request, with its own entry', () => {
  const policy = fixedWindow();
  const window = { capacity: 4, windowMs: 1_000, policy };
  const { limiter, time } = caseOf([{ id: 'a', windows: [window] }]);
  const [first, second] = [limiter.tryAcquire('a', { weight: 2 }), limiter.tryAcquire('a')];
  for (const act of ['sent', 'replied', 'done'] as const) {
    time.jumpTo(time.now() + 1);
    first?.[act]();
  }
  second?.release();
  const meter = policy.meters.find(({ calls }) => calls.length > 0);
  expect(meter?.calls).toEqual(['sent 2 at 1', 'replied true at 2', 'done true at 3', 'release true at 3']);
  expect(usedOf(limiter, 'a')).toEqual([2]);
});

test('the meter is made for the share, the reserve, the length and the allowance', () => {
  const policy = fixedWindow();
  const window = { capacity: 40, windowMs: 1_000, policy, reserved: { place: 5 } };
  const { limiter } = caseOf([{ id: 'a', windows: [window], sharePercent: 50 }], { allowanceMs: 70 });
  const common = { capacity: 20, windowMs: 1_000, allowanceMs: 70 };
  const made = new Set(
    policy.meters.map(({ options }) => JSON.stringify(options, Object.keys(options).sort())),
  );
  expect([...made].map((text) => JSON.parse(text))).toEqual([
    { ...common, ceiling: 20 },
    { ...common, ceiling: 15 },
  ]);
  limiter.tryAcquire('a', { lane: 'place', weight: 20 });
  expect(usedOf(limiter, 'a')).toEqual([20]);
});

test('what others used reaches the meter, and so does a change of the limits', async () => {
  const policy = fixedWindow();
  const window = { capacity: 4, windowMs: 1_000, policy };
  const { limiter, time } = caseOf([{ id: 'a', windows: [window] }]);
  limiter.report('a', 3);
  expect(usedOf(limiter, 'a')).toEqual([3]);
  limiter.setLimits([{ id: 'a', windows: [{ ...window, capacity: 8 }] }]);
  expect(usedOf(limiter, 'a')).toEqual([3]);
  const waiting = [follow(limiter, 'a', { weight: 5 }), follow(limiter, 'a', { weight: 5 })];
  await time.advanceTo(2_000);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
});

test('a meter without a window needs no length', async () => {
  const policy = { ...fixedWindow(), hasWindow: false };
  const create = ({ ceiling }: MeterOptions) =>
    new FixedWindow({ ceiling, capacity: ceiling, windowMs: 50, allowanceMs: 0 });
  const { limiter, time } = caseOf([
    { id: 'a', windows: [{ capacity: 1, policy: { ...policy, createMeter: create } }] },
  ]);
  const waiting = [follow(limiter, 'a'), follow(limiter, 'a')];
  await time.advanceTo(100);
  expect(waiting.map(({ atMs }) => atMs)).toEqual([0, 50]);
  expect(limiter.usage().limits[0]?.windows[0]?.windowMs).toBe(0);
});
