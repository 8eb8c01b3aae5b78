import type { FinishedPass } from './lane-report.ts';
import type { SeedRecord } from './messages.ts';

/** A seed that was not the same twice. */
export interface Difference {
  readonly seed: string;
  /** What was found, for example `hash 1f0c… in the first pass on v24.1.0, 9d2b… in the again pass on v22.2.0`. */
  readonly message: string;
}

/**
 * The seeds of which two passes have different results. Where the worker was lost there is no result, in whichever pass: nothing
 * was the same then. A seed that the second pass did not come to is none.
 */
export function differencesBetween(first: FinishedPass, second: FinishedPass): readonly Difference[] {
  const others = new Map(second.records.map((record) => [record.seed, record]));
  const differences: Difference[] = [];
  for (const record of first.records) {
    const other = others.get(record.seed);
    if (other === undefined) continue;
    const isLost = record.hash === '' || other.hash === '';
    const field = isLost ? hash : fields.find((each) => each.of(record) !== each.of(other));
    if (field === undefined) continue;
    const shown = [
      `${field.of(record)} in the ${first.report.name} pass on ${first.report.node}`,
      `${field.of(other)} in the ${second.report.name} pass on ${second.report.node}`,
    ];
    differences.push({ seed: record.seed, message: `${field.name} ${shown.join(', ')}` });
  }
  return differences;
}

interface Field {
  readonly name: string;
  of(record: SeedRecord): string;
}

const hash: Field = {
  name: 'hash',
  of: (record) => (record.hash === '' ? 'none, the worker was lost' : record.hash.slice(0, 12)),
};

/** What is compared; the first that differs is named. */
const fields: readonly Field[] = [
  hash,
  { name: 'steps', of: ({ steps }) => String(steps) },
  { name: 'violations', of: ({ violations }) => JSON.stringify(violations) },
  { name: 'counts', of: ({ counts }) => JSON.stringify(counts) },
];
