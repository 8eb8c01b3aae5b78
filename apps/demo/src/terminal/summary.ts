import type { PairRow, RunResult } from '../view-model.ts';
import { countColumn, pairColumn, priceColumn, stateColumn } from './market-columns.ts';
import type { Palette } from './palette.ts';
import { layoutTable } from './table.ts';

/** What a finished run prints for people, lines of at most `width` characters but for the sentences at its end. */
export function renderSummary(result: RunResult, width: number, palette: Palette): string {
  const { view, verdict } = result;
  const seconds = (view.elapsedMs / 1_000).toFixed(1);
  return [
    `${palette.paint(view.venue, 'strong')}, ${view.source}, ran ${seconds} s`,
    '',
    ...(view.rows.length === 0 ? [] : [...table(view.rows, width, palette), '', totals(view.rows), '']),
    ...verdict.lines.map((line, index) =>
      index === 0 ? palette.paint(line, verdict.ok ? 'good' : 'bad') : line,
    ),
    '',
  ].join('\n');
}

function table(rows: readonly PairRow[], width: number, palette: Palette): readonly string[] {
  const count = (title: string, shortTitle: string, of: (row: PairRow) => number) =>
    countColumn({ title, shortTitle }, rows.map(of));
  const columns = [
    pairColumn(rows),
    priceColumn('bid', rows, palette.symbols),
    priceColumn('ask', rows, palette.symbols),
    stateColumn(rows, false),
    count('applied', 'appl', (row) => row.applied),
    count('dropped', 'drop', (row) => row.dropped),
    count('gaps', 'gaps', (row) => row.gaps),
    count('resyncs', 'sync', (row) => row.resyncs),
    count('trades', 'trad', (row) => row.trades),
  ];
  return layoutTable(columns, width, palette);
}

function totals(rows: readonly PairRow[]): string {
  const sum = (of: (row: PairRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return [
    `${sum((row) => row.applied)} updates`,
    `${sum((row) => row.dropped)} dropped`,
    `${sum((row) => row.gaps)} gaps`,
    `${sum((row) => row.resyncs)} resyncs`,
    `${sum((row) => row.trades)} trades`,
  ].join(', ');
}
