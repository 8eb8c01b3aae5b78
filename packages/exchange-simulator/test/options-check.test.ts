import { expect, test } from 'vitest';
import { createExchangeSimulator, selectPairs, startExchangeSimulator } from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { messageOf } from './refused-options.ts';

const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
const { clock, timers, random } = createHandMadeRuntime();

const synthetic = '"synthetic" or "replay"';
const [pair, other] = selectPairs(2);

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
  [{ market: { ...market, listedAtMs: 8.64e15 + 1 } }, 'market.listedAtMs: expected a whole number of'],
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
  [{ market, dialect: { open() {} } }, 'dialect: expected an object with nameUser and open'],
  [{ market, runtime: { clock, random } }, 'runtime.timers: expected an object with setTimer, got nothing'],
  [{ market, runtime: { clock, timers } }, 'runtime.random: expected an object with next, got nothing'],
  [{ market, record: { write() {}, private: 'yes' } }, 'record.private: expected true or false, got "yes"'],
  [{ market, truth: [] }, 'truth: expected a function, got a list of 0'],
  [{ market, record: {} }, 'record: expected an object with write'],
  [{ market, record: { write() {}, privat: true } }, 'got "privat"; the nearest is private'],
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

test.each([
  [{ commission: 'Quote' }, 'rules.commission: expected quote, base or received, got "Quote"'],
  [{ commission: undefined }, 'rules.commission: expected quote, base or received, got nothing'],
  [{ commission: 'constructor' }, 'rules.commission: expected quote, base or received, got "constructor"'],
  [{ status: 'Normal' }, 'rules.status: expected trading, cancel-only or halted, got "Normal"'],
  [{ status: 1 }, 'rules.status: expected trading, cancel-only or halted, got 1, a number'],
  [{ base: 'USDT' }, 'rules: expected a base and a quote that differ, got USDT for both'],
])('a pair with %j in its rules is refused by name', (change, message) => {
  const pairs = [{ ...pair, rules: { ...pair?.rules, ...change } }];
  expect(messageOf({ market: { ...market, pairs } })).toContain(`BTC/USDT, ${message}`);
});

const upTo = (most: number): string => `expected a whole number from 1 to ${most}`;

test.each([
  [{ homeTicks: 0 }, `homeTicks: ${upTo(1e11)}, got 0`],
  [{ homeTicks: 1.5 }, `homeTicks: ${upTo(1e11)}, got 1.5`],
  [{ homeTicks: 1e11 + 1 }, `homeTicks: ${upTo(1e11)}, got 100000000001`],
  [{ homeTicks: '5' }, `homeTicks: ${upTo(1e11)}, got "5", text`],
  [{ lotsPerDay: Number.NaN }, `lotsPerDay: ${upTo(1e12)}, got NaN`],
  [{ lotsPerDay: 1e12 + 1 }, `lotsPerDay: ${upTo(1e12)}, got 1000000000001`],
  [{ typicalLots: 1e12 + 1 }, `typicalLots: ${upTo(1e12)}, got 1000000000001`],
  [{ typicalLots: undefined }, `typicalLots: ${upTo(1e12)}, got nothing`],
  [{ volatility: 0 }, 'volatility: expected a number above 0, up to 0.2, got 0'],
  [{ volatility: 0.21 }, 'volatility: expected a number above 0, up to 0.2, got 0.21'],
  [{ volatility: '0.1' }, 'volatility: expected a number above 0, up to 0.2, got "0.1", text'],
  [{ activity: 0 }, 'activity: expected a number above 0, up to 50, got 0'],
  [{ activity: 51 }, 'activity: expected a number above 0, up to 50, got 51'],
  [{ activity: Number.NaN }, 'activity: expected a number above 0, up to 50, got NaN'],
])('a pair of %j is refused by name, traded or not', (change, message) => {
  for (const traders of [true, false]) {
    const pairs = [{ ...pair, ...change }];
    expect(messageOf({ market: { ...market, pairs, traders } })).toBe(`pairs: BTC/USDT, ${message}`);
  }
});

test('a pair at the bounds of what there can be has a past and trades', () => {
  const extremes = { homeTicks: 1e11, lotsPerDay: 1e12, typicalLots: 1e12, volatility: 0.2, activity: 50 };
  const runtime = createHandMadeRuntime();
  const pairs = [
    { ...pair!, ...extremes },
    { ...other!, homeTicks: 1, lotsPerDay: 1, typicalLots: 1, volatility: Number.MIN_VALUE },
  ];
  const simulator = createExchangeSimulator({ market: { ...market, pairs, traders: true }, runtime });
  runtime.pass(3_000);
  expect(simulator.pairs).toEqual(['BTC/USDT', 'ETH/USDT']);
  simulator.close();
});

test('what takes a recording may have whatever else it needs', () => {
  class Lines {
    lines: string[] = [];
    writer = 'me';
    get private(): string {
      return 'yes';
    }
    write(text: string): void {
      this.lines.push(text);
    }
  }
  expect(messageOf({ market, record: new Lines() })).toContain('record.private: expected true or false');
  const record = {
    lines: [] as string[],
    write(text: string) {
      this.lines.push(text);
    },
  };
  expect(messageOf({ market, record })).toBe('taken');
  expect(record.lines.join('')).toContain('/api/pro/v1/products');
});

test.each([
  [{ port: -1 }, 'expected port to be a whole number from 0 to 65535, got -1'],
  [{ port: 1.5 }, 'expected port to be a whole number from 0 to 65535, got 1.5'],
  [{ adminPort: 65_536 }, 'expected adminPort to be a whole number from 0 to 65535, got 65536'],
  [{ host: '' }, 'host: expected an address as text, got ""'],
])('nobody can listen at %j', async (where, message) => {
  await expect(startExchangeSimulator({ market, ...where })).rejects.toMatchObject({
    code: 'invalid-options',
    message: expect.stringContaining(message) as unknown,
  });
});

test('a world has eight pairs if nobody says how many', () => {
  const simulator = createExchangeSimulator({ market: { kind: 'synthetic', seed: 1, traders: false } });
  expect(simulator.pairs.length).toBe(8);
  simulator.close();
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
