import { describe, expect, test } from 'vitest';
import {
  encodeDepthSnapshotRequest,
  encodeMarketTradesRequest,
  encodePing,
  encodePong,
  encodeSubscribe,
  encodeUnsubscribe,
} from './stream-requests.ts';

const ten = Array.from({ length: 10 }, (_, index) => `A${index}/USDT`);

test.each([
  [
    encodeSubscribe('s1', 'trades', ['ASD/USDT', 'BTC/USDT']),
    { op: 'sub', id: 's1', ch: 'trades:ASD/USDT,BTC/USDT' },
  ],
  [encodeUnsubscribe('u1', 'bar:1', ['ASD/USDT']), { op: 'unsub', id: 'u1', ch: 'bar:1:ASD/USDT' }],
  [encodePing(), { op: 'ping' }],
  [encodePong(), { op: 'pong' }],
  [
    encodeDepthSnapshotRequest('ASD/USDT'),
    { op: 'req', action: 'depth-snapshot', args: { symbol: 'ASD/USDT' } },
  ],
  [
    encodeDepthSnapshotRequest('ASD/USDT', 'r1'),
    { op: 'req', id: 'r1', action: 'depth-snapshot', args: { symbol: 'ASD/USDT' } },
  ],
  [
    encodeDepthSnapshotRequest('ASD/USDT', 'r1', { realtime: true }),
    { op: 'req', id: 'r1', action: 'depth-snapshot-realtime', args: { symbol: 'ASD/USDT' } },
  ],
  [
    encodeSubscribe('s2', 'depth-realtime', ['ASD/USDT']),
    { op: 'sub', id: 's2', ch: 'depth-realtime:ASD/USDT' },
  ],
  [
    encodeMarketTradesRequest('ASD/USDT', 50, 'r2'),
    { op: 'req', id: 'r2', action: 'market-trades', args: { symbol: 'ASD/USDT', level: 50 } },
  ],
])('%s', (text, expected) => expect(JSON.parse(text)).toEqual(expected));

describe('refused before they are sent', () => {
  const refused = expect.objectContaining({ code: 'invalid-request', venue: 'ascendex' });

  test('one to ten symbols fit a message', () => {
    expect(JSON.parse(encodeSubscribe('s', 'depth', ten)).ch).toBe(`depth:${ten.join(',')}`);
    expect(() => encodeSubscribe('s', 'depth', [...ten, 'B/USDT'])).toThrow(refused);
    expect(() => encodeUnsubscribe('s', 'depth', [])).toThrow(refused);
  });

  test.each(['', '*', 'A/B,C/D', 'A/B:C', 'A B', undefined as unknown as string, 'x'.repeat(61)])(
    'the symbol %j',
    (symbol) => {
      expect(() => encodeSubscribe('s', 'depth', [symbol])).toThrow(refused);
      expect(() => encodeDepthSnapshotRequest(symbol)).toThrow(refused);
      expect(() => encodeDepthSnapshotRequest(symbol, 'r', { realtime: true })).toThrow(
        /depth-snapshot-realtime/,
      );
      expect(() => encodeMarketTradesRequest(symbol, 1)).toThrow(refused);
    },
  );

  test.each([0, 101, 1.5, Number.NaN])('%d trades', (count) => {
    expect(() => encodeMarketTradesRequest('A/B', count)).toThrow(refused);
  });
});
