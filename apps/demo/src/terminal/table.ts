import { alignedWidth, alignNumbers } from './number-column.ts';
import type { Palette, Style } from './palette.ts';

/** One field of a table. */
export interface Cell {
  readonly text: string;
  /** Used where space is short. */
  readonly short?: string;
  readonly style?: Style;
  /** Written directly behind the aligned text, in the same style. */
  readonly suffix?: string;
}

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Used where space is short. */
  readonly shortTitle: string;
  /** `point` puts decimal points below each other. */
  readonly align: 'left' | 'right' | 'point';
  /** Fewest characters, so that the table does not jump when values change. */
  readonly minWidth?: number;
  /** The same where space is short. */
  readonly minShortWidth?: number;
  /** Most characters; what is longer is cut. */
  readonly maxWidth: number;
  readonly cells: readonly Cell[];
}

/** A column in a chosen width. */
interface Fitted {
  readonly column: Column;
  readonly short: boolean;
  readonly width: number;
}

/** Below this a column says nothing any more. */
const narrowest = 4;

/**
 * Lays out a table in at most `width` characters: first with full words, then with short ones, then with narrower columns, and at
 * last with fewer columns.
 * @returns the title line and one line a row, dressed; each is at most `width` characters wide.
 */
export function layoutTable(columns: readonly Column[], width: number, palette: Palette): readonly string[] {
  const { fitted, gap } = fit(columns, width);
  const parts = fitted.map((column) => renderColumn(column, palette));
  const count = Math.max(0, ...columns.map((column) => column.cells.length)) + 1;
  return Array.from({ length: count }, (_, line) =>
    parts.map((part) => part[line] ?? '').join(' '.repeat(gap)),
  );
}

function fit(columns: readonly Column[], width: number): { fitted: readonly Fitted[]; gap: number } {
  for (const { short, gap } of [
    { short: false, gap: 2 },
    { short: false, gap: 1 },
    { short: true, gap: 1 },
  ]) {
    const fitted = columns.map((column) => ({ column, short, width: naturalWidth(column, short) }));
    if (totalWidth(fitted, gap) <= width) return { fitted, gap };
  }
  const tight = columns.map((column) => ({ column, short: true, width: naturalWidth(column, true) }));
  return { fitted: squeeze(tight, width), gap: 1 };
}

function totalWidth(fitted: readonly Fitted[], gap: number): number {
  return fitted.reduce((sum, column) => sum + column.width, 0) + gap * Math.max(0, fitted.length - 1);
}

function naturalWidth(column: Column, short: boolean): number {
  const texts = column.cells.map((cell) => textOf(cell, short));
  const content =
    column.align === 'point' ? alignedWidth(texts) : Math.max(0, ...texts.map((text) => text.length));
  const least = (short ? column.minShortWidth : column.minWidth) ?? 0;
  const title = short ? column.shortTitle : column.title;
  return (
    Math.max(Math.min(content, column.maxWidth), least, title.length - suffixWidth(column)) +
    suffixWidth(column)
  );
}

function suffixWidth(column: Column): number {
  return Math.max(0, ...column.cells.map((cell) => cell.suffix?.length ?? 0));
}

/** Takes from the widest column, one character at a time; when all are narrow, drops the last column. */
function squeeze(fitted: readonly Fitted[], width: number): readonly Fitted[] {
  let result = [...fitted];
  while (result.length > 1 && totalWidth(result, 1) > width) {
    const widest = result.reduce((most, column) => (column.width > most.width ? column : most));
    result =
      widest.width <= narrowest
        ? result.slice(0, -1)
        : result.map((column) => (column === widest ? { ...column, width: column.width - 1 } : column));
  }
  return result;
}

function textOf(cell: Cell, short: boolean): string {
  return short ? (cell.short ?? cell.text) : cell.text;
}

function renderColumn({ column, short, width }: Fitted, palette: Palette): readonly string[] {
  const { cut } = palette.symbols;
  const suffix = suffixWidth(column);
  const inner = Math.max(1, width - suffix);
  const title = clip(short ? column.shortTitle : column.title, width, cut);
  const texts = column.cells.map((cell) => textOf(cell, short));
  const aligned =
    column.align === 'point'
      ? alignNumbers(texts, inner, cut)
      : texts.map((text) => pad(clip(text, inner, cut), inner, column.align === 'left'));
  const body = column.cells.map((cell, index) => {
    const text = `${aligned[index] ?? ''}${(cell.suffix ?? '').padEnd(suffix)}`;
    return palette.paint(text, cell.style ?? 'plain');
  });
  return [palette.paint(pad(title, width, column.align === 'left'), 'muted'), ...body];
}

function pad(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

/** Cuts text to `width` characters; a cut text ends with the sign `cut`. */
export function clip(text: string, width: number, cut: string): string {
  return text.length <= width ? text : text.slice(0, Math.max(0, width - cut.length)) + cut;
}
