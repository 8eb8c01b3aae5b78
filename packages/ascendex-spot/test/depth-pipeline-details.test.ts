import { expect, test } from 'vitest';
import { createDepthPipeline } from '../src/index.ts';

const symbol = 'BTC/USDT';
type Rows = readonly (readonly [string, string])[];
const frame = (m: string, seqnum: number, bids: Rows = [], asks: Rows = []): Buffer =>
  Buffer.from(JSON.stringify({ m, symbol, data: { ts: 1, seqnum, asks, bids } }));
const one: Rows = [['11', '1']];
const options = { symbol, priceScale: 2, amountScale: 2 };

test('each channel has its own updates and snapshots, and takes none of the other', () => {
  for (const [channel, other] of [
    ['depth', 'depth-realtime'],
    ['depth-realtime', 'depth'],
  ] as const) {
    const snapshotOf = { depth: 'depth-snapshot', 'depth-realtime': 'depth-snapshot-realtime' } as const;
    const depth = createDepthPipeline({ ...options, channel });
    expect(depth.take(frame(snapshotOf[other], 10, [['9', '1']], one))).toEqual({ changed: false });
    expect(depth.take(frame(snapshotOf[channel], 10, [['9', '1']], one))).toMatchObject({ joined: true });
    // In the usual form, and in one that only the exact decoder takes.
    expect(depth.take(frame(channel, 11, [['9', '2']]))).toEqual({ changed: true });
    expect(depth.take(Buffer.from(` ${frame(channel, 12, [['9', '3']])}`))).toEqual({ changed: true });
    for (const text of [frame(other, 13), ` ${frame(other, 13)}`])
      expect(depth.take(Buffer.from(text))).toEqual({ changed: false });
    // What cannot be read of the other channel is no hole in this one.
    expect(depth.take(frame(other, 13, [['x', '1']]))).toEqual({ changed: false });
    expect([depth.state, depth.sequence, String(depth.book.bestBid?.amount)]).toEqual(['live', 12n, '3']);
  }
});

test('a frame in the usual form never needs the exact decoder', () => {
  const depth = createDepthPipeline(options);
  depth.take(frame('depth-snapshot', 10, [['9', '1']], one));
  const { parse } = JSON;
  JSON.parse = () => {
    throw new Error('expected no JSON to be parsed');
  };
  try {
    expect(depth.take(frame('depth', 11, [['9', '2']]))).toEqual({ changed: true });
  } finally {
    JSON.parse = parse;
  }
});

test('prices beyond a full snapshot are not known', () => {
  const depth = createDepthPipeline({ ...options, snapshotDepth: 2 });
  depth.take(
    frame(
      'depth-snapshot',
      10,
      [
        ['9', '1'],
        ['8', '1'],
      ],
      one,
    ),
  );
  depth.take(frame('depth', 11, [['7', '1']]));
  expect(depth.book.content().bids()).toHaveLength(2);
});

test('bytes that are no text change nothing', () => {
  const depth = createDepthPipeline(options);
  depth.take(frame('depth-snapshot', 10, [['9', '1']], one));
  const update = ` ${frame('depth', 11, [['9', '2']])}`.replace('"ts"', '"\xff":1,"ts"');
  expect(depth.take(Buffer.from(update, 'latin1'))).toEqual({ changed: false });
  expect(depth.sequence).toBe(10n);
});

test('a snapshot that cannot be read is asked for again', () => {
  const symbol = 'BTC/USDT';
  const depth = createDepthPipeline({ symbol, priceScale: 2, amountScale: 2 });
  const snapshot = { m: 'depth-snapshot', symbol, data: { ts: 1, seqnum: 10, asks: [], bids: [['x', '1']] } };
  expect(depth.take(Buffer.from(JSON.stringify(snapshot))).snapshot).toBe('later');
});
