import { type DepthStage, decimal, type Instrument } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createDepthRoute } from './depth-route.ts';

const instrument = (pair: string): Instrument =>
  ({
    pair,
    venueSymbol: pair.replace('-', '/'),
    tickSize: decimal('0.01'),
    lotSize: decimal('0.01'),
  }) as unknown as Instrument;
const frame = (m: string, symbol: string, price: string): Buffer =>
  Buffer.from(JSON.stringify({ m, symbol, data: { ts: 1, seqnum: 7, asks: [], bids: [[price, '1']] } }));

test.each([
  ['depth', 'depth-realtime'],
  ['depth-realtime', 'depth'],
] as const)(
  'takes updates of %s in their usual form to the book of their pair, and says so',
  (own, other) => {
    const told: string[] = [];
    const writer = (pair: string) => {
      const stage = ({ sequence, bids }: DepthStage, atMs: number) =>
        told.push(`${pair} ${sequence} ${bids.count} ${atMs}`);
      return pair === 'E-F' ? undefined : { book: { stage } };
    };
    const markets = { writer } as unknown as Parameters<typeof createDepthRoute>[1];
    const route = createDepthRoute(['A-B', 'C-D', 'E-F'].map(instrument), markets, own);
    expect([route.take(frame(own, 'C/D', '2'), 5), route.take(frame(own, 'A/B', '2'), 6)]).toEqual([
      true,
      true,
    ]);
    // A market that nobody has opened takes its updates and does nothing.
    expect(route.take(frame(own, 'E/F', '2'), 7)).toBe(true);
    for (const left of [
      frame(other, 'A/B', '2'),
      frame(own, 'G/H', '2'),
      Buffer.from(` ${frame(own, 'A/B', '2')}`),
    ])
      expect(route.take(left, 8)).toBe(false);
    expect(told).toEqual(['C-D 7 1 5', 'A-B 7 1 6']);
  },
);
