import { expect, test } from 'vitest';
import { excerpt } from './excerpt.ts';
import {
  createSymbolMap,
  decodeEnvelope,
  decodeProducts,
  decodeStreamFrame,
  decodeTickers,
  encodeMarketTradesRequest,
  findErrorRule,
  isRepeatedCancel,
  toVenueError,
} from './index.ts';

test('a success code with HTTP 400 is a refusal', () => {
  expect(() => decodeEnvelope('{"code":0,"data":[]}', 'op', { httpStatus: 400 })).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

test('the text of a refusal comes from info where there is no message', () => {
  expect(() => decodeEnvelope('{"code":100004,"info":"why"}', 'op')).toThrow(/"why"/);
});

test('the code rules over the reason', () => {
  expect(findErrorRule('100004', 'SYMBOL_ERROR')?.reason).toBe('INVALID_REQUEST_DATA');
});

test('control characters of foreign text do not reach a terminal', () => {
  expect(excerpt('a\u001b[31m\nb')).toBe('a?[31m?b');
});

const row = {
  symbol: 'A/B',
  status: 'Normal',
  minNotional: '5',
  maxNotional: '10',
  commissionType: 'Quote',
  commissionReserveRate: '0.001',
  tickSize: '0.03',
  lotSize: '1',
};

test('equal bounds of value are bounds; the largest amount is rounded down', () => {
  expect(decodeProducts([{ ...row, minNotional: '10' }]).refused).toEqual([]);
  expect(`${decodeProducts([row]).instruments[0]?.maxAmount}`).toBe('333.333333333333333333');
});

test('a negative code is a refusal with its digits', () => {
  expect(decodeStreamFrame('{"m":"sub","ch":"depth:A/B","code":-1}')).toMatchObject({
    error: { venueCode: '-1' },
  });
});

test('info is told before message', () => {
  const told = decodeStreamFrame('{"m":"error","code":100005,"info":"inside","message":"outside"}');
  expect(told).toMatchObject({ info: 'inside' });
});

test('a hundred trades may be asked for', () => {
  expect(encodeMarketTradesRequest('A/B', 100)).toContain('"level":100');
});

test('three symbols of one pair are all left out', () => {
  const map = createSymbolMap(
    ['A-B/C', 'A/B-C', 'A//B-C'].map((venueSymbol) => ({ pair: 'A-B-C', venueSymbol })) as never,
  );
  expect([map.size, map.symbolOf('A-B-C')]).toEqual([0, undefined]);
});

test('half a zero level is a fault, not an empty side', () => {
  expect(decodeTickers([{ symbol: 'A/B', bid: ['0', '5'] }]).refused).toHaveLength(1);
});

test('a timestamp that only the reason names is clock skew', () => {
  expect(toVenueError({ code: 200001, reason: 'BAD_TIMESTAMP', operation: 'x' }).code).toBe('clock-skew');
});

test('a cancel of an order that is not open is not a repeated one, whatever else the text says', () => {
  expect(isRepeatedCancel({ code: 300019, message: 'duplicate cancel of a non-open order' })).toBe(false);
});
