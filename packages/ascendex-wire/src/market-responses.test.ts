import { describe, expect, test } from 'vitest';
import { decodeEnvelope } from './envelope.ts';
import { decodeDepth, decodeExchangeInfo, decodeTrades } from './market-responses.ts';
import { decodeTickers } from './tickers-response.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the envelope', () => {
  const open = (text: string, options = {}): unknown => decodeEnvelope(text, 'fetchBook', options);

  test.each(['{"code":0,"data":[1]}', '{"code":"0","data":[1]}', '{"code":0,"data":[1],"message":"fine"}'])(
    'success: %s',
    (text) => expect(open(text, { httpStatus: 200 })).toEqual([1]),
  );

  test('long integers inside come through', () => {
    expect(open('{"code":0,"data":{"sn":72057600439748931}}')).toEqual({ sn: '72057600439748931' });
  });

  test.each([
    ['{"code":100008,"reason":"SYMBOL_ERROR","message":"nope"}', 200, 'market-unavailable', '100008'],
    ['{"code":"300011"}', 200, 'insufficient-balance', '300011'],
    ['{"code":300004,"ac":"CASH","status":"Err","data":{}}', 200, 'invalid-order', '300004'],
    ['{"code":144115207815068068}', 200, 'protocol', '144115207815068068'],
    ['{"code":100008}', 500, 'market-unavailable', '100008'],
    ['{"code":0,"data":[1]}', 500, 'venue-unavailable', undefined],
    ['{"error":"busy"}', 503, 'venue-unavailable', undefined],
    ['{}', 429, 'rate-limited', undefined],
    ['{}', 404, 'protocol', undefined],
  ])('%s with HTTP %d is %s', (text, httpStatus, code, venueCode) => {
    expect(() => open(text, { httpStatus })).toThrow(
      expect.objectContaining({ code, venueCode, venue: 'ascendex', operation: 'fetchBook' }),
    );
  });

  test.each(['{}', '{"code":null,"data":1}', '{"code":true,"data":1}', '[]', 'null', '{"code":0}', '<html>'])(
    '%s is no envelope',
    (text) => expect(() => open(text)).toThrow(expect.objectContaining({ code: 'protocol' })),
  );

  test('what was asked, and how long to wait, reach the error', () => {
    expect(() => open('{"code":300006}', { about: 'query', retryAfterMs: 7 })).toThrow(
      expect.objectContaining({ code: 'order-not-found', retryAfterMs: 7 }),
    );
  });
});

describe('tickers', () => {
  const ticker = {
    symbol: 'ASD/USDT',
    open: '0.06777',
    close: '0.06809',
    high: '0.06899',
    low: '0.06708',
    volume: '19823722',
    ask: ['0.0681', '43641'],
    bid: ['0.0676', '443'],
    type: 'spot',
  };

  test('one as an object, many as a list', () => {
    const expected = {
      symbol: 'ASD/USDT',
      open: '0.06777',
      high: '0.06899',
      low: '0.06708',
      last: '0.06809',
      volume: '19823722',
      bid: { price: '0.0676', amount: '443' },
      ask: { price: '0.0681', amount: '43641' },
    };
    expect(plain(decodeTickers(ticker))).toEqual({ tickers: [expected], refused: [] });
    expect(plain(decodeTickers([ticker, ticker]))).toEqual({ tickers: [expected, expected], refused: [] });
    expect(decodeTickers([])).toEqual({ tickers: [], refused: [] });
  });

  test.each([undefined, null, [], ['', ''], ['0', '0'], ['NULL_VAL', 'NULL_VAL']])(
    'the side %j is empty',
    (bid) => {
      expect(decodeTickers({ ...ticker, bid })).toMatchObject({ tickers: [{ bid: undefined }], refused: [] });
    },
  );

  test.each([undefined, null, '', 'NULL_VAL'])('the price %j is none', (open) => {
    expect(decodeTickers({ ...ticker, open })).toMatchObject({ tickers: [{ open: undefined }], refused: [] });
  });

  test.each([
    [{ close: 'x' }, 'close'],
    [{ high: 5 }, 'high'],
    [{ bid: ['x', '1'] }, 'bid'],
    [{ ask: 'x' }, 'ask'],
    [{ symbol: undefined }, 'symbol'],
  ])('%j is refused alone, naming %s', (change, field) => {
    const { tickers, refused } = decodeTickers([{ ...ticker, ...change }, ticker]);
    expect(tickers).toHaveLength(1);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message).toContain(field);
  });
});

test('depth', () => {
  const data = { seqnum: 7, ts: 1767225600123, asks: [['2', '1']], bids: [['1', '1']] };
  expect(decodeDepth({ m: 'depth-snapshot', symbol: 'ASD/USDT', data })).toEqual({
    symbol: 'ASD/USDT',
    seqnum: 7n,
    venueTimeMs: 1767225600123,
    bids: [['1', '1']],
    asks: [['2', '1']],
  });
  expect(() => decodeDepth([])).toThrow('decodeDepth: depth: data: expected an object, got a list of 0');
});

test('trades', () => {
  const trade = { seqnum: '144115191800016553', p: '0.06762', q: '400', ts: 1573165890854, bm: false };
  expect(decodeTrades({ m: 'trades', symbol: 'ASD/USDT', data: [trade, { ...trade, p: '' }] })).toMatchObject(
    {
      symbol: 'ASD/USDT',
      trades: [{ seqnum: '144115191800016553', buyerIsMaker: false }],
      refused: [{ code: 'protocol' }],
    },
  );
  expect(() => decodeTrades({ symbol: 'ASD/USDT', data: 5 })).toThrow(
    'decodeTrades: trades of ASD/USDT: data',
  );
});

test('exchange info', () => {
  const info = { requestTimeEcho: 1640052379050, requestReceiveAt: 1640052379063, latency: 13 };
  expect(decodeExchangeInfo(info)).toEqual({
    requestTimeEchoMs: 1640052379050,
    requestReceivedAtMs: 1640052379063,
  });
  expect(() => decodeExchangeInfo({ ...info, requestReceiveAt: 'x' })).toThrow('requestReceiveAt: expected');
});
