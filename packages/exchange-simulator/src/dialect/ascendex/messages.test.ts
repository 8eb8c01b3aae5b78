import { expect, test } from 'vitest';
import type { DepthEvent } from '../../market/market.ts';
import { encodeBook, encodeDepth, encodeError, encodeTradesReply } from './messages.ts';

const change: DepthEvent = {
  kind: 'depth',
  symbol: 'BTC/USDT',
  seqnum: 144_115_188_075_855_873n,
  tsMs: 5,
  asks: [['1.10', '0']],
  bids: [],
  last: false,
};

test('numbers beyond 2^53 and zeros at the end of a price survive', () => {
  const data = '{"ts":5,"seqnum":144115188075855873,"asks":[["1.10","0"]],"bids":[]}';
  expect(encodeDepth(change)).toBe(`{"m":"depth","symbol":"BTC/USDT","data":${data}}`);
  expect(encodeBook('BTC/USDT', change)).toBe(`{"m":"depth-snapshot","symbol":"BTC/USDT","data":${data}}`);
});

test('an id comes back as it was, and is absent if there was none', () => {
  const refusal = { code: 1, reason: 'R' };
  expect(encodeError('"7"', refusal, 'why')).toBe(
    '{"m":"error","id":"7","code":1,"reason":"R","info":"why"}',
  );
  expect(encodeError(undefined, refusal, 'why')).toBe('{"m":"error","code":1,"reason":"R","info":"why"}');
  expect(encodeTradesReply('7', 'A/B', [])).toBe('{"m":"market-trades","id":7,"symbol":"A/B","data":[]}');
  expect(encodeTradesReply(undefined, 'A/B', [])).toBe('{"m":"market-trades","symbol":"A/B","data":[]}');
});
