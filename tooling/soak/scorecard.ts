import type { LaneReport } from './lane-report.ts';
import { equality } from './report-text.ts';
import { SoakError } from './soak-error.ts';

const start = '<!-- soak: written by `test:soak --write` -->';
const end = '<!-- end of soak -->';
const columns = [
  'What',
  'Command',
  'Seeds',
  'Violations',
  'Hash equality',
  'Virtual hours',
  'Seeds a minute',
  'Node',
  'Commit',
  'Date',
];

/**
 * The document with the row of this simulation written anew. Rows of others, and everything else, are left alone.
 * @param command how it was started.
 * @param date for example `2026-01-31`.
 * @throws SoakError if the document has no place for it.
 */
export function withRow(document: string, report: LaneReport, command: string, date: string): string {
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from < 0 || to < from) {
    throw new SoakError(`scorecard: expected the lines ${start} and ${end}, got a document without them`);
  }
  const rows = new Map<string, string>();
  for (const line of document.slice(from, to).split('\n')) {
    const name = nameOf(line);
    if (name !== undefined) rows.set(name, line);
  }
  rows.set(report.simulation, rowOf(report, command, date));
  const table = [
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => ' --- |').join('')}`,
    ...[...rows.keys()].sort().map((name) => rows.get(name)),
  ].join('\n');
  return `${document.slice(0, from)}${start}\n\n${table}\n\n${document.slice(to)}`;
}

/** The simulation that a row is about; undefined for the lines above the rows and for what is no row. */
function nameOf(line: string): string | undefined {
  const name = /^\|\s*(\S+)\s*\|/.exec(line)?.[1];
  return name === undefined || name === columns[0] || /^:?-+:?$/.test(name) ? undefined : name;
}

function rowOf(report: LaneReport, command: string, date: string): string {
  const versions = [...new Set(report.passes.map(({ node }) => node.replace(/^v/, '')))].join(', ');
  const cells = [
    report.simulation,
    `\`${command}\``,
    String(report.passes[0]?.seeds ?? 0),
    [report.failures.length, ...report.shortfalls].join('; too little: '),
    equality(report),
    (report.virtualMs / 3_600_000).toFixed(1),
    String(report.seedsPerMinute ?? 'not measured'),
    versions,
    report.commit,
    date,
  ];
  return `| ${cells.join(' | ')} |`;
}
