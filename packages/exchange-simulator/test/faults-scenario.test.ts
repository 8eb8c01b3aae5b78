import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFault, faultKinds, formatFault, parseFault } from '../src/faults/fault.ts';
import { faultCatalogue } from '../src/faults/fault-catalogue.ts';
import { randomScenario } from '../src/faults/fault-scenario.ts';
import {
  type FaultClient,
  type FaultStage,
  flush,
  openStage,
  type Transport,
  transports,
} from './fault-stage.ts';

test('the same seed draws the same scenario, and another seed another', () => {
  const options = { seconds: 60, symbols: ['A/B', 'C/D'] };
  expect(randomScenario(1, options)).toEqual(randomScenario(1, options));
  expect(randomScenario(1, options)).not.toEqual(randomScenario(2, options));
});

test('every scenario makes sense, is in order and ends in its time; its text gives it back', () => {
  const kindsSeen = new Set<string>();
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 300 }), (seed, seconds) => {
      const { faults } = randomScenario(seed, { seconds, symbols: ['A/B'] });
      expect(faults.length).toBeGreaterThan(0);
      let before = 0;
      for (const fault of faults) {
        kindsSeen.add(fault.kind);
        expect(checkFault(fault)).toBe(fault);
        expect(parseFault(formatFault(fault))).toEqual(fault);
        expect(fault.atSeconds).toBeGreaterThanOrEqual(before);
        expect(fault.atSeconds + (fault.durationSeconds ?? 0)).toBeLessThanOrEqual(seconds + 1e-9);
        if (
          faultCatalogue[fault.kind].lasts === 'while' &&
          faultCatalogue[fault.kind].parts.includes('durationSeconds')
        )
          expect(fault.durationSeconds).toBeGreaterThan(0);
        before = fault.atSeconds;
      }
    }),
    { numRuns: 300 },
  );
  expect([...kindsSeen].sort()).toEqual([...faultKinds].sort());
});

test('only what is asked for is drawn', () => {
  const { faults } = randomScenario('some', { seconds: 1_000, kinds: ['drop', 'halt'], most: 400 });
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['drop', 'halt']));
  expect(faults.every(({ symbol }) => symbol === undefined)).toBe(true);
});

test.each([
  [{ seconds: 0 }, /seconds: expected a number above 0, up to 1000000000, got 0/],
  [{ seconds: Number.NaN }, /seconds/],
  [{ seconds: 1e10 }, /seconds/],
  [{ seconds: '5' as never }, /seconds: .*got "5", text/],
  [{ seconds: 5, kinds: [] }, /kinds/],
  [{ seconds: 5, kinds: ['explode'] }, /expected a kind of fault, got "explode"/],
  [{ seconds: 5, kinds: [['drop']] as never }, /expected a kind of fault, got a list of 1/],
  [{ seconds: 5, most: 0 }, /most/],
  [{ seconds: 5, most: 100_001 }, /most: expected a whole number from 1 to 100000/],
])('%j is refused', (options, message) => {
  expect(() => randomScenario(1, options as never)).toThrow(message);
});

/** What strikes connections and messages, whatever carries them. Of slices and pings there is nothing to see in memory. */
const bothWays = faultKinds.filter((kind) => {
  const { place } = faultCatalogue[kind];
  const isSeenOnSocketsOnly = ['sliced-frame', 'ping-flood', 'deep-frame', 'huge-frame'].includes(kind);
  return (place === 'frames' || place === 'sockets') && !isSeenOnSocketsOnly;
});

/** What a client hears in ten seconds of a scenario, with whatever comes between. */
async function listen(transport: Transport, seed: number): Promise<readonly unknown[]> {
  const stage = await openStage(transport);
  stage.dialect.venue.market.start();
  const { faults } = randomScenario(seed, { seconds: 10, kinds: bothWays, most: 8 });
  for (const fault of faults) stage.inject(fault);
  const heard: unknown[] = [];
  let client: FaultClient | number | string = 'none';
  for (let round = 0; round < 40; round += 1) {
    if (typeof client !== 'object' || client.ended !== undefined) {
      client = await stage.connect();
      await stage.pass(0);
      heard.push(typeof client === 'object' ? 'open' : client);
    }
    for (const channel of ['order', 'depth'])
      stage.dialect.publish(`{"m":"${channel}","data":{"n":"${round}","w":"Word"}}`, { channel });
    await stage.pass(250);
    if (typeof client !== 'object') continue;
    await Promise.race([client.gone(), settled(stage, client)]);
    heard.push([...client.texts].slice(-6), client.ended);
  }
  return [heard, stage.fired];
}

/** A stream that is not read answers nothing, not even a ping; then what comes after a request has come, too. */
async function settled(stage: FaultStage, client: FaultClient): Promise<void> {
  const { states } = stage.dialect.venue.faults;
  if (!states.some(({ fault }) => ['half-open', 'deaf'].includes(fault.kind))) return client.settle();
  await stage.ask('GET', '/time');
  await flush();
}

describe('the same scenario has the same effect in memory and over sockets', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', async (seed) => {
    const [inMemory, overSockets] = [await listen(transports[0]!, seed), await listen(transports[1]!, seed)];
    expect(overSockets).toEqual(inMemory);
  });
});
