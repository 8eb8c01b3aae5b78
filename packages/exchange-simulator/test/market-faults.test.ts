import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { expect, test } from 'vitest';
import { createExchange } from '../src/exchange.ts';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  type Fault,
  loadReplay,
  parseFault,
  type SimulatorOptions,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory, type MemoryClient, seqnumOf } from './memory-client.ts';

const symbols = ['BTC/USDT', 'ETH/USDT'];

interface World {
  readonly runtime: HandMadeRuntime;
  readonly simulator: ExchangeSimulator;
  readonly client: MemoryClient;
}

function make(options: Partial<SimulatorOptions> = {}): World {
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'faults', pairs: 2 },
    runtime,
    ...options,
  });
  return { runtime, simulator, client: connectInMemory(simulator) };
}

async function makeReplay(...faults: readonly Fault[]): Promise<World> {
  const { sessionFile, productsFile } = syntheticSession;
  const replay = await loadReplay({ sessionFile, productsFile });
  return make({ market: { kind: 'replay', ...replay, speed: 1 }, faults });
}

function steps(numbers: readonly bigint[]): bigint[] {
  return numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0n));
}

function askBook({ client }: World, symbol: string): bigint | undefined {
  const before = client.named('depth-snapshot', symbol).length;
  client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
  const answer = client.named('depth-snapshot', symbol)[before];
  return answer === undefined ? undefined : seqnumOf(answer);
}

async function askRest({ simulator }: World, symbol: string): Promise<bigint> {
  const answer = await simulator.fetch(new Request(`http://v.test/api/pro/v1/depth?symbol=${symbol}`));
  return seqnumOf(await answer.text());
}

test('epoch: every book goes on with lower numbers, and every answer agrees with the stream', async () => {
  const world = make();
  world.client.follow(symbols);
  world.simulator.inject(parseFault('epoch@5'));
  world.runtime.pass(20_000);
  for (const symbol of symbols) {
    const numbers = world.client.depthNumbers(symbol);
    const odd = steps(numbers).filter((step) => step !== 1n);
    expect(odd).toHaveLength(1);
    expect(odd[0]).toBeLessThan(0n);
    expect(askBook(world, symbol)).toBe(numbers.at(-1));
    expect(await askRest(world, symbol)).toBe(numbers.at(-1));
  }
  expect(world.simulator.stats.faults.epoch).toBe(2);
  expect(world.runtime.draws).toEqual([...symbols, ...symbols].sort().map((symbol) => `epoch ${symbol}`));
});

test('epoch: one symbol may be meant, and the distance is near or far as chance decides', () => {
  const distances = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((salt) => {
    const runtime = createHandMadeRuntime(salt);
    const world = { ...make({ runtime }), runtime };
    world.client.follow(symbols);
    world.runtime.pass(5_000);
    world.simulator.inject({ kind: 'epoch', atSeconds: 0, symbol: 'ETH/USDT' });
    world.runtime.pass(15_000);
    expect(steps(world.client.depthNumbers('BTC/USDT')).every((step) => step === 1n)).toBe(true);
    return 1 - Number(steps(world.client.depthNumbers('ETH/USDT')).find((step) => step !== 1n));
  });
  const near = distances.filter((distance) => distance <= 50);
  const far = distances.filter((distance) => distance >= 1_000 && distance <= 1_001_000);
  expect(near.length + far.length).toBe(10);
  expect(Math.min(near.length, far.length)).toBeGreaterThan(0);
  expect(Math.min(...near)).toBeGreaterThanOrEqual(2);
});

test('epoch: a recording goes on with lower numbers, in frames and in books, also before its clock starts', async () => {
  const straight = await makeReplay();
  const broken = await makeReplay({ kind: 'epoch', atSeconds: 10 });
  const early = await makeReplay();
  early.simulator.inject({ kind: 'epoch', atSeconds: 0 });
  for (const { client, runtime } of [straight, broken, early]) {
    client.follow(symbols);
    runtime.pass(40_000);
  }
  for (const symbol of symbols) {
    const numbers = broken.client.depthNumbers(symbol);
    const odd = steps(numbers).filter((step) => step !== 1n);
    expect(odd).toHaveLength(1);
    expect(odd[0]).toBeLessThan(0n);
    expect(askBook(broken, symbol)).toBe(numbers.at(-1));
    const recorded = straight.client.depthNumbers(symbol);
    const lower = early.client.depthNumbers(symbol);
    const back = (recorded[0] ?? 0n) - (lower[0] ?? 0n);
    expect(back).toBeGreaterThan(1n);
    expect(lower.map((number) => number + back)).toEqual(recorded);
    const books = [straight, early].map(({ client }) =>
      seqnumOf(client.named('depth-snapshot', symbol)[0] ?? ''),
    );
    expect(books[0]).toBe((books[1] ?? 0n) + back);
  }
  expect(levelsOf(broken)).toEqual(levelsOf(straight));
});

