import { readFileSync } from 'node:fs';
import { sessions, syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { createDepthPipeline, type DepthPipeline } from '../src/index.ts';
import { type BookTruth, type MarketTruth, readSessionTruth } from './models/session-truth.ts';

/** The frames that a client received, as bytes. */
function framesOf(file: string): Buffer[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^\d+(?:\.\d+)?: (\{.*\})$/gm)].map(([, json]) => Buffer.from(json as string));
}

function shown({ book }: DepthPipeline): BookTruth {
  const content = book.content();
  const rows = (levels: ReturnType<typeof content.bids>) =>
    levels.map(({ price, amount }) => `${price} ${amount}`);
  return { bids: rows(content.bids()), asks: rows(content.asks()) };
}

/** Scales that hold every number of the sessions, one that holds none of the prices, and one that holds the whole ones. */
const scales = [
  { priceScale: 9, amountScale: 6 },
  { priceScale: 0, amountScale: 0 },
  { priceScale: 4, amountScale: 2 },
];

for (const session of sessions) {
  describe.skipIf(!session.present)(session.name, () => {
    test.each(scales)('is the recorded book at every number, at scale %o', (scale) => {
      const frames = framesOf(session.sessionFile);
      const { markets } = readSessionTruth(readFileSync(session.sessionFile, 'utf8'));
      for (const [pair, truth] of markets) {
        const symbol = pair.replace('-', '/');
        const depth = createDepthPipeline({ symbol, ...scale });
        const seen: bigint[] = [];
        for (const frame of frames) {
          const step = depth.take(frame);
          expect(step.fault).toBeUndefined();
          if (!step.changed) continue;
          const sequence = depth.sequence as bigint;
          seen.push(sequence);
          expect(shown(depth)).toEqual(truth.books.get(sequence));
        }
        expect(seen).toEqual([truth.snapshot, ...truth.after]);
        expect(depth.state).toBe('live');
      }
    });
  });
}

describe('a pipeline by hand', () => {
  const frames = framesOf(syntheticSession.sessionFile);
  const { markets } = readSessionTruth(readFileSync(syntheticSession.sessionFile, 'utf8'));
  const [pair, truth] = [...markets].find(([, { after }]) => after.length > 5) as [string, MarketTruth];
  const symbol = pair.replace('-', '/');
  const own = frames.filter((frame) => frame.includes(`"${symbol}"`) && frame.includes('"m":"depth'));
  const open = () => createDepthPipeline({ symbol, priceScale: 9, amountScale: 6 });

  test('reads the best prices as whole numbers of its scale', () => {
    const depth = open();
    for (const frame of own) depth.take(frame);
    const { scaled, bestBid, bestAsk } = depth.book;
    const units = (text: object | undefined, scale: number) => Number(String(text)) * 10 ** scale;
    expect(scaled?.bestBidPriceUnits).toBeCloseTo(units(bestBid?.price, 9), 0);
    expect(scaled?.bestAskAmountUnits).toBeCloseTo(units(bestAsk?.amount, 6), 0);
    expect(scaled?.priceAt('bids', 1)).toBeLessThan(scaled?.bestBidPriceUnits ?? 0);
  });

  test('a hole ends it in the same call and asks for a snapshot; the connection that is lost takes all with it', () => {
    const depth = open();
    const missing = own.findIndex((frame) => frame.includes(`"seqnum":${truth.after[2]}`));
    const last = own.findIndex((frame) => frame.includes(`"seqnum":${truth.after[3]}`));
    for (const frame of own.slice(0, missing)) depth.take(frame);
    expect(depth.state).toBe('live');
    const step = depth.take(own[last] as Buffer);
    expect(step).toMatchObject({ changed: true, snapshot: 'newer', fault: { kind: 'missing' } });
    expect([depth.state, depth.sequence]).toEqual(['resyncing', undefined]);
    depth.reset();
    for (const frame of own) depth.take(frame);
    expect([depth.state, depth.sequence]).toEqual(['live', truth.after.at(-1)]);
  });

  test('frames that are nothing, of another symbol, or of another channel change nothing; a bad one of its own is a hole', () => {
    const depth = open();
    for (const frame of own) depth.take(frame);
    const before = shown(depth);
    const update = (own.at(-1) as Buffer).toString();
    const others = ['', '{', '[1]', '{"m":"ping"}', '\xff', update.replace(symbol, 'NO/PE')];
    for (const text of [...others, update.replace('"depth"', '"depth-realtime"')])
      expect(depth.take(Buffer.from(text, 'latin1')), text).toEqual({ changed: false });
    expect(shown(depth)).toEqual(before);
    const bad = depth.take(Buffer.from(update.replace(/"asks":\[.*?\]\]/, '"asks":[["x","1"]]')));
    expect(bad).toMatchObject({ snapshot: 'newer', fault: { kind: 'unreadable' } });
  });
});
