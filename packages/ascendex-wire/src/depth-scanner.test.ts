import { createDepthStage, type DepthStage } from '@venuekit/connector-core';
import { describe, expect, test } from 'vitest';
import { createDepthScanner } from './depth-scanner.ts';

const symbols = ['ASD/USDT', 'BTC/USDT', '$A/B', 'Ä/B', 'A\\u0042/C', '', 'X/Y'];
const scanner = createDepthScanner(symbols);
const realtime = createDepthScanner(symbols, { channel: 'depth-realtime' });
const bytes = (text: string): Uint8Array => Buffer.from(text);
const newStage = (): DepthStage => createDepthStage({ priceScale: 2, amountScale: 3 });
const stages = symbols.map(newStage);
const isTaken = (text: string): boolean => scanner.read(bytes(text), stages) >= 0;

const frame = (symbol = 'BTC/USDT', asks = '["1.05","3"],["2","0"]', bids = '', m = 'depth'): string =>
  `{"m":"${m}","symbol":"${symbol}", "data":{"ts":1000,"seqnum":7,"asks":[${asks}],"bids":[${bids}]}}`;

describe('the symbol', () => {
  test.each([
    [frame('ASD/USDT'), 0],
    [frame('BTC/USDT'), 1],
    [frame('$A/B'), 2],
    [frame().replace(', "data"', ',"data"'), 1],
    [frame('BTC/USD'), -1],
    [frame('BTC/USDT '), -1],
    [frame('BTC/USDTX'), -1],
    [frame(''), -1],
    [frame('Ä/B'), -1],
    [frame('A\\u0042/C'), -1],
    [frame('BTC/USDT', '', '', 'depth-realtime'), -1],
    [frame('BTC/USDT', '', '', 'depth-snapshot'), -1],
    [frame().replace('"symbol"', '"s"'), -1],
    [frame().replace(', "data"', ',  "data"'), -1],
    ['{"m":"ping","hp":3}', -1],
    ['{"m":"depth","symbol":"BTC/USDT', -1],
    ['{"m":"depth","symbol":"BTC/USDT}}', -1],
    ['', -1],
  ])('%s is of symbol %i', (text, index) => {
    expect(scanner.read(bytes(text), stages)).toBe(index);
  });

  test('finds each of a thousand symbols, in a view into larger memory, and fills its stage alone', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `A${index}/USDT`);
    const many = createDepthScanner(names);
    const filled = names.map(newStage);
    for (const [index, symbol] of names.entries()) {
      expect(filled[index]?.sequence).toBe(-1);
      const memory = bytes(`xx${frame(symbol)}xx`);
      expect(many.read(memory.subarray(2, -2), filled)).toBe(index);
      expect(filled[index]?.sequence).toBe(7);
    }
  });

  test('is left to the exact decoder where it has no stage', () => {
    const some = [newStage(), undefined];
    expect(scanner.read(bytes(frame('ASD/USDT')), some)).toBe(0);
    for (const symbol of ['BTC/USDT', '$A/B']) expect(scanner.read(bytes(frame(symbol)), some)).toBe(-1);
    expect(some[0]).toMatchObject({ sequence: 7, asks: { count: 2 } });
  });

  test('that is listed twice is an error', () => {
    expect(() => createDepthScanner(['A/B', 'C/D', 'A/B'])).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining('symbols[2]') }),
    );
  });
});

test('a frame that deviates leaves the stages of other symbols as they are', () => {
  const own = symbols.map(newStage);
  expect(scanner.read(bytes(frame('ASD/USDT')), own)).toBe(0);
  const before = structuredClone(own);
  expect(scanner.read(bytes(frame('BTC/USDT', '["1","2"],["x","1"]')), own)).toBe(-1);
  expect(own.filter((_, index) => index !== 1)).toEqual(before.filter((_, index) => index !== 1));
});

test('a scanner takes the frames of its channel and no others', () => {
  const [usual, other] = [frame(), frame('BTC/USDT', '["1","2"]', '', 'depth-realtime')];
  expect([scanner.read(bytes(usual), stages), realtime.read(bytes(usual), stages)]).toEqual([1, -1]);
  expect([scanner.read(bytes(other), stages), realtime.read(bytes(other), stages)]).toEqual([-1, 1]);
  const snapshot = frame('BTC/USDT', '', '', 'depth-snapshot-realtime');
  expect(realtime.read(bytes(snapshot), stages)).toBe(-1);
});

test('each symbol is read at the scales of its own stage', () => {
  const own = [
    createDepthStage({ priceScale: 2, amountScale: 0 }),
    createDepthStage({ priceScale: 5, amountScale: 3 }),
  ];
  for (const symbol of ['ASD/USDT', 'BTC/USDT'])
    expect(scanner.read(bytes(frame(symbol, '["1.05","3"]')), own)).toBeGreaterThanOrEqual(0);
  expect(own.map(({ asks }) => [asks.prices[0], asks.amounts[0]])).toEqual([
    [105, 3],
    [105_000, 3_000],
  ]);
});

