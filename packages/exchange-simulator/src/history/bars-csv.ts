import type { VenueError } from '@venuekit/connector-core';
import { excerpt } from '../recording/exact-json.ts';
import type { Bar } from './bar.ts';
import { type BarInterval, barIntervals } from './bar-interval.ts';
import { parseBarTime } from './bar-time.ts';
import { createGridNumber, type GridNumber } from './grid-number.ts';
import { invalidHistory } from './invalid-history.ts';
import { intervalBetween, type LoadedBars, problemOf } from './loaded-bars.ts';

/** Steps of an instrument, as decimal text. */
export interface BarScale {
  readonly tickSize: string;
  readonly lotSize: string;
}

const columns = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
type Column = (typeof columns)[number];
type Cells = Readonly<Record<Column, string>>;

/** A row with the number of its line. */
interface Row {
  readonly line: number;
  readonly bar: Bar;
}

/**
 * Reads bars from text with commas. The first line names the columns `time,open,high,low,close,volume` in any order; others are passed
 * over. `time` is the start of a bar: ISO in UTC, seconds or milliseconds. The shortest distance of two rows is the interval, which all
 * have to fit; rows ascend, and some may be missing. Prices become ticks and volumes lots, the nearest ones, halves up.
 * @param name names the file in errors.
 * @throws VenueError `invalid-options` naming file, line, what was expected and what was got.
 */
export function parseBarsCsv(text: string, name: string, scale: BarScale): LoadedBars {
  const refuse = (line: number, message: string): VenueError =>
    invalidHistory('parseBarsCsv', `${name}, line ${line}: ${message}`);
  const rows = readRows(text, scale, refuse);
  const interval = intervalOf(rows, refuse);
  for (const [index, { bar, line }] of rows.entries()) {
    const problem = problemOf(bar, rows[index - 1]?.bar, interval);
    if (problem !== undefined) throw refuse(line, problem);
  }
  return { name, interval, bars: rows.map(({ bar }) => bar) };
}

type Refuse = (line: number, message: string) => VenueError;

function readRows(text: string, scale: BarScale, refuse: Refuse): readonly Row[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((cell) => cell.trim().toLowerCase());
  if (columns.some((column) => !header.includes(column)))
    throw refuse(1, `expected a header with ${columns.join(',')}, got ${excerpt(lines[0]) || 'nothing'}`);
  const readers = readersOf(scale);
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const refuseLine = (message: string): VenueError => refuse(index + 1, message);
    rows.push({ line: index + 1, bar: readBar(cellsOf(line, header, refuseLine), readers, refuseLine) });
  }
  return rows;
}

function cellsOf(line: string, header: readonly string[], refuse: (message: string) => VenueError): Cells {
  const cells = line.split(',');
  if (cells.length !== header.length)
    throw refuse(`expected ${header.length} columns, got ${cells.length}: ${excerpt(line)}`);
  const named = columns.map((column) => [column, cells[header.indexOf(column)]?.trim() ?? '']);
  return Object.fromEntries(named) as Cells;
}

interface Readers {
  readonly ticks: GridNumber;
  readonly lots: GridNumber;
}

/** @throws VenueError `invalid-options` unless both steps are decimals above 0. */
function readersOf({ tickSize, lotSize }: BarScale): Readers {
  const reader = (field: string, step: string): GridNumber => {
    const made = createGridNumber(step);
    if (made !== undefined) return made;
    throw invalidHistory('parseBarsCsv', `expected ${field} to be a decimal above 0, got ${excerpt(step)}`);
  };
  return { ticks: reader('tickSize', tickSize), lots: reader('lotSize', lotSize) };
}

function readBar(cells: Cells, { ticks, lots }: Readers, refuse: (message: string) => VenueError): Bar {
  const startMs = parseBarTime(cells.time);
  if (startMs === undefined)
    throw refuse(
      `expected time in UTC as ISO text, seconds or milliseconds, got ${excerpt(cells.time) || 'nothing'}`,
    );
  const read = (column: Column, grid: GridNumber): number => {
    const steps = grid.read(cells[column]);
    if (steps !== undefined) return steps;
    const got = excerpt(cells[column]) || 'nothing';
    const nearest = `the nearest ${grid === lots ? 'lot' : 'tick'} of ${grid.step}`;
    throw refuse(`expected ${column} to be a decimal from 0 up, which becomes ${nearest}, got ${got}`);
  };
  const bar: Bar = {
    startMs,
    openTicks: read('open', ticks),
    highTicks: read('high', ticks),
    lowTicks: read('low', ticks),
    closeTicks: read('close', ticks),
    volumeLots: read('volume', lots),
  };
  const problem = priceProblem(cells, bar, ticks.step);
  if (problem !== undefined) throw refuse(problem);
  return bar;
}

const prices = ['open', 'high', 'low', 'close'] as const;

/** What is wrong with the prices of a bar, as they were written; `undefined` if nothing is. */
function priceProblem(cells: Cells, bar: Bar, step: string): string | undefined {
  const { openTicks, highTicks, lowTicks, closeTicks } = bar;
  const low = prices.find((column) => bar[`${column}Ticks`] < 1);
  if (low !== undefined)
    return `expected ${low} to be one tick of ${step} at least when taken to the nearest, got ${excerpt(cells[low])}`;
  if (lowTicks <= Math.min(openTicks, closeTicks) && highTicks >= Math.max(openTicks, closeTicks))
    return undefined;
  const got = prices.map((column) => `${column} ${excerpt(cells[column])}`).join(', ');
  return `expected open and close from low to high, got ${got}`;
}

function intervalOf(rows: readonly Row[], refuse: Refuse): BarInterval {
  let nearest: readonly [Row, Row] | undefined;
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (before === undefined) continue;
    if (row.bar.startMs <= before.bar.startMs)
      throw refuse(row.line, `expected a time after that of line ${before.line}, got ${row.bar.startMs} ms`);
    if (nearest === undefined || distanceOf(before, row) < distanceOf(...nearest)) nearest = [before, row];
  }
  if (nearest === undefined) throw refuse(1, `expected two bars at least, got ${rows.length}`);
  const [before, row] = nearest;
  const interval = intervalBetween(before.bar.startMs, row.bar.startMs);
  if (interval !== undefined) return interval;
  const got = `${distanceOf(before, row)} ms from the line before`;
  throw refuse(row.line, `expected bars of one of ${barIntervals.join(' ')}, got ${got}`);
}

function distanceOf(before: Row, row: Row): number {
  return row.bar.startMs - before.bar.startMs;
}
