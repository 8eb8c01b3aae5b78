import { isVenueError } from '@venuekit/connector-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordingItem } from './recorded-item.ts';
import { millisecondsToNanoseconds, toNanoseconds, toRecordedTime } from './recorded-time.ts';
import { formatRecordingLine, parseRecordingLine } from './recording-line.ts';

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max, size: 'max' });
const time = fc
  .tuple(digits(1, 12), fc.option(digits(1, 9)))
  .map(([seconds, fraction]) => (fraction === null ? seconds : `${seconds}.${fraction}`));
const url = fc.constantFrom('wss://venue.test/stream', 'https://venue.test/a?b=c%20d', 'ws://[::1]:80/x#<->');
/** Anything that stands on one line, also what a line begins with. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', size: 'large' }),
    fc.constantFrom('{"p":"1.50"}', '5: {}', 'wss://a <- 1: {}', 'cut', '\u2028', '\uFEFF', ' '),
  )
  .filter((value) => !value.includes('\n') && !value.endsWith('\r'));
const end = fc.oneof(
  fc.constantFrom({ how: 'cut' } as const, { how: 'left' } as const),
  fc
    .oneof(fc.constantFrom(1_000, 1_003, 1_007, 1_014), fc.integer({ min: 3_000, max: 4_999 }))
    .map((code) => ({ how: 'close', code }) as const),
);
const anyItem: fc.Arbitrary<RecordingItem> = fc.oneof(
  fc.record({ kind: fc.constant('connect' as const), url, time }),
  fc.record({ kind: fc.constantFrom('sent' as const, 'answer' as const), url, time, text }),
  fc.record({ kind: fc.constant('received' as const), time, text }),
  fc.record({ kind: fc.constant('end' as const), url, time, end }),
);

test('every item comes back as it was, digit for digit and byte for byte', () => {
  fc.assert(
    fc.property(anyItem, (item) => {
      const line = formatRecordingLine(item);
      expect(parseRecordingLine(line)).toEqual(item);
      expect(line).not.toContain('\n');
    }),
  );
});

test('every line that is read is written as it was', () => {
  const part = fc.constantFrom(
    ...['wss://a', ' ', '<->', '<-', '->', '<x>', '1.5', ':', ': ', '{}', 'cut', 'close 1000', 'x'],
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 3, maxLength: 9, size: 'max' }), (parts) => {
      const line = parts.join('');
      let item: RecordingItem | undefined;
      try {
        item = parseRecordingLine(line);
      } catch (error) {
        expect(isVenueError(error)).toBe(true);
      }
      if (item !== undefined) expect(formatRecordingLine(item)).toBe(line);
    }),
    { numRuns: 2_000 },
  );
});

describe('a line', () => {
  test.each(['', '  ', 'configuration: anything: at all'])(
    'that says nothing gives nothing: "%s"',
    (line) => {
      expect(parseRecordingLine(line)).toBeUndefined();
    },
  );

  const anyLine = 'a frame as "<time>: <json>" or "<url> <arrow> <time>…"';
  const anyTime = 'epoch seconds such as 1704067202.087';
  const anyEnd = 'cut, left, or close with a code such as 1000';
  test.each([
    ['hello', anyLine, 'hello'],
    [`\u0007${'x'.repeat(100)}`, anyLine, `?${'x'.repeat(59)}…`],
    ['1e9: {}', anyTime, '1e9'],
    ['-1: {}', anyTime, '-1'],
    ['1.: {}', anyTime, '1.'],
    ['1234567890123: {}', anyTime, '1234567890123'],
    ['1.1234567890: {}', anyTime, '1.1234567890'],
    [': {}', anyTime, 'nothing'],
    ['wss://a <-> 1: {}', 'nothing behind the time of an opening', '{}'],
    ['wss://a <- 1', '": " and more behind the time', 'the end of the line'],
    ['wss://a <x> 1: gone', anyEnd, 'gone'],
    ['wss://a <x> 1: close 1006', anyEnd, 'close 1006'],
    ['wss://a <x> 1: close 999', anyEnd, 'close 999'],
    ['wss://a <x> 1: close 03000', anyEnd, 'close 03000'],
  ])('that does not fit says what was expected and what was found: %s', (line, expected, got) => {
    expect(() => parseRecordingLine(line, { fileName: 'session.txt', line: 31 })).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        message: `readRecording: session.txt, line 31: expected ${expected}, got ${got}`,
      }),
    );
  });

  test.each(['{"a":\n1}', '{}\r'])('cannot hold a line break', (text) => {
    expect(() => formatRecordingLine({ kind: 'received', time: '1', text })).toThrow('on one line');
  });
});

describe('a time', () => {
  test('is whole nanoseconds and comes back without zeros at its end', () => {
    const most = 999_999_999_999_999_999_999n;
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: most }), (nanoseconds) => {
        const recorded = toRecordedTime(nanoseconds);
        expect(toNanoseconds(recorded)).toBe(nanoseconds);
        expect(recorded).not.toMatch(/\..*0$|\.$/);
      }),
    );
  });

  test('of a clock keeps what the clock says', () => {
    expect(toRecordedTime(millisecondsToNanoseconds(1_700_000_000_000))).toBe('1700000000');
    expect(toRecordedTime(millisecondsToNanoseconds(1_700_000_000_001.5))).toBe('1700000000.0015');
    expect(toRecordedTime(millisecondsToNanoseconds(0.000001))).toBe('0.000000001');
  });
});