describe('the data', () => {
  test('takes numbers, time and both sides, and makes room', () => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 3, levels: 1 });
    const one = createDepthScanner(['X/Y']);
    const read = (text: string): number => one.read(bytes(text), [stage]);
    expect(read(frame('X/Y', '["9","9"]', '["8","8"]'))).toBe(0);
    expect(read(frame('X/Y', '["1.05","3"],["2.50000","0"],["3","0.012"]'))).toBe(0);
    expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([7, 7, 1_000]);
    expect([stage.asks.count, stage.bids.count]).toEqual([3, 0]);
    expect([...stage.asks.prices.subarray(0, 3)]).toEqual([105, 250, 300]);
    expect([...stage.asks.amounts.subarray(0, 3)]).toEqual([3_000, 0, 12]);
  });

  test.each([
    ['123456789', 123_456_789_000],
    ['1234567890', 1_234_567_890_000],
    ['123456.789', 123_456_789],
    ['1234567.891', 1_234_567_891],
    ['123456789.1', 123_456_789_100],
    ['99999999.9900', 99_999_999_990],
    ['0.001', 1],
  ])('takes %s, short or long', (text, units) => {
    const [stage] = [createDepthStage({ priceScale: 3, amountScale: 3 })];
    expect(scanner.read(bytes(frame('ASD/USDT', `["${text}","${text}"]`)), [stage])).toBe(0);
    expect([stage.asks.prices[0], stage.asks.amounts[0]]).toEqual([units, units]);
  });

  test.each(['["90071992547409.91","9007199254740.991"]', `["1.${'0'.repeat(40)}","0.0"]`, '["0.01","0"]'])(
    'takes the level %s',
    (level) => {
      expect(isTaken(frame('X/Y', level))).toBe(true);
      expect(isTaken(frame('X/Y', '', level))).toBe(true);
    },
  );

  test.each([
    ...['["90071992547409.92","1"]', '["1","9007199254740.992"]', `["1","${'9'.repeat(400)}"]`],
    ...['["1.001","1"]', '["1","1.0001"]', `["1.${'0'.repeat(41)}","1"]`, '["0.00","1"]', '["0","1"]'],
    ...['["","1"]', '["1",""]', '["1.","1"]', '[".1","1"]', '["1.0.0","1"]', '["01","1"]', '["00.1","1"]'],
    ...[
      '["-1","1"]',
      '["+1","1"]',
      '["1e1","1"]',
      '["1","1E1"]',
      '["1","-0"]',
      '["1 ","1"]',
      '["\\u0031","1"]',
    ],
    ...['["1", "1"]', '[ "1","1"]', '["1"]', '["1","1","1"]', '[]', '[1,"1"]', '["1",1]', 'null'],
    ...['["1","1"],', ',["1","1"]', '["1","1"],,["2","1"]', '["1","1"]["2","1"]', '["1","1"]]', '["1","1"'],
  ])('leaves the level %s to the exact decoder', (level) => {
    expect(isTaken(frame('X/Y', level))).toBe(false);
    expect(isTaken(frame('X/Y', '', level))).toBe(false);
  });

  test.each([
    ['"ts":1000', '"ts":"1000"'],
    ['"ts":1000', '"ts":01000'],
    ['"ts":1000', '"ts":-1'],
    ['"ts":1000', '"ts":1.0'],
    ['"ts":1000', '"ts":9007199254740992'],
    ['"seqnum":7', '"seqnum":9007199254740992'],
    ['"seqnum":7', '"seqnum":7e0'],
    ['"seqnum":7', '"seqnum":'],
    ['"seqnum":7', '"seqnum":7,"seqnum":8'],
    ['"ts":1000,"seqnum":7', '"seqnum":7,"ts":1000'],
    ['"data":{', '"data":{"__proto__":{},'],
    ['}}', '}}}'],
    ['}}', '}]'],
    ['}}', ']}'],
    ['}}', '}} '],
    ['}}', '},"symbol":"A/B"}'],
    ['X/Y', ''],
    ['X/Y', 'X\\/Y'],
    ['X/Y', 'X\nY'],
    ['X/Y', 'Ä/Y'],
    ['"m":"depth"', '"m":"depth-snapshot"'],
    [', "data"', ' ,"data"'],
  ])('leaves a frame with %s turned into %s to the exact decoder', (from, to) => {
    const usual = frame('X/Y');
    expect(isTaken(usual)).toBe(true);
    expect(usual).toContain(from);
    expect(isTaken(usual.replace(from, to))).toBe(false);
  });

  test('leaves a frame with another byte anywhere to the exact decoder', () => {
    const whole = frame('X/Y', '["1.05","3"]', '["1.04","0.5"]');
    for (let at = 0; at < whole.length; at += 1)
      expect(isTaken(`${whole.slice(0, at)}~${whole.slice(at + 1)}`), `byte ${at}`).toBe(false);
    expect(isTaken(whole)).toBe(true);
  });

  test('leaves a frame that was cut anywhere to the exact decoder', () => {
    const whole = bytes(frame('X/Y', '["1.05","3"]', '["1.04","0.5"]'));
    for (let end = 0; end < whole.length; end += 1)
      expect(scanner.read(whole.subarray(0, end), stages), `${end} bytes`).toBe(-1);
    expect(scanner.read(whole, stages)).toBe(symbols.indexOf('X/Y'));
  });

  test('leaves a frame that was cut anywhere and closed to the exact decoder', () => {
    const whole = frame('X/Y', '["1.05","3"]', '["1.04","0.5"]');
    for (let end = 0; end < whole.length - 2; end += 1) {
      expect(isTaken(`${whole.slice(0, end)}}}`), `${end} bytes`).toBe(false);
    }
    expect(isTaken(whole)).toBe(true);
  });
});
