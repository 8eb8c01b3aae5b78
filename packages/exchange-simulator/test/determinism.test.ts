import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExchangeSimulator, type Fault, faultKinds, type TruthEntry } from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory } from './memory-client.ts';

interface Run {
  /** Lets a tenth of a second pass. */
  step(): void;
  /** Everything that left the simulator, REST included. */
  readonly output: () => Promise<string>;
}

/** Faults of every kind but those that end the session, one a second. */
const faults: readonly Fault[] = faultKinds
  .filter((kind) => !['drop', 'silence', 'mute', 'refuse'].includes(kind))
  .map((kind, index) => ({ kind, atSeconds: index + 1 }));

function begin(seed: string | number): Run {
  const runtime = createHandMadeRuntime();
  const truth: TruthEntry[] = [];
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed, pairs: 4 },
    runtime,
    faults,
    truth: (entry) => truth.push(entry),
  });
  const client = connectInMemory(simulator);
  client.follow(['BTC/USDT', 'ETH/USDT', 'SHIB/USDT']);
  let steps = 0;
  return {
    step() {
      runtime.pass(100);
      steps += 1;
      if (steps % 20 === 0)
        client.send({ op: 'req', action: 'depth-snapshot', args: { symbol: 'BTC/USDT' } });
    },
    async output() {
      const rest = await simulator.fetch(new Request('http://v.test/api/pro/v1/trades?symbol=BTC/USDT'));
      const answer = await rest.text();
      simulator.close();
      const facts = truth.map((entry) =>
        JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
      );
      return [...client.texts, ...facts, answer].join('\n');
    },
  };
}

async function alone(seed: string | number): Promise<string> {
  const run = begin(seed);
  for (let step = 0; step < 200; step += 1) run.step();
  return run.output();
}

test('one seed and one clock give the same bytes, also while a simulator of another seed runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.string(),
      fc.array(fc.boolean(), { minLength: 10, maxLength: 400 }),
      async (seed, otherSeed, turns) => {
        const expected = [await alone(seed), await alone(otherSeed)];
        const runs = [begin(seed), begin(otherSeed)];
        const left = [200, 200];
        for (let turn = 0; left[0] || left[1]; turn += 1) {
          const wanted = turns[turn % turns.length] ? 1 : 0;
          const chosen = left[wanted] ? wanted : 1 - wanted;
          runs[chosen]?.step();
          left[chosen] = (left[chosen] ?? 0) - 1;
        }
        expect(await runs[1]?.output()).toBe(expected[1]);
        expect(await runs[0]?.output()).toBe(expected[0]);
      },
    ),
    { numRuns: 8 },
  );
});

test('another seed gives other bytes', async () => {
  const [one, same, other] = [await alone('a'), await alone('a'), await alone('b')];
  expect(one.length).toBeGreaterThan(20_000);
  expect(one).toBe(same);
  expect(one).not.toBe(other);
});
