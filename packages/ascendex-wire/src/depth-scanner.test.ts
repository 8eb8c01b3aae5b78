import { createDepthStage } from '@venuekit/connector-core';
import { describe, expect, test } from 'vitest';
import { createDepthScanner } from './depth-scanner.ts';

const scanner = createDepthScanner(['ASD/USDT', 'BTC/USDT', '$A/B', 'Ä/B', 'A\\u0042/C', '']);
const bytes = (text: string): Uint8Array => Buffer.from(text);
const stageOf = (text: string): boolean =>
  scanner.stage(bytes(text), createDepthStage({ priceScale: 2, amountScale: 3 }));

const frame = (symbol = 'BTC/USDT', asks = '["1.05","3"],["2","0"]', bids = '', m = 'depth'): string =>
  `{"m":"${m}","symbol":"${symbol}", "data":{"ts":1000,"seqnum":7,"asks":[${asks}],"bids":[${bids}]}}`;

describe('symbolOf', () => {
  test.each([
    [frame('ASD/USDT'), 0],
    [frame('BTC/USDT'), 1],
    [frame('$A/B', '', '', 'depth-realtime'), 2],
    [frame().replace(', "data"', ',"data"'), 1],
    [frame('BTC/USD'), -1],
    [frame('BTC/USDT '), -1],
    [frame(''), -1],
    [frame('Ä/B'), -1],
    [frame('A\\u0042/C'), -1],
    [frame('BTC/USDT', '', '', 'depth-snapshot'), -1],
    [frame().replace('"symbol"', '"s"'), -1],
    [frame().replace(', "data"', ',  "data"'), -1],
    ['{"m":"ping","hp":3}', -1],
    ['{"m":"depth","symbol":"BTC/USDT', -1],
    ['', -1],
  ])('%s is of symbol %i', (text, index) => {
    expect(scanner.symbolOf(bytes(text))).toBe(index);
  });

  test('finds each of a thousand symbols, in a view into larger memory', () => {
    const symbols = Array.from({ length: 1_000 }, (_, index) => `A${index}/USDT`);
    const { symbolOf } = createDepthScanner(symbols);
    for (const [index, symbol] of symbols.entries()) {
      const memory = bytes(`xx${frame(symbol)}xx`);
      expect(symbolOf(memory.subarray(2, -2))).toBe(index);
    }
  });

  test('a symbol that is listed twice is an error', () => {
    expect(() => createDepthScanner(['A/B', 'C/D', 'A/B'])).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining('symbols[2]') }),
    );
  });
});

test('the realtime series is told apart', () => {
  expect(scanner.isRealtime(bytes(frame()))).toBe(false);
  expect(scanner.isRealtime(bytes(frame('BTC/USDT', '', '', 'depth-realtime')))).toBe(true);
  expect(stageOf(frame('BTC/USDT', '', '', 'depth-realtime'))).toBe(true);
});

describe('stage', () => {
  test('takes numbers, time and both sides, and makes room', () => {
    const stage = createDepthStage({ priceScale: 2, amountScale: 3, levels: 1 });
    expect(scanner.stage(bytes(frame('X/Y', '["9","9"]', '["8","8"]')), stage)).toBe(true);
    expect(scanner.stage(bytes(frame('X/Y', '["1.05","3"],["2.50000","0"],["3","0.012"]')), stage)).toBe(
      true,
    );
    expect([stage.firstSequence, stage.sequence, stage.venueTimeMs]).toEqual([7, 7, 1_000]);
    expect([stage.asks.count, stage.bids.count]).toEqual([3, 0]);
    expect([...stage.asks.prices.subarray(0, 3)]).toEqual([105, 250, 300]);
    expect([...stage.asks.amounts.subarray(0, 3)]).toEqual([3_000, 0, 12]);
  });

  test.each(['["90071992547409.91","9007199254740.991"]', `["1.${'0'.repeat(40)}","0.0"]`, '["0.01","0"]'])(
    'takes the level %s',
    (level) => {
      expect(stageOf(frame('X/Y', level))).toBe(true);
      expect(stageOf(frame('X/Y', '', level))).toBe(true);
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
    expect(stageOf(frame('X/Y', level))).toBe(false);
    expect(stageOf(frame('X/Y', '', level))).toBe(false);
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
    expect(stageOf(usual)).toBe(true);
    expect(usual).toContain(from);
    expect(stageOf(usual.replace(from, to))).toBe(false);
  });

  test('leaves a frame that was cut anywhere to the exact decoder', () => {
    const whole = bytes(frame('X/Y', '["1.05","3"]', '["1.04","0.5"]'));
    const stage = createDepthStage({ priceScale: 2, amountScale: 3 });
    for (let end = 0; end < whole.length; end += 1) {
      expect(scanner.stage(whole.subarray(0, end), stage), `${end} bytes`).toBe(false);
    }
    expect(scanner.stage(whole, stage)).toBe(true);
  });
});
