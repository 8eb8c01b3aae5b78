import type { VirtualLink } from '@venuekit/connector-kit/testing';
import {
  formatFailure,
  runSeeds,
  runSimulation,
  type Simulation,
  type SimulationPlan,
  type SimulationStep,
  seedsFrom,
  shrinkSimulation,
} from '@venuekit/connector-testkit/simulation';
import { describe, expect, test } from 'vitest';
import {
  authority,
  depthGapsSimulation as simulation,
} from './simulation/depth-gaps/depth-gaps-simulation.ts';
import {
  figuresText,
  mostMs,
  recoveryFigures,
  seedsForPercentile,
} from './simulation/depth-gaps/recovery-times.ts';

/** Seeds of a run; `VENUEKIT_GAP_SEEDS` asks for more. */
const seedCount = Number(process.env.VENUEKIT_GAP_SEEDS ?? 40);

describe('books of which messages are missing', () => {
  test('are right or not live, are live again in time, and leave the others alone', {
    timeout: 60_000 + seedCount * 2_000,
  }, async () => {
    const { counts, failures, seeds } = await runSeeds(simulation, seedsFrom('depth-gaps', seedCount));
    const [failure] = failures;
    if (failure !== undefined) {
      expect.fail(formatFailure(await shrinkSimulation(simulation, failure, { maxRuns: 60 })));
    }
    const figures = recoveryFigures(counts);
    process.stderr.write(`${simulation.name}: ${seeds} seeds, ${figuresText(figures)}\n`);
    expect(figures.count).toBeGreaterThan(seeds / 2);
    expect(counts['live book compared']).toBeGreaterThan(100 * seeds);
    // Of fewer seeds a single slow book would be more than one of a hundred.
    if (seeds >= seedsForPercentile) expect(figures.p99Ms).toBeLessThanOrEqual(mostMs);
  });
});

function open(symbol: string, everyMs: number): SimulationStep {
  return { atMs: 0, kind: 'open', with: { symbol, everyMs, ackMs: 5, deep: false, ticker: false } };
}

function planOf(faults: readonly SimulationStep[]): SimulationPlan {
  return {
    actions: [open('BTC/USDT', 100), open('ETH/USDT', 100)],
    faults,
    switches: { deletions: 'known', frames: 'usual', lateMs: '0', numbers: 'usual' },
  };
}

describe('a plan of one loss', () => {
  const lossOf = (kind: string, count: number): SimulationPlan =>
    planOf([{ atMs: 6_000, kind, with: { symbol: 'BTC/USDT', count } }]);
  const playOf = async (plan: SimulationPlan) => {
    const { counts, violations } = await runSimulation(simulation, 'one', { plan });
    expect(violations).toEqual([]);
    return counts;
  };

  test.each([1, 2, 39, 40])('of %i messages is one hole, shown by the next message', async (count) => {
    const counts = await playOf(lossOf('middle', count));
    expect(counts).toMatchObject({ 'left out "middle"': count, 'hole shown: "middle"': 1 });
    expect(recoveryFigures(counts)).toMatchObject({ count: 1 });
  });

  test('at the end of all messages is found all the same', async () => {
    const counts = await playOf(lossOf('end', 3));
    expect(counts).toMatchObject({ 'left out "end"': 3, 'hole found: "end"': 1 });
  });

  test('is none without a loss', async () => {
    const counts = await playOf(planOf([]));
    expect(Object.keys(counts).filter((name) => name.startsWith('hole'))).toEqual([]);
  });
});

describe('the judge', () => {
  /** The same simulation, but something happens on the way that the venue knows nothing of. */
  const tampered = (tamper: (link: VirtualLink) => void): Simulation => ({
    ...simulation,
    begin: async (stage) => {
      const run = await simulation.begin(stage);
      const link = stage.world.network.link('client', authority);
      stage.world.timers.setTimer(8_000, () => tamper(link), 'tampering');
      return run;
    },
  });
  const firstOf = async (tamper: (link: VirtualLink) => void) => {
    const { violations } = await runSimulation(tampered(tamper), 'judge', { plan: planOf([]) });
    return violations[0]?.invariant;
  };

  test('takes a hole for a false alarm where the venue left nothing out', async () => {
    expect(await firstOf((link) => link.drop('to-client'))).toBe('false-alarm');
  });

  test('sees one digit that is another one', async () => {
    const change = (text: string) => text.replace(/(\d)"\]/, (_, digit) => `${(Number(digit) + 1) % 10}"]`);
    expect(await firstOf((link) => link.edit('to-client', change))).toBe('I5');
  });
});

test('figures of times are those of all of them, rounded up', () => {
  const name = (ms: string) => `live again: in ${ms} ms`;
  const counts = { [name('01000')]: 98, [name('02000')]: 1, [name('03000')]: 1, other: 7 };
  expect(recoveryFigures(counts)).toEqual({ count: 100, p50Ms: 1_000, p99Ms: 2_000, maxMs: 3_000 });
  expect(recoveryFigures({})).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 });
});
