import type { NotedEvent, RunView } from '../view-model.ts';
import {
  countColumn,
  lastTradeColumn,
  pairColumn,
  priceColumn,
  spreadColumn,
  stateColumn,
} from './market-columns.ts';
import { type Palette, type Style, styleOfSeverity } from './palette.ts';
import { clip, layoutTable } from './table.ts';

/** Size of a terminal in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines that are not pairs or events: header, blank, titles, blank. */
const frameLines = 4;
const fewestEvents = 3;
const mostEvents = 8;

/** The lines of the live view. They fit into `size`, with one line left for the cursor. */
export function renderLiveView(view: RunView, size: ScreenSize, palette: Palette): readonly string[] {
  const room = Math.max(1, size.rows - 1);
  const pairRoom = Math.max(1, room - frameLines - fewestEvents);
  const fitting = view.rows.length <= pairRoom ? view.rows.length : Math.max(1, pairRoom - 1);
  const hidden = view.rows.length - fitting;
  const lines = [
    header(view, size.columns, palette),
    '',
    ...table(view, size.columns, palette).slice(0, fitting + 1),
    ...(hidden > 0 ? [muted(`and ${hidden} more, which need a taller window`, size.columns, palette)] : []),
    '',
  ];
  const eventRoom = Math.min(mostEvents, Math.max(0, room - lines.length));
  return [...lines, ...events(view.events, eventRoom, size.columns, palette)].slice(0, room);
}

function header(view: RunView, width: number, palette: Palette): string {
  const { cut } = palette.symbols;
  const left = `${view.venue} ${view.connection}`;
  const right = `${clock(view.elapsedMs)}  Ctrl-C ends`;
  const middle = clip(view.source, Math.max(0, width - left.length - right.length - 4), cut);
  const style: Style = view.connection === 'live' ? 'good' : view.connection === 'down' ? 'bad' : 'busy';
  const state = palette.paint(clip(view.connection, width, cut), style);
  if (left.length + right.length + 4 > width) return state;
  const space = ' '.repeat(Math.max(2, width - left.length - middle.length - right.length - 2));
  return `${palette.paint(view.venue, 'strong')} ${state}  ${middle}${space}${palette.paint(right, 'muted')}`;
}

function table({ rows }: RunView, width: number, palette: Palette): readonly string[] {
  const { symbols } = palette;
  const columns = [
    pairColumn(rows),
    priceColumn('bid', rows, symbols),
    priceColumn('ask', rows, symbols),
    spreadColumn(rows, symbols),
    lastTradeColumn(rows, symbols),
    stateColumn(rows, true),
    countColumn(
      { title: 'updates', shortTitle: 'upd' },
      rows.map((row) => row.applied),
      4,
    ),
    countColumn(
      { title: 'gaps', shortTitle: 'gap' },
      rows.map((row) => row.gaps),
    ),
    countColumn(
      { title: 'resyncs', shortTitle: 'sync' },
      rows.map((row) => row.resyncs),
    ),
  ];
  return layoutTable(columns, width, palette);
}

function events(
  all: readonly NotedEvent[],
  room: number,
  width: number,
  palette: Palette,
): readonly string[] {
  if (all.length === 0) return [muted('nothing went wrong so far', width, palette)].slice(0, room);
  return all.slice(-room).map((event) => eventLine(event, width, palette));
}

function muted(text: string, width: number, palette: Palette): string {
  return palette.paint(clip(text, width, palette.symbols.cut), 'muted');
}

/** One event with its time, in at most `width` characters. */
export function eventLine(event: NotedEvent, width: number, palette: Palette): string {
  const time = clock(event.elapsedMs);
  const text = clip(event.text, Math.max(1, width - time.length - 2), palette.symbols.cut);
  return `${palette.paint(time, 'muted')}  ${palette.paint(text, styleOfSeverity(event.severity))}`;
}

/** Elapsed time as `0:07.3`. */
export function clock(elapsedMs: number): string {
  const tenths = Math.floor(elapsedMs / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = Math.floor(tenths / 10) % 60;
  return `${minutes}:${String(seconds).padStart(2, '0')}.${tenths % 10}`;
}