/** Depth frames without their numbers: a restart changes nothing else. */
function levelsOf({ client }: World): string[] {
  return client.named('depth').map((text) => text.replace(/"seqnum":\d+/, '').replaceAll(' ', ''));
}

test('mute: one channel of one symbol is dead for a while, and its numbers go on', () => {
  const world = make();
  const other = make();
  for (const { client } of [world, other]) client.follow(symbols);
  world.simulator.inject(parseFault('mute@5+10:depth:BTC/USDT'));
  for (const { runtime } of [world, other]) runtime.pass(5_000);
  const before = world.client.depthNumbers('BTC/USDT').length;
  for (const { runtime } of [world, other]) runtime.pass(9_900);
  expect(world.client.depthNumbers('BTC/USDT')).toHaveLength(before);
  const book = askBook(world, 'BTC/USDT') ?? 0n;
  expect(book).toBeGreaterThan(world.client.depthNumbers('BTC/USDT').at(-1) ?? 0n);
  for (const { runtime } of [world, other]) runtime.pass(10_000);
  const odd = steps(world.client.depthNumbers('BTC/USDT')).filter((step) => step !== 1n);
  expect(odd).toHaveLength(1);
  const missed = Number(odd[0]) - 1;
  expect(missed).toBeGreaterThan(3);
  for (const [name, symbol] of [
    ['depth', 'ETH/USDT'],
    ['trades', 'BTC/USDT'],
    ['bbo', 'BTC/USDT'],
  ] as const)
    expect(world.client.named(name, symbol)).toEqual(other.client.named(name, symbol));
  const { depth, faults, frames } = world.simulator.stats;
  expect(depth['BTC/USDT']?.leftOut).toBe(missed);
  expect([faults.mute, frames.withheld]).toEqual([1, missed]);
});

test('mute: without a channel all of them are dead, without a symbol everywhere, without a duration for good', () => {
  const world = make();
  world.client.follow(symbols);
  world.runtime.pass(2_000);
  world.simulator.inject({ kind: 'mute', atSeconds: 0, symbol: 'BTC/USDT' });
  const published = (symbol: string): number =>
    ['depth', 'trades', 'bbo'].reduce((sum, name) => sum + world.client.named(name, symbol).length, 0);
  const before = symbols.map(published);
  world.runtime.pass(14_000);
  const after = symbols.map(published);
  expect([after[0], (after[1] ?? 0) > (before[1] ?? 0)]).toEqual([before[0], true]);
  world.simulator.inject({ kind: 'mute', atSeconds: 0 });
  world.runtime.pass(14_000);
  expect(symbols.map(published)).toEqual(after);
  world.client.send({ op: 'ping' });
  expect(world.client.named('pong')).toHaveLength(1);
});

test('mute: a recorded channel is dead, too', async () => {
  const world = await makeReplay(parseFault('mute@5:trades:BTC/USDT'));
  const straight = await makeReplay();
  for (const { client, runtime } of [world, straight]) {
    client.follow(symbols);
    runtime.pass(40_000);
  }
  expect(world.client.named('trades', 'BTC/USDT').length).toBeLessThan(
    straight.client.named('trades', 'BTC/USDT').length,
  );
  expect(world.client.named('depth')).toEqual(straight.client.named('depth'));
});

test('lost-confirmation: the subscription is taken and not confirmed, until the fault is over', () => {
  const world = make();
  world.simulator.inject(parseFault('lost-confirmation@0+5:depth'));
  world.client.follow(['BTC/USDT']);
  world.runtime.pass(3_000);
  expect(world.client.named('sub')).toEqual([
    '{"m":"sub","ch":"trades:BTC/USDT","code":0}',
    '{"m":"sub","ch":"bbo:BTC/USDT","code":0}',
  ]);
  expect(world.client.depthNumbers('BTC/USDT').length).toBeGreaterThan(2);
  world.runtime.pass(3_000);
  world.client.send({ op: 'sub', ch: 'depth:BTC/USDT,ETH/USDT' });
  expect(world.client.named('sub')).toHaveLength(4);
  expect(world.simulator.stats.faults['lost-confirmation']).toBe(1);
});

