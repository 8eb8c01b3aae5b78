import { expect, test } from 'vitest';
import { LiveScreen } from './live-screen.ts';

function recorder(columns: number) {
  const written: string[] = [];
  const size = { columns, rows: 24 };
  return { written, size, output: { write: (text: string) => void written.push(text), size: () => size } };
}

test('hides the cursor once, goes back over what it drew, and gives the cursor back', () => {
  const { written, output } = recorder(80);
  const screen = new LiveScreen(output);
  screen.draw(['one', 'two']);
  screen.draw(['three']);
  screen.close();
  screen.close();
  expect(written).toEqual([
    '\u001b[?25l\r\u001b[2Kone\n\u001b[2Ktwo\n\u001b[J',
    '\u001b[2A\r\u001b[2Kthree\n\u001b[J',
    '\u001b[1A\r\u001b[J\u001b[?25h',
  ]);
});

test('nothing is written where nothing was drawn', () => {
  const { written, output } = recorder(80);
  new LiveScreen(output).close();
  expect(written).toEqual([]);
});

test('a window that became narrower has wrapped the lines; colours have no width', () => {
  const { written, output, size } = recorder(80);
  const screen = new LiveScreen(output);
  screen.draw([`\u001b[32m${'x'.repeat(60)}\u001b[0m`, 'short']);
  size.columns = 30;
  screen.draw([]);
  expect(written.at(-1)).toBe('\u001b[3A\r\u001b[J');
});
