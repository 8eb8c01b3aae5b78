import { expect, test } from 'vitest';
import { alignedWidth, alignNumbers } from './number-column.ts';

test('points stand below each other where there is room', () => {
  expect(alignNumbers(['1403.8', '0.37128', '95', '–'], 11, '…')).toEqual([
    ' 1403.8    ',
    '    0.37128',
    '   95      ',
    '    –      '.replace('    –', '    –'),
  ]);
  expect(alignedWidth(['1403.8', '0.37128', '95'])).toBe(10);
});

test('what does not fit the common line ends at the edge, and every text is as wide as asked', () => {
  const lines = alignNumbers(['1403.8', '0.37128', '209.1829', '0.000112528'], 11, '…');
  expect(lines).toEqual(
    [' 1403.8    ', '    0.37128', '  209.1829 ', '0.000112528'].map((line) => expect.any(String) && line),
  );
  for (const line of lines) expect(line).toHaveLength(11);
});

test('a number that is too long loses its last digits and says so', () => {
  expect(alignNumbers(['123456789.123456789', '1.5'], 8, '…')).toEqual(['1234567…', '     1.5']);
});
