import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  loadReplay,
  parseRecording,
  type ReplayMarket,
  type SimulatorOptions,
  type SyntheticMarket,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime, startMs } from './hand-made-runtime.ts';
import { connectInMemory, seqnumOf } from './memory-client.ts';
import { TruthModel } from './models/truth-model.ts';
import { WireBook } from './models/wire-book.ts';
import { closeAll, connectTo, replaySymbols, startReplay } from './running-simulator.ts';
import { product } from './stream-stage.ts';

afterEach(closeAll);

const symbols = ['BTC/USDT', 'ETH/USDT', 'SHIB/USDT'];
const synthetic: SyntheticMarket = { kind: 'synthetic', seed: 'truth', pairs: 3 };

interface World {
  readonly truth: TruthModel;
  readonly runtime: HandMadeRuntime;
  readonly simulator: ExchangeSimulator;
}

function make(options: Partial<SimulatorOptions> = {}): World {
  const truth = new TruthModel();
  const runtime = createHandMadeRuntime();
  return {
    truth,
    runtime,
    simulator: createExchangeSimulator({ market: synthetic, runtime, truth: truth.take, ...options }),
  };
}

async function recorded(options: Partial<ReplayMarket> = {}): Promise<ReplayMarket> {
  const { sessionFile, productsFile } = syntheticSession;
  return { kind: 'replay', ...(await loadReplay({ sessionFile, productsFile })), speed: 1, ...options };
}

/** Follows everything, and compares the book of every client frame with the truth while it is delivered. */
function judge({ truth, simulator }: World, names: readonly string[]): { readonly compared: number } {
  const books = new Map(names.map((symbol) => [symbol, new WireBook()]));
  let compared = 0;
  let wrong: unknown;
  const client = connectInMemory(simulator, {
    onText(text) {
      if (!/^\{"m":"depth/.test(text)) return;
      const symbol = /"symbol":"([^"]+)"/.exec(text)?.[1] ?? '';
      const book = books.get(symbol);
      if (book?.take(text) !== true) return;
      try {
        // The present one and not one to come: the truth is told before any client.
        expect(book.seqnum).toBe(truth.seqnum(symbol));
        expect(book.text).toBe(truth.bookAt(symbol, book.epoch, book.seqnum ?? 0n));
        compared += 1;
      } catch (error) {
        // What a sink throws cuts its stream and goes no further.
        wrong ??= error;
      }
    },
  });
  client.follow(names);
  return {
    get compared() {
      if (wrong !== undefined) throw wrong;
      return compared;
    },
  };
}

