import { realSession, sessions, syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { followRecording, loadReplay, parseRecording } from '../src/index.ts';
import { createVirtualTime } from '../src/virtual-time.ts';
import { createWorld } from '../src/world/world.ts';
import { product } from './stream-stage.ts';

const startMs = 1_700_000_000_000;

function session(...frames: readonly (readonly [second: number, text: string])[]) {
  const lines = frames.map(([second, text]) => `${100 + second}: ${text}`);
  return parseRecording(lines.join('\n'), 'a.txt');
}

const book = (ask: number, bid: number, seqnum: number): string =>
  `{"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":${seqnum},"asks":[["${ask}","5"]],"bids":[["${bid}","9"]]}}`;

test('prices go as the recorded middles, from the opening of the world on, and back again after the end', () => {
  const recorded = session([0, book(102, 98, 1)], [10, book(112, 108, 2)], [20, book(122, 118, 3)]);
  const { reference } = followRecording({ session: recorded, products: [product] });
  const price = reference?.['A/B'];
  const seen = [0, 9, 10, 19, 20, 25, 30, 39, 45].map((second) => price?.priceAt(startMs, second * 1_000));
  expect(seen).toEqual([100, 100, 110, 110, 120, 110, 110, 100, 100]);
});

test('a pair has the rules of its product, and is traded about as it was', () => {
  const trades = '{"m":"trades","symbol":"A/B","data":[{"p":"100","q":"30","ts":1,"bm":true,"seqnum":1}]}';
  const recorded = session([0, book(102, 98, 1)], [5, trades], [10, book(103, 98, 2)]);
  const { pairs } = followRecording({ session: recorded, products: [product] });
  expect(pairs).toEqual([
    {
      symbol: 'A/B',
      ...{ homeTicks: 100, activity: 0.2, volatility: 0.03, typicalLots: 9, lotsPerDay: 259_200 },
      rules: {
        ...{
          symbol: 'A/B',
          base: 'A',
          quote: 'B',
          tickSize: '1',
          lotSize: '1',
          minNotional: '1',
          maxNotional: '2',
        },
        ...{ minSize: '0.000000001', maxSize: '1000000000', commission: 'quote', reserveRate: '0' },
      },
    },
  ]);
});

const depth = (seqnum: number, ask: number): string =>
  `{"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":${seqnum},"asks":[["${ask}","5"]],"bids":[]}}`;
const trade = (size: string): string =>
  `{"m":"trades","symbol":"A/B","data":[{"p":"100","q":"${size}","ts":1,"bm":true,"seqnum":1}]}`;

function pairOf(recorded: ReturnType<typeof session>, change: Partial<typeof product> = {}) {
  const { pairs } = followRecording({ session: recorded, products: [{ ...product, ...change }] });
  return typeof pairs === 'object' ? pairs[0] : undefined;
}

test('a pair is as busy as its book was, until its last message, within what traders can do', () => {
  const lone = session([0, book(102, 98, 1)]);
  expect(pairOf(lone)).toMatchObject({ activity: 1, lotsPerDay: 9 });
  const quiet = session([0, book(102, 98, 1)], [400, trade('400')]);
  expect(pairOf(quiet)).toMatchObject({ activity: 0.02, lotsPerDay: 86_400 });
  const changes = Array.from({ length: 100 }, (_, at) => [1, depth(at + 2, 101)] as const);
  expect(pairOf(session([0, book(102, 98, 1)], ...changes))).toMatchObject({ activity: 50 });
});

test('the middle goes with every change of the book, and stays while a side is missing', () => {
  const empty = '{"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":3,"asks":[],"bids":[["98","0"]]}}';
  const recorded = session([0, book(102, 98, 1)], [10, depth(2, 100)], [20, empty], [30, book(120, 110, 9)]);
  const { reference } = followRecording({ session: recorded, products: [product] });
  const seen = [0, 10, 20, 30].map((second) => reference?.['A/B']?.priceAt(startMs, second * 1_000));
  expect(seen).toEqual([100, 99, 99, 115]);
});

test('an ordinary order is the median of the ten best levels of both sides, in the newest whole book', () => {
  const side = (from: number, step: number, sizes: readonly number[]): string =>
    JSON.stringify(sizes.map((size, at) => [`${from + at * step}`, `${size}`]));
  const small = [7, 100, 1, 3, 8, 2, 9, 6, 4, 5];
  const asks = side(102, 1, [...small, ...Array.from({ length: 30 }, () => 1_000)]);
  const bids = side(98, -1, [...small.map((size) => size + 10), ...Array.from({ length: 30 }, () => 1)]);
  const whole = `{"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":2,"asks":${asks},"bids":${bids}}}`;
  expect(pairOf(session([0, book(102, 98, 1)], [1, whole]))).toMatchObject({ typicalLots: 12 });
});

test.each([
  ['Base', 'base'],
  ['Quote', 'quote'],
  ['Received', 'received'],
])('fees of a product whose commission is %s are paid in %s', (commissionType, commission) => {
  expect(pairOf(session([0, book(2, 1, 1)]), { commissionType })?.rules.commission).toBe(commission);
});

test('a perpetual is no pair, recorded or not', () => {
  const recorded = session([0, book(2, 1, 1)], [1, book(2, 1, 1).replace('A/B', 'A-PERP')]);
  const products = [product, { ...product, symbol: 'A-PERP', baseAsset: 'AB' }];
  expect(followRecording({ session: recorded, products }).pairs).toMatchObject([{ symbol: 'A/B' }]);
});

test('figures that no pair can have are taken as far as one can', () => {
  const trades =
    '{"m":"trades","symbol":"A/B","data":[{"p":"100","q":"3000000000000","ts":1,"bm":true,"seqnum":1}]}';
  const large = `{"m":"depth-snapshot","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[["300000000000","2000000000000"]],"bids":[["200000000000","2000000000000"]]}}`;
  const options = followRecording({
    session: session([0, large], [5, trades], [10, large]),
    products: [product],
  });
  expect(options.pairs).toMatchObject([{ homeTicks: 1e11, typicalLots: 1e12, lotsPerDay: 1e12 }]);
  createWorld({ seed: 1, ...options, fees: { maker: '0', taker: '0' } }, createVirtualTime(startMs)).close();
});

test('a world that is opened later with the same options has the same course', async () => {
  const options = followRecording(await loadReplay(syntheticSession));
  const [symbol] = Object.keys(options.reference!);
  const [books, later] = [0, 10_000].map((laterMs) => {
    const time = createVirtualTime(startMs + laterMs);
    const fees = { maker: '0', taker: '0' };
    const { market, close } = createWorld({ seed: 1, ...options, fees }, time);
    const seen = [0, 4, 8, 12, 16, 20].map((second) => {
      time.runUntil(startMs + laterMs + second * 1_000);
      const { asks, bids } = market.liveBook(symbol!, 5)!;
      return { asks, bids };
    });
    close();
    return seen;
  });
  expect(later).toEqual(books);
});

test('a session without the book of a listed symbol is refused by name', () => {
  expect(() => followRecording({ session: session([0, book(2, 1, 1)]), products: [] })).toThrow(
    'a.txt: expected the book of a listed symbol, got none',
  );
});

describe.each(sessions)('a world that follows $name', (recorded) => {
  test.skipIf(recorded === realSession && !recorded.present)(
    'has books about the recorded middles',
    async () => {
      const replay = await loadReplay(recorded);
      const options = followRecording(replay);
      const time = createVirtualTime(startMs);
      const { market, close, listings } = createWorld(
        { seed: 1, ...options, fees: { maker: '0', taker: '0' } },
        time,
      );
      expect(market.symbols.length).toBeGreaterThanOrEqual(9);
      for (let second = 0; second < 30; second += 1) {
        time.runUntil(startMs + second * 1_000);
        for (const [symbol, listing] of listings) {
          const { asks, bids } = market.liveBook(symbol, 1)!;
          const middle = (listing.ticksOf(asks[0]![0])! + listing.ticksOf(bids[0]![0])!) / 2;
          const wanted = options.reference![symbol]!.priceAt(time.clock.now(), time.clock.monotonic());
          expect(Math.abs(middle / wanted - 1), symbol).toBeLessThan(0.02);
        }
      }
      close();
    },
  );
});
