import { expect, test } from 'vitest';
import { findJsonFault } from './json-fault.ts';

const cases: readonly (readonly [text: string, offset: number, expected: string])[] = [
  ['', 0, 'a value'],
  ['  ', 2, 'a value'],
  ['<html>', 0, 'a value'],
  ['nulL', 0, 'a value'],
  ['01', 0, 'a value'],
  ['1.', 0, 'a value'],
  ['+1', 0, 'a value'],
  ['1 2', 2, 'the end'],
  ['{} x', 3, 'the end'],
  ['[1,]', 3, 'a value'],
  ['[1 2]', 3, ', or ]'],
  ['[1}', 2, ', or ]'],
  ['[', 1, 'a value or ]'],
  ['{"a":1', 6, ', or }'],
  ['{"a" 1}', 5, ':'],
  ['{"a":1,}', 7, 'a name'],
  ['{a:1}', 1, 'a name or }'],
  ['{"a":}', 5, 'a value'],
  ['"abc', 4, 'the closing quote of text'],
  ['"a\nb"', 2, 'no control character in text'],
  ['"a\\xb"', 2, 'a known escape'],
  ['"\\u12g4"', 1, 'a known escape'],
];

test.each(cases)('%j breaks at %d, where %s was expected', (text, offset, expected) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(findJsonFault(text)).toEqual({ offset, expected });
});

test('deep nesting does not overflow the stack', () => {
  const deep = '['.repeat(200_000);
  expect(findJsonFault(deep)).toEqual({ offset: 200_000, expected: 'a value or ]' });
});
