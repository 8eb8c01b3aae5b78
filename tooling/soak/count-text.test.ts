import { expect, test } from 'vitest';
import { countLines } from './count-text.ts';

test('shows counts by their beginnings, and what is alone with its beginning last', () => {
  const counts = {
    ...{ 'fault cut': 3, 'fault edit': 2, 'read book: answered': 27, 'read book: timeout': 2 },
    ...{ 'connection lost': 7, dial: 7, 'close: answered': 4 },
  };
  expect(countLines(counts)).toEqual([
    '    fault: cut 3, edit 2',
    '    read book: answered 27, timeout 2',
    '    others: connection lost 7, dial 7, close: answered 4',
  ]);
  expect(countLines({ add: 1, read: 2 })).toEqual(['    add 1, read 2']);
  expect(countLines({})).toEqual([]);
});

test('keeps within a terminal, whatever was counted, and loses nothing', () => {
  const names = Array.from({ length: 60 }, (_, index) => `fault number-${index}`);
  const lines = countLines(Object.fromEntries(names.map((name, index) => [name, index])));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  const shown = lines.map((line) => line.trim()).join(' ');
  expect(shown).toBe(`fault: ${names.map((name, index) => `${name.slice(6)} ${index}`).join(', ')}`);
});