test('lost-confirmation: of several symbols only the one that is meant', () => {
  const world = make();
  world.simulator.inject({ kind: 'lost-confirmation', atSeconds: 0, symbol: 'ETH/USDT' });
  world.client.send({ op: 'sub', ch: `depth:${symbols}` });
  expect(world.client.named('sub')).toEqual(['{"m":"sub","ch":"depth:BTC/USDT","code":0}']);
});

test('lost-confirmation: a recorded confirmation is lost as well', async () => {
  const world = await makeReplay();
  world.simulator.inject({ kind: 'lost-confirmation', atSeconds: 0, channel: 'depth' });
  world.client.follow(symbols);
  world.runtime.pass(20_000);
  expect(world.client.named('sub').some((text) => text.includes('depth:'))).toBe(false);
  expect(world.client.depthNumbers('BTC/USDT').length).toBeGreaterThan(5);
});

test('ignored-subscription: nothing is said and nothing comes, until it is asked for again', () => {
  const world = make();
  world.simulator.inject(parseFault('ignored-subscription@0+5:BTC/USDT'));
  world.client.send({ op: 'sub', ch: `depth:${symbols}` });
  world.runtime.pass(10_000);
  expect(world.client.named('sub')).toEqual(['{"m":"sub","ch":"depth:ETH/USDT","code":0}']);
  expect(world.client.depthNumbers('BTC/USDT')).toEqual([]);
  world.client.send({ op: 'sub', ch: 'depth:BTC/USDT' });
  world.runtime.pass(5_000);
  expect(world.client.depthNumbers('BTC/USDT').length).toBeGreaterThan(2);
  expect(world.simulator.stats.faults['ignored-subscription']).toBe(1);
});

test('refused-subscription: each symbol is refused by name, and nothing comes', () => {
  const world = make();
  world.simulator.inject(parseFault('refused-subscription@0'));
  world.client.send({ op: 'sub', id: '7', ch: `depth:${symbols}` });
  world.runtime.pass(5_000);
  expect(world.client.named('sub')).toEqual(
    symbols.map(
      (symbol) =>
        `{"m":"sub","id":"7","ch":"depth:${symbol}","code":100005,"reason":"depth:${symbol} cannot be subscribed to now"}`,
    ),
  );
  expect(world.client.named('depth')).toEqual([]);
  expect(world.simulator.stats.faults['refused-subscription']).toBe(2);
});

test('lost-snapshot: the book never comes on the stream, and REST still gives it', async () => {
  const world = make();
  world.simulator.inject(parseFault('lost-snapshot@0+5:BTC/USDT'));
  world.client.follow(symbols);
  world.runtime.pass(30_000);
  expect(world.client.named('depth-snapshot', 'BTC/USDT')).toEqual([]);
  expect(world.client.named('depth-snapshot', 'ETH/USDT')).toHaveLength(1);
  expect(await askRest(world, 'BTC/USDT')).toBe(world.client.depthNumbers('BTC/USDT').at(-1));
  expect(askBook(world, 'BTC/USDT')).toBe(world.client.depthNumbers('BTC/USDT').at(-1));
  expect(world.simulator.stats.faults['lost-snapshot']).toBe(1);
});

test('lost-snapshot: a recorded book is lost, and the recorded clock goes on', async () => {
  const world = await makeReplay();
  world.simulator.inject({ kind: 'lost-snapshot', atSeconds: 0, symbol: 'BTC/USDT' });
  world.client.follow(symbols);
  world.runtime.pass(40_000);
  await world.simulator.finished;
  expect(world.client.named('depth-snapshot', 'BTC/USDT')).toEqual([]);
  expect(world.client.named('depth-snapshot', 'ETH/USDT')).toHaveLength(1);
});

test('old-snapshot: the same old book comes again and again, until the fault is over', async () => {
  const world = make();
  world.client.follow(symbols);
  world.runtime.pass(5_000);
  const old = world.client.depthNumbers('BTC/USDT').at(-1);
  world.simulator.inject(parseFault('old-snapshot@0+10:BTC/USDT'));
  world.runtime.pass(3_000);
  expect(askBook(world, 'BTC/USDT')).toBe(old);
  world.runtime.pass(5_000);
  expect(askBook(world, 'BTC/USDT')).toBe(old);
  const newest = world.client.depthNumbers('BTC/USDT').at(-1);
  expect(newest).toBeGreaterThan((old ?? 0n) + 5n);
  expect(await askRest(world, 'BTC/USDT')).toBe(newest);
  expect(askBook(world, 'ETH/USDT')).toBe(world.client.depthNumbers('ETH/USDT').at(-1));
  world.runtime.pass(5_000);
  expect(askBook(world, 'BTC/USDT')).toBe(world.client.depthNumbers('BTC/USDT').at(-1));
  expect(world.simulator.stats.faults['old-snapshot']).toBe(2);
});

