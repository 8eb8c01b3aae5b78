import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { exampleRow, exampleTrade, exampleView, tenRows } from '../../test/example-rows.ts';
import type { NotedEvent } from '../view-model.ts';
import { clock, renderLiveView } from './live-view.ts';
import { createPalette } from './palette.ts';

const environment = { LANG: 'C.UTF-8' };
const plain = createPalette({
  isTerminal: true,
  platform: 'linux',
  environment: { ...environment, NO_COLOR: '1' },
});
const coloured = createPalette({ isTerminal: true, platform: 'linux', environment });
const usual = { columns: 80, rows: 24 };

function rowOf(lines: readonly string[], pair: string): string {
  return lines.find((line) => line.startsWith(pair)) ?? '';
}

test('ten pairs and some events fit 80 columns and 24 rows, with every value in full', () => {
  const events: NotedEvent[] = Array.from({ length: 9 }, (_, index) => ({
    elapsedMs: index * 1_000,
    severity: 'bad',
    text: `event ${index} ${'long '.repeat(20)}`,
  }));
  const lines = renderLiveView(exampleView(tenRows, { events }), usual, plain);
  expect(lines.length).toBeLessThanOrEqual(23);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  const text = lines.join('\n');
  for (const { pair, bid, ask } of tenRows) {
    expect(text).toContain(pair);
    if (bid !== undefined) expect(rowOf(lines, pair)).toContain(bid.toString());
    if (ask !== undefined) expect(rowOf(lines, pair)).toContain(ask.toString());
  }
  expect(text).toContain('event 8');
  expect(text).not.toContain('event 0');
});

test('a row says side, spread, state and counts', () => {
  const lines = renderLiveView(exampleView(tenRows), { columns: 120, rows: 24 }, plain);
  expect(rowOf(lines, 'CHZ-USDT').split(/\s+/)).toEqual([
    'CHZ-USDT',
    '0.626579',
    '0.636898',
    '1.63%',
    '0.624800▼',
    'live',
    '123',
    '0',
    '0',
  ]);
  expect(rowOf(lines, 'NEO-USDT')).toMatch(/94\.595 +▲/);
  expect(rowOf(lines, 'ROOM-USDT').split(/\s+/)).toEqual([
    'ROOM-USDT',
    '–',
    '–',
    '–',
    '–',
    'stale',
    '123',
    '0',
    '0',
  ]);
});

test('titles stand above their columns, and decimal points below each other', () => {
  const rows = [exampleRow('A-B', '1403.8', '1442.7'), exampleRow('C-D', '0.37128', '0.37328')];
  const lines = renderLiveView(exampleView(rows), usual, plain);
  const [first, second] = [rowOf(lines, 'A-B'), rowOf(lines, 'C-D')];
  expect(first.indexOf('.')).toBe(second.indexOf('.'));
  const titles = rowOf(lines, 'pair');
  expect(titles.indexOf('book')).toBe(first.indexOf('live'));
  expect(titles.length).toBe(first.length);
});

test('columns do not move when a state or a count changes', () => {
  const calm = exampleView([exampleRow('A-B', '1.5', '1.6', { applied: 1 })]);
  const wild = exampleView([exampleRow('A-B', '1.5', '1.6', { applied: 999, gaps: 99, state: 'resyncing' })]);
  const width = (view: typeof calm) => rowOf(renderLiveView(view, usual, plain), 'A-B').length;
  expect(width(calm)).toBe(width(wild));
});

test('very long prices and names do not break the layout', () => {
  const long = '123456789012.000000000001';
  const rows = [
    exampleRow('1000000MEMECOIN-USDT', long, long, {
      lastTrade: exampleTrade(long, 'buy'),
      applied: 123_456_789,
    }),
    exampleRow('A-B', '1', '2'),
  ];
  for (const columns of [200, 80, 60, 40, 20, 5]) {
    for (const line of renderLiveView(exampleView(rows), { columns, rows: 24 }, plain)) {
      expect(line.length, line).toBeLessThanOrEqual(columns);
    }
  }
});

test('more pairs than rows are counted, and events keep their place', () => {
  const rows = Array.from({ length: 50 }, (_, index) => exampleRow(`P${index}-USDT`, '1', '2'));
  const lines = renderLiveView(exampleView(rows), usual, plain);
  expect(lines.length).toBeLessThanOrEqual(23);
  const shown = lines.filter((line) => /^P\d+-USDT/.test(line)).length;
  expect(lines.join('\n')).toContain(`and ${50 - shown} more`);
  expect(lines.at(-1)).toBe('nothing went wrong so far');
  for (const height of [1, 3, 6, 10]) {
    expect(renderLiveView(exampleView(rows), { columns: 80, rows: height }, plain).length).toBeLessThan(
      Math.max(2, height),
    );
  }
});

test('colour is added to the same characters, and only where it is wanted', () => {
  const bare = renderLiveView(exampleView(tenRows), usual, plain);
  const dressed = renderLiveView(exampleView(tenRows), usual, coloured);
  expect(bare.join('')).not.toContain('\u001b');
  expect(dressed.join('')).toContain('\u001b[32mlive');
  expect(dressed.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(
    bare.map((line) => line.trimEnd()),
  );
});

test('a terminal without UTF-8 gets plain signs', () => {
  const palette = createPalette({ isTerminal: true, platform: 'linux', environment: { LANG: 'C' } });
  const text = renderLiveView(exampleView(tenRows), usual, palette).join('\n');
  expect([...text].filter((sign) => sign > '~')).toEqual([]);
});

test('elapsed time', () => {
  expect(clock(0)).toBe('0:00.0');
  expect(clock(61_270)).toBe('1:01.2');
  expect(clock(3_600_000)).toBe('60:00.0');
});