test('a client that loses nothing has the true book after every frame, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, pairs) => {
      const world = make({ market: { kind: 'synthetic', seed, pairs } });
      const first = world.truth.of('book').map(({ symbol }) => symbol);
      const judged = judge(world, first);
      world.runtime.pass(30_000);
      world.simulator.close();
      expect(judged.compared).toBeGreaterThan(30);
      expect(world.truth.gaps).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test('the book goes on being true over restarts of the feed', () => {
  const world = make();
  const judged = judge(world, symbols);
  for (let round = 0; round < 20; round += 1) {
    world.runtime.pass(3_000);
    world.simulator.inject({ kind: 'epoch', atSeconds: 0 });
  }
  expect(judged.compared).toBeGreaterThan(100);
  expect(world.truth.of('book').filter(({ whole }) => whole)).toHaveLength(3 * 21);
});

test('a recorded session has the same truth: books, trades and best prices', async () => {
  const world = make({ market: await recorded() });
  expect(world.truth.of('book').map(({ symbol, whole }) => [symbol, whole])).toEqual(
    expect.arrayContaining(replaySymbols.map((symbol) => [symbol, true])),
  );
  const judged = judge(world, replaySymbols);
  world.runtime.pass(40_000);
  await world.simulator.finished;
  expect(judged.compared).toBeGreaterThan(300);
  expect(world.truth.gaps).toBe(0);
});

test('books that are kept from everybody are true all the same', async () => {
  const hidden: bigint[] = [];
  const market = await recorded({
    removeDepth: (symbol, seqnum) => symbol === 'BTC/USDT' && seqnum % 5n === 0n && hidden.push(seqnum) > 0,
  });
  const { truth, runtime, simulator } = make({ market });
  const client = connectInMemory(simulator);
  client.follow(['BTC/USDT']);
  runtime.pass(40_000);
  const told = truth.of('book').filter(({ symbol, whole }) => symbol === 'BTC/USDT' && !whole);
  const heard = client.depthNumbers('BTC/USDT');
  const missed = told.map(({ seqnum }) => seqnum).filter((seqnum) => !heard.includes(seqnum));
  expect(missed.length).toBeGreaterThan(5);
  const [first = 0n] = told.map(({ seqnum }) => seqnum);
  expect(missed).toEqual(hidden.filter((seqnum) => seqnum >= first));
});

test.each(['synthetic', 'replay'] as const)(
  'the trades of a %s are those that are published',
  async (kind) => {
    const world = make({ market: kind === 'synthetic' ? synthetic : await recorded() });
    const client = connectInMemory(world.simulator);
    client.follow(symbols);
    world.runtime.pass(30_000);
    for (const symbol of symbols) {
      const published = client.named('trades', symbol).flatMap((text) => {
        const { data } = JSON.parse(text.replaceAll(/"seqnum":(\d+)/g, '"seqnum":"$1"')) as {
          data: object[];
        };
        return data;
      });
      const told = world.truth.of('trade').filter((trade) => trade.symbol === symbol);
      expect(published.length).toBeGreaterThan(0);
      expect(
        told.map(({ seqnum, timeMs, price, amount, buyerIsMaker }) => ({
          p: price,
          q: amount,
          ts: timeMs,
          bm: buyerIsMaker,
          seqnum,
        })),
      ).toEqual(published);
    }
  },
);

test('the best prices of a synthetic market are those of its book', () => {
  const { truth, runtime, simulator } = make();
  const client = connectInMemory(simulator);
  client.follow(symbols);
  runtime.pass(30_000);
  const told = truth.of('best').filter(({ symbol }) => symbol === 'BTC/USDT');
  const published = client.named('bbo', 'BTC/USDT').map((text) => JSON.parse(text).data as object);
  expect(told.length).toBeGreaterThan(5);
  expect(told.map(({ timeMs: ts, bid, ask }) => ({ ts, bid, ask }))).toEqual(published);
});

test('best prices of a recording are read from it; a side that is missing is absent', () => {
  const lines = [
    'wss://v/s <- 100: {"op":"sub","ch":"depth:A/B"}',
    '100: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[["2","1"],["1.5","1"]],"bids":[]}}',
    '101: {"m":"bbo","symbol":"A/B","data":{"ts":7,"bid":["1","2.50"],"ask":["1.5","1"]}}',
    '102: {"m":"bbo","symbol":"A/B","data":{"ts":8,"ask":["1.5","1"]}}',
    '102: {"m":"depth","symbol":"A/B","data":{"ts":9,"seqnum":2,"asks":[["2","0.00"]],"bids":[]}}',
    '103: {"m":"depth","symbol":"A/B","data":{"ts":9,"seqnum":2,"asks":[["1.5","0"]],"bids":[]}}',
    '104: {"m":"depth-snapshot","symbol":"A/B","data":{"ts":10,"seqnum":9,"asks":[["3","1"]],"bids":[["2","1"]]}}',
  ];
  const session = parseRecording(lines.join('\n'), 'a.txt');
  const { truth, runtime, simulator } = make({
    market: { kind: 'replay', session, products: [product], speed: 1 },
  });
  connectInMemory(simulator).follow(['A/B']);
  runtime.pass(10_000);
  const common = { symbol: 'A/B', bids: [] };
  expect(truth.entries.filter(({ kind }) => kind === 'best' || kind === 'book')).toEqual([
    {
      kind: 'book',
      ...common,
      seqnum: 1n,
      timeMs: 1,
      asks: [
        ['1.5', '1'],
        ['2', '1'],
      ],
      whole: true,
    },
    { kind: 'best', symbol: 'A/B', timeMs: 7, bid: ['1', '2.50'], ask: ['1.5', '1'] },
    { kind: 'best', symbol: 'A/B', timeMs: 8, ask: ['1.5', '1'] },
    { kind: 'book', ...common, seqnum: 2n, timeMs: 9, asks: [['2', '0']], whole: false },
    {
      kind: 'book',
      symbol: 'A/B',
      seqnum: 9n,
      timeMs: 10,
      asks: [['3', '1']],
      bids: [['2', '1']],
      whole: true,
    },
  ]);
});

test('faults change what clients hear and not what is true', () => {
  const quiet = make();
  const broken = make();
  for (const { simulator } of [quiet, broken]) connectInMemory(simulator).follow(symbols);
  for (const kind of ['gap', 'duplicate', 'reorder', 'malformed', 'silence', 'mute'] as const)
    broken.simulator.inject({ kind, atSeconds: 0 });
  for (const { runtime } of [quiet, broken]) runtime.pass(20_000);
  const market = ({ truth }: World): object[] =>
    truth.entries.filter(({ kind }) => kind === 'book' || kind === 'trade' || kind === 'best');
  expect(market(broken)).toEqual(market(quiet));
});

test('requests, streams and faults are told with their times, the fault before what it does', async () => {
  const { truth, runtime, simulator } = make();
  const client = connectInMemory(simulator);
  client.follow(['BTC/USDT']);
  const rest = (path: string, method = 'GET'): Promise<Response> =>
    Promise.resolve(simulator.fetch(new Request(`http://venue.test${path}`, { method })));
  await rest('/api/pro/v1/depth?symbol=BTC/USDT');
  await rest('/api/pro/v1/depth', 'POST');
  runtime.pass(5);
  simulator.inject({ kind: 'refuse', atSeconds: 0 });
  expect(() => connectInMemory(simulator)).toThrow();
  simulator.inject({ kind: 'epoch', atSeconds: 0, symbol: 'BTC/USDT' });
  simulator.inject({ kind: 'drop', atSeconds: 0 });
  const fault = (kind: string): object => ({
    kind: 'fault',
    timeMs: startMs + 5,
    fault: { kind, atSeconds: 0 },
  });
  const told = truth.entries.filter(({ kind }) => kind !== 'balance');
  expect(told.slice(symbols.length)).toEqual([
    { kind: 'stream', event: 'opened', timeMs: startMs },
    { kind: 'request', method: 'GET', path: '/api/pro/v1/depth', status: 200, timeMs: startMs },
    { kind: 'request', method: 'POST', path: '/api/pro/v1/depth', status: 404, timeMs: startMs },
    fault('refuse'),
    { kind: 'stream', event: 'refused', timeMs: startMs + 5 },
    {
      kind: 'fault',
      fault: { kind: 'epoch', atSeconds: 0, symbol: 'BTC/USDT' },
      symbol: 'BTC/USDT',
      timeMs: startMs + 5,
    },
    expect.objectContaining({ kind: 'book', symbol: 'BTC/USDT', whole: true }),
    fault('drop'),
    { kind: 'stream', event: 'closed', timeMs: startMs + 5 },
  ]);
});

test('each effect of a fault is told, as often as it is counted', () => {
  const { truth, runtime, simulator } = make();
  const client = connectInMemory(simulator);
  client.follow(symbols);
  simulator.inject({ kind: 'gap', atSeconds: 1 });
  simulator.inject({ kind: 'lost-snapshot', atSeconds: 2, symbol: 'ETH/USDT' });
  runtime.pass(20_000);
  for (const symbol of symbols) client.send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
  const told = truth.of('fault').map(({ fault, symbol }) => `${fault.kind} ${symbol}`);
  expect(told.sort()).toEqual([...symbols.map((symbol) => `gap ${symbol}`), 'lost-snapshot ETH/USDT'].sort());
  expect(simulator.stats.faults).toMatchObject({ gap: 3, 'lost-snapshot': 1 });
});

test('behind sockets the truth is told as well', async () => {
  const truth = new TruthModel();
  const simulator = await startReplay({}, { truth: truth.take });
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await simulator.finished;
  await (await fetch(`${simulator.endpoints.restUrl}/api/pro/v1/products?a=b`)).text();
  await client.close();
  while (truth.of('stream').length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(truth.of('stream').map(({ event }) => event)).toEqual(['opened', 'closed']);
  expect(truth.of('request')).toMatchObject([{ path: '/api/pro/v1/products', status: 200 }]);
  const last = client.named('depth').findLast(({ json }) => json?.symbol === 'BTC/USDT')?.text ?? '';
  expect(truth.seqnum('BTC/USDT')).toBe(seqnumOf(last));
});
