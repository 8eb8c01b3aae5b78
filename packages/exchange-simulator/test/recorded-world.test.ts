import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
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

test('prices go as the recorded middles, from the first look on, and back again after the end', () => {
  const recorded = session([0, book(102, 98, 1)], [10, book(112, 108, 2)], [20, book(122, 118, 3)]);
  const { reference } = followRecording({ session: recorded, products: [product] });
  const price = reference?.['A/B'];
  const seen = [0, 9, 10, 19, 20, 25, 30, 39, 45].map((second) => price?.priceAt(startMs + second * 1_000));
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
          const wanted = options.reference![symbol]!.priceAt(time.clock.now());
          expect(Math.abs(middle / wanted - 1), symbol).toBeLessThan(0.02);
        }
      }
      close();
    },
  );
});
