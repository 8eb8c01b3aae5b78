import { expect, test } from 'vitest';
import { checkCloseFrame } from './close-frame.ts';

/** What comes of a close with this code and reason. */
function outcome(code: number, reason = ''): string {
  try {
    checkCloseFrame(code, reason);
    return 'sent';
  } catch (error) {
    return (error as Error).name;
  }
}

test('the codes that anybody may send are those of RFC 6455 and its registry, and those for programs', () => {
  const codes = Array.from({ length: 6_000 }, (_, code) => code);
  const standard = [1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011, 1_012, 1_013, 1_014];
  const own = codes.filter((code) => code >= 3_000 && code < 5_000);
  expect(codes.filter((code) => outcome(code) === 'sent')).toEqual([...standard, ...own]);
  for (const code of [-1_000, Number.NaN, Number.POSITIVE_INFINITY]) expect(outcome(code)).toBe('TypeError');
});

test.each([
  ['x'.repeat(123), 'sent'],
  ['x'.repeat(124), 'RangeError'],
  [`x${'ü'.repeat(61)}`, 'sent'],
  ['ü'.repeat(62), 'RangeError'],
])('a reason has room for 123 bytes: %s', (reason, expected) => {
  expect(outcome(1_000, reason)).toBe(expected);
});
