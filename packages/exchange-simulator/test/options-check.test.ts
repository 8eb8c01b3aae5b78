import { isVenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createExchangeSimulator, selectPairs, startExchangeSimulator } from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';

const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;

function messageOf(options: unknown): string {
  try {
    createExchangeSimulator(options as never).close();
  } catch (error) {
    if (isVenueError(error) && error.code === 'invalid-options') return error.message;
    throw error;
  }
  return 'taken';
}

const synthetic = '"synthetic" or "replay"';
const [pair] = selectPairs(1);

test.each([
  [null, 'options: expected an object, got null'],
  [{}, 'market: expected an object, got nothing'],
  [{ market: 'synthetic' }, 'market: expected an object, got "synthetic"'],
  [{ market: {} }, `market.kind: expected ${synthetic}, got nothing`],
  [{ market: { kind: 'real' } }, `market.kind: expected ${synthetic}, got "real"`],
  [{ market: { kind: 'constructor' } }, `market.kind: expected ${synthetic}, got "constructor"`],
  [{ market, user: [] }, 'expected only market, dialect, users,'],
  [{ market, user: [] }, 'got "user"; the nearest is users'],
  [{ market: { ...market, sead: 1 } }, 'market: expected only kind, seed, pairs,'],
  [{ market: { ...market, sead: 1 } }, 'got "sead"; the nearest is seed'],
  [{ market: { ...market, seed: Number.NaN } }, 'market.seed: expected text or a finite number, got NaN'],
  [{ market: { kind: 'synthetic' } }, 'market.seed: expected text or a finite number, got nothing'],
  [{ market: { ...market, traders: 'no' } }, 'market.traders: expected true or false, got "no", text'],
  [{ market: { ...market, listedAtMs: 1.5 } }, 'market.listedAtMs: expected a whole number of milliseconds'],
  [{ market: { ...market, pairs: '3' } }, 'expected a whole number or a list of pairs, got "3", text'],
  [{ market: { ...market, pairs: [null] } }, 'pairs[0]: expected an object, got null'],
  [{ market: { ...market, pairs: [{ symbol: 'A/B' }] } }, 'pairs[0].rules: expected an object, got nothing'],
  [
    { market: { ...market, pairs: [{ ...pair, rules: { ...pair?.rules, base: 5 } }] } },
    'BTC/USDT, rules.base: expected text that is not empty, got 5, a number',
  ],
  [{ market: { ...market, bars: { X: {} } } }, 'market.bars: expected only BTC/USDT, got "X"'],
  [
    { market: { ...market, bars: { 'BTC/USDT': {} } } },
    'expected what parseBarsCsv gives, got an empty object',
  ],
  [{ market: { ...market, reference: { X: {} } } }, 'market.reference: expected only BTC/USDT, got "X"'],
  [{ market: { ...market, reference: { 'BTC/USDT': {} } } }, 'expected an object with priceAt'],
  [{ market, dialect: {} }, 'dialect: expected an object with nameUser and open, got an empty object'],
  [{ market, runtime: {} }, 'runtime.clock: expected an object with now and monotonic, got nothing'],
  [{ market, truth: [] }, 'truth: expected a function, got a list of 0'],
  [{ market, record: {} }, 'record: expected an object with write'],
  [{ market, faults: 'drop@0' }, 'faults: expected a list, got "drop@0"'],
  [{ market, faults: ['drop@0'] }, 'expected an object with kind and atSeconds, got "drop@0"'],
  [{ market, fees: { maker: 0, taker: 0 } }, 'fees.maker: expected a decimal as text, got 0, a number'],
  [{ market, users: 5 }, 'users: expected a list, got 5'],
  [{ market, users: [{ balances: { XYZ: '1' } }] }, 'expected assets among BTC, USDT, got "XYZ"'],
  [{ market, users: [{ uid: 'U1' }, { uid: 'U1' }] }, 'users: expected each uid once, got U1 twice'],
  [{ market, users: [{ keys: [{ key: 'k' }, { key: 'k' }] }] }, 'users: expected each key once, got k twice'],
  [{ market: { kind: 'replay' } }, 'market.session: expected an object, got nothing'],
  [{ market: { kind: 'replay', session: { items: [] } } }, 'market.products: expected a list, got nothing'],
  [
    { market: { kind: 'replay', session: { items: [] }, products: [], speed: '1' } },
    'expected speed to be a number above 0 or \'max\', got "1", text',
  ],
])('%j is refused by name', (options, message) => {
  expect(messageOf(options)).toContain(message);
});

test('where to listen is an option of what listens, and checked there', async () => {
  expect(messageOf({ market, port: 0 })).toContain('got "port"');
  await expect(startExchangeSimulator({ market, host: 5 as never })).rejects.toThrow(
    /host: expected an address as text, got 5, a number/,
  );
  await expect(startExchangeSimulator({ market, prot: 5 } as never)).rejects.toThrow(
    /got "prot"; the nearest is port/,
  );
});

test('a pair that is listed in the future has no past, and is traded all the same', async () => {
  const runtime = createHandMadeRuntime();
  const listedAtMs = runtime.clock.now() + 86_400_000;
  const simulator = createExchangeSimulator({ market: { ...market, listedAtMs, traders: true }, runtime });
  runtime.pass(10_000);
  const bars = await simulator.fetch(
    new Request(`http://venue.test/api/pro/v1/barhist?symbol=BTC/USDT&interval=5&from=0&to=${listedAtMs}`),
  );
  const { data } = (await bars.json()) as { data: { data: { ts: number } }[] };
  expect(Math.min(...data.map((bar) => bar.data.ts))).toBeGreaterThan(listedAtMs - 86_400_000 - 300_001);
  simulator.close();
});
