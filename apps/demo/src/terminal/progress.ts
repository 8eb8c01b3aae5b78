import type { RunView } from '../view-model.ts';
import { clock } from './live-view.ts';

/** One short line about a run without a terminal. */
export function progressLine({ elapsedMs, connection, rows }: RunView): string {
  const live = rows.filter((row) => row.state === 'live').length;
  const sum = (count: (row: RunView['rows'][number]) => number): number =>
    rows.reduce((total, row) => total + count(row), 0);
  return [
    `${clock(elapsedMs)}  ${connection}`,
    `${live} of ${rows.length} books live`,
    `${sum((row) => row.applied)} updates`,
    `${sum((row) => row.trades)} trades`,
    `${sum((row) => row.gaps)} gaps`,
    `${sum((row) => row.resyncs)} resyncs`,
  ].join(', ');
}
