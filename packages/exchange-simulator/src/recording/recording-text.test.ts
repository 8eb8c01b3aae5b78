import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedItem, RecordedSession } from './recorded-session.ts';
import { toNanoseconds, toTimeText } from './recorded-time.ts';
import { formatRecording, parseRecording } from './recording-text.ts';

const url = 'wss://venue.test/1/stream';

const decimalText = fc
  .tuple(fc.nat(), fc.option(fc.stringMatching(/^\d{1,12}$/), { nil: undefined }))
  .map(([whole, fraction]) => (fraction === undefined ? String(whole) : `${whole}.${fraction}`));
const integer = fc.bigInt({ min: 0n, max: 2n ** 63n });
const levels = fc
  .array(fc.tuple(decimalText, decimalText), { maxLength: 4 })
  .map((side) => JSON.stringify(side));
const symbol = fc.constantFrom('BTC/USDT', 'ETH/BTC', 'X-S/USDT');
const book = fc
  .tuple(fc.constantFrom('depth', 'depth-snapshot'), symbol, fc.nat(), integer, levels, levels)
  .map(
    ([m, name, ts, seqnum, asks, bids]) =>
      `{"m":"${m}","symbol":"${name}", "data":{"ts":${ts},"seqnum":${seqnum},"asks":${asks},"bids":${bids}}}`,
  );
const trades = fc
  .tuple(symbol, decimalText, decimalText, fc.nat(), fc.boolean(), integer)
  .map(
    ([name, p, q, ts, bm, seqnum]) =>
      `{"m":"trades","symbol":"${name}","data":[{"p":"${p}","q":"${q}","ts":${ts},"bm":${bm},"seqnum":${seqnum}}]}`,
  );
const received = fc.oneof(
  book,
  trades,
  fc.constantFrom('{"m":"ping","hp":3}', '{"m":"sub","ch":"depth:A/B","code":0}'),
);
const sent = fc.constantFrom(
  '{"op":"pong"}',
  '{"op":"sub","ch":"depth:A/B,C/D"}',
  '{"op":"req","action":"x"}',
);
const line = fc.oneof(
  { weight: 4, arbitrary: received.map((text) => (time: string) => `${time}: ${text}`) },
  sent.map((text) => (time: string) => `${url} <- ${time}: ${text}`),
  fc.constant((time: string) => `${url} <-> ${time}`),
  fc
    .constantFrom('cut', 'left', 'close 1000', 'close 4999')
    .map((how) => (time: string) => `${url} <x> ${time}: ${how}`),
  fc.constant((time: string) => `https://venue.test/products -> ${time}: {"code":0,"data":[]}`),
);
const file = fc.array(fc.tuple(line, fc.nat({ max: 2_000_000_000 })), { maxLength: 20 }).map((rows) => {
  let nanoseconds = 1_700_000_000_000_000_000n;
  return rows.map(([write, step]) => {
    nanoseconds += BigInt(step);
    return `${write(toTimeText(nanoseconds))}\n`;
  });
});

test('what is read is written again byte for byte, without blank lines', () => {
  fc.assert(
    fc.property(file, (lines) => {
      const session = parseRecording(lines.join('\n'), 'a.txt');
      expect(formatRecording(session)).toBe(lines.join(''));
      expect(parseRecording(formatRecording(session), 'a.txt')).toEqual(session);
    }),
    { numRuns: 200 },
  );
});

test('times are exact to the nanosecond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (nanoseconds) => {
      expect(toNanoseconds(toTimeText(nanoseconds))).toBe(nanoseconds);
    }),
  );
  expect(toNanoseconds('1618677609.1254132')).toBe(1_618_677_609_125_413_200n);
});

const good = '1.5: {"m":"ping","hp":3}';