test('old-snapshot: whoever has an old book is not struck by a gap', () => {
  const world = make();
  world.simulator.inject({ kind: 'old-snapshot', atSeconds: 0, symbol: 'BTC/USDT' });
  world.client.follow(symbols);
  world.simulator.inject({ kind: 'gap', atSeconds: 0 });
  world.runtime.pass(10_000);
  expect(world.simulator.stats.faults.gap).toBe(1);
});

test('a gap, a duplicate, a reorder, a broken frame and a slow book of one symbol spare the others', () => {
  for (const kind of ['gap', 'duplicate', 'reorder', 'malformed'] as const) {
    const world = make();
    world.client.follow(symbols);
    world.simulator.inject({ kind, atSeconds: 1, symbol: 'ETH/USDT' });
    world.runtime.pass(20_000);
    expect(steps(world.client.depthNumbers('BTC/USDT')).every((step) => step === 1n)).toBe(true);
    expect(world.simulator.stats.faults[kind]).toBe(1);
  }
  const world = make();
  world.simulator.inject({ kind: 'slow-snapshot', atSeconds: 0, durationSeconds: 3, symbol: 'ETH/USDT' });
  world.client.follow(symbols);
  world.runtime.pass(2_999);
  expect(world.client.named('depth-snapshot')).toHaveLength(1);
  world.runtime.pass(1);
  expect(world.client.named('depth-snapshot', 'ETH/USDT')).toHaveLength(1);
});

test('what lasts for a time is over in time, also where nobody follows a book', () => {
  const world = make();
  const { client, runtime, simulator } = world;
  client.send({ op: 'sub', ch: 'trades:BTC/USDT' });
  simulator.inject(parseFault('mute@0+1:trades'));
  simulator.inject(parseFault('silence@0+2'));
  simulator.inject(parseFault('refused-subscription@0+3'));
  runtime.pass(2_000);
  client.send({ op: 'ping' });
  expect(client.named('pong')).toHaveLength(1);
  runtime.pass(10_000);
  expect(client.named('trades').length).toBeGreaterThan(0);
  client.send({ op: 'sub', ch: 'depth:ETH/USDT' });
  expect(client.named('sub').at(-1)).toBe('{"m":"sub","ch":"depth:ETH/USDT","code":0}');
});

test('in a replay, what lasts for a time lasts by the recorded clock, which stands still without a client', async () => {
  const { client, runtime, simulator } = await makeReplay();
  simulator.inject(parseFault('refused-subscription@0+5'));
  runtime.pass(10_000);
  client.send({ op: 'sub', ch: 'depth:BTC/USDT' });
  expect(client.named('sub').at(-1)).toContain('"code":100005');
});

test('slow-snapshot: of several the newest holds for its symbols, and the older one again when that is over', () => {
  const { faults } = createExchange({
    ...{ market: { kind: 'synthetic', seed: 'slow', pairs: 2 }, runtime: createHandMadeRuntime() },
  });
  const delays = (): readonly number[] => symbols.map((symbol) => faults.snapshotDelayMs(symbol));
  const inject = (fault: Partial<Fault>): number =>
    faults.inject({ kind: 'slow-snapshot', atSeconds: 0, ...fault });
  const all = inject({ durationSeconds: 3 });
  const one = inject({ durationSeconds: 1, symbol: 'BTC/USDT' });
  expect(delays()).toEqual([1_000, 3_000]);
  faults.end(one);
  expect(delays()).toEqual([3_000, 3_000]);
  inject({ durationSeconds: 0, symbol: 'BTC/USDT' });
  expect(delays()).toEqual([0, 3_000]);
  faults.end(all);
  expect(delays()).toEqual([0, 0]);
  inject({});
  expect(delays()).toEqual([2_000, 2_000]);
  inject({ durationSeconds: 0 });
  expect([delays(), faults.states]).toEqual([[0, 0], []]);
});

test('a symbol without a market is refused by name', () => {
  const { simulator } = make();
  expect(() => simulator.inject({ kind: 'mute', atSeconds: 0, symbol: 'NO/NE' })).toThrow(
    'mute: expected a symbol that has a market here, got "NO/NE"',
  );
});
