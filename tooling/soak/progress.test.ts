import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

const figures = {
  ...{ title: 'toy', done: 1, planned: 9, doneNow: 1, violations: 0, virtualMs: 0, leftMs: undefined },
};

/** What is written when the time passes in steps of a second. */
function written(isTTY: boolean, seconds: number, columns = 100): readonly string[] {
  const texts: string[] = [];
  let nowMs = 0;
  const progress = new Progress({ isTTY, columns, write: (text) => texts.push(text) }, () => nowMs);
  progress.begin();
  for (; nowMs < seconds * 1_000; nowMs += 1_000) progress.update(figures);
  progress.finish(figures);
  return texts;
}

test('writes a line every ten seconds where there is no terminal', () => {
  const texts = written(false, 30);
  expect(texts).toHaveLength(3);
  for (const text of texts) expect(text).toMatch(/^toy: 1 of 9 seeds.*\n$/);
});

test('writes over its line on a terminal', () => {
  const texts = written(true, 5);
  expect(texts).toHaveLength(5);
  for (const text of texts.slice(0, -1)) {
    expect(text.startsWith('\r\u001b[2Ktoy: 1 of 9 seeds')).toBe(true);
    expect(text).not.toContain('\n');
  }
  expect(texts.at(-1)).toMatch(/\n$/);
});

test('keeps within one line of the terminal, which it could not write over otherwise', () => {
  for (const text of written(true, 5, 20)) {
    expect(text.replace('\r\u001b[2K', '').replace('\n', '')).toBe('toy: 1 of 9 seeds, ');
  }
});