test.each([
  ['bad time', 'soon: {"m":"ping"}', 'expected epoch seconds such as 1700000000.25, got soon'],
  ['time with an exponent', '1e9: {"m":"ping"}', 'expected epoch seconds such as 1700000000.25, got 1e9'],
  ['no time', `${url} <- {"op":"pong"}`, 'expected'],
  ['not JSON', '2: {"m":"ping"', 'expected JSON, got {"m":"ping"'],
  ['not an object', '2: [1]', 'expected a JSON object, got [1]'],
  ['no colon', '2 {"m":"ping"}', 'expected "<epoch seconds>: <json>"'],
  ['unknown message', '2: {"m":"weather"}', 'expected a message of the venue, got "m":"weather"'],
  ['no kind', '2: {"x":1}', 'expected "m" to be text, got nothing'],
  ['no data', '2: {"m":"depth","symbol":"A/B"}', 'expected "data" to be an object, got nothing'],
  [
    'number as text',
    '2: {"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":"1","asks":[],"bids":[]}}',
    'expected "seqnum" to be an integer, got 1',
  ],
  [
    'price as a number',
    '2: {"m":"depth","symbol":"A/B","data":{"ts":1,"seqnum":1,"asks":[[1,"2"]],"bids":[]}}',
    'expected a level ["price","size"] of decimal texts, got [1,"2"]',
  ],
  [
    'trade without a side',
    '2: {"m":"trades","symbol":"A/B","data":[{"p":"1","q":"1","ts":1,"seqnum":1}]}',
    'expected "bm" to be true or false, got nothing',
  ],
  ['time goes back', '1.4999: {"m":"ping","hp":3}', 'expected a received frame not before 1.5, got 1.4999'],
  ['sent without op', `${url} <- 2: {"x":1}`, 'expected "op" to be text, got nothing'],
  ['sent without a frame', `${url} <- 2`, 'expected ": " and JSON after the time'],
  ['connect with a frame', `${url} <-> 2: {"op":"pong"}`, 'expected nothing after the time of a connect'],
  ['end that does not say how', `${url} <x> 2`, 'expected ": " and how it ended after the time'],
  [
    'end of another kind',
    `${url} <x> 2: gone`,
    'expected cut, left or close with a code such as close 1000, got gone',
  ],
  ['close without a code', `${url} <x> 2: close`, 'expected cut, left or close with a code'],
  ['close with an impossible code', `${url} <x> 2: close 999`, 'expected cut, left or close with a code'],
  [
    'close with a code that is never sent',
    `${url} <x> 2: close 1006`,
    'expected cut, left or close with a code',
  ],
  ['end before what was received', `${url} <x> 1.4999: cut`, 'expected an end not before 1.5, got 1.4999'],
])('%s is refused with its line number', (_name, bad, message) => {
  const parse = (): RecordedSession => parseRecording(`${good}\n\n${bad}\n`, 'dir/a.txt');
  expect(parse).toThrow(`dir/a.txt, line 3: ${message}`);
  expect(parse).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

test('a configuration line and Windows line ends are left out', () => {
  const { items } = parseRecording(`${good}\r\nconfiguration: {"trades":[]}\r\n`, 'a.txt');
  expect(items.map((item: RecordedItem) => item.kind)).toEqual(['received']);
});

test('equal times, and sent lines of any time, are taken', () => {
  const lines = [good, good, `${url} <- 1: {"op":"pong"}`, `${url} <- 9: {"op":"pong"}`, good];
  expect(parseRecording(lines.join('\n'), 'a.txt').items.length).toBe(5);
});

test('nothing is received before the end above it', () => {
  expect(() => parseRecording(`${url} <x> 2: cut\n${good}`, 'a.txt')).toThrow(
    'a.txt, line 2: expected a received frame not before 2, got 1.5',
  );
});

test('an end says how, and of a closing handshake the code', () => {
  const ends = ['cut', 'left', 'close 1001'].map(
    (how) => parseRecording(`${url} <x> 2.5: ${how}`, 'a.txt').items,
  );
  expect(ends).toEqual([
    [{ kind: 'end', url, time: '2.5', end: { how: 'cut' } }],
    [{ kind: 'end', url, time: '2.5', end: { how: 'left' } }],
    [{ kind: 'end', url, time: '2.5', end: { how: 'close', code: 1001 } }],
  ]);
});

test('a sub without a code is a confirmation, one with another code is not', () => {
  const messages = ['', ',"code":0', ',"code":100008'].map((code) => {
    const [item] = parseRecording(`1: {"m":"sub","ch":"depth:A/B"${code}}`, 'a.txt').items;
    return item?.kind === 'received' ? item.message.kind : undefined;
  });
  expect(messages).toEqual(['subscribed', 'subscribed', 'session']);
});

test('line separators other than a line feed belong to the frame', () => {
  for (const separator of ['\u2028', '\u2029', '\u0085']) {
    const lines = `1: {"m":"error","info":"a${separator}b"}\n${url} <- 2: {"op":"x${separator}y"}\n`;
    expect(formatRecording(parseRecording(lines, 'a.txt'))).toBe(lines);
  }
});

test('a byte order mark is left out', () => {
  expect(formatRecording(parseRecording(`\uFEFF${good}\n`, 'a.txt'))).toBe(`${good}\n`);
});

test('control characters do not get into messages', () => {
  expect(() => parseRecording('2: {"m":"\\u001b[31m\\u202e"}', 'a.txt')).toThrow('got "m":"?[31m?"');
  expect(() => parseRecording('\u001b[2Jx', 'a.txt')).toThrow('got ?[2Jx');
});

test('a long line that fits nothing is refused in time', { timeout: 1_000 }, () => {
  expect(() => parseRecording('a://'.repeat(100_000), 'a.txt')).toThrow('a.txt, line 1: expected');
});
