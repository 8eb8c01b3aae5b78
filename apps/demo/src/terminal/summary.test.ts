import { expect, test } from 'vitest';
import { exampleView, tenRows } from '../../test/example-rows.ts';
import type { RunResult } from '../view-model.ts';
import { createPalette } from './palette.ts';
import { progressLine } from './progress.ts';
import { renderSummary } from './summary.ts';

const palette = createPalette({ isTerminal: false, platform: 'linux', environment: {} });
const result: RunResult = {
  view: exampleView(tenRows),
  verdict: { ok: false, lines: ['NOT OK: 2 of the pairs failed.', 'CHR-USDT: book resyncing: missing 5'] },
  trades: [],
  tradesOmitted: 0,
};

test('says where from, how long, every pair, the totals and the verdict', () => {
  const text = renderSummary(result, 80, palette);
  const lines = text.split('\n');
  expect(lines[0]).toBe('ascendex, replay of spot-ws-2021-04-17.txt, speed 1, ran 12.3 s');
  for (const { pair, ask } of tenRows) {
    const line = lines.find((candidate) => candidate.startsWith(pair)) ?? '';
    expect(line).toContain(ask?.toString() ?? '–');
  }
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(text).toContain(
    '13452 updates, 10 dropped, 12 gaps, 12 resyncs, 0 trades\n\nNOT OK: 2 of the pairs failed.\nCHR-USDT: book resyncing: missing 5\n',
  );
  expect(text.endsWith('\n')).toBe(true);
});

test('a run that never opened a market has no table', () => {
  const text = renderSummary({ ...result, view: exampleView([]) }, 80, palette);
  expect(text.split('\n')).toHaveLength(5);
});

test('progress is one line', () => {
  expect(progressLine(exampleView(tenRows))).toBe(
    '0:12.3  live, 8 of 10 books live, 13452 updates, 0 trades, 12 gaps, 12 resyncs',
  );
});
