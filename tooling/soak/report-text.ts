import type { LaneReport } from './lane.ts';

const shownFailures = 10;

/** What a lane has found, for people. */
export function reportText(report: LaneReport): string {
  const { counts, differences, failures, passes, seedsPerMinute, steps, virtualMs } = report;
  const [first] = passes;
  const { failureText } = report;
  const lines = [
    `${report.simulation}: ${first?.seeds ?? 0} of ${report.planned} seeds ${seedRange(report)}`,
    `  ${steps} steps, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${seedsPerMinute ?? 'no'} seeds a minute with ${report.workers} workers`,
    ...passes.map(({ name, node, resumed, seeds }) => {
      return `  ${name} pass: ${seeds} seeds on Node ${node}${resumed > 0 ? `, ${resumed} of them from an earlier start` : ''}`;
    }),
    ...report.shortfalls.map((text) => `  too little: ${text}`),
    ...(passes.length > 1 ? [`  ${equality(report)}`] : []),
    `  happened: ${
      Object.entries(counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ') || 'nothing was counted'
    }`,
    `  violations: ${failures.length === 0 ? 'none' : `in ${failures.length} seeds`}`,
    ...failures.slice(0, shownFailures).map(({ pass, seed, violations }) => {
      return `    ${seed}${pass === 'first' ? '' : ` (${pass} pass)`}: ${violations[0]?.invariant} ${violations[0]?.message}`;
    }),
    ...differences.slice(0, shownFailures).map(({ message, seed }) => `  different: ${seed}: ${message}`),
  ];
  return `${lines.join('\n')}\n${failureText === undefined ? '' : `\n${failureText}`}`;
}

/** How many results were the same again. */
export function equality({ differences, passes }: Pick<LaneReport, 'differences' | 'passes'>): string {
  const [first, ...others] = passes;
  const repeated = others.reduce((sum, { seeds }) => sum + seeds, 0);
  const missing = (first?.seeds ?? 0) * others.length - repeated;
  if (repeated === 0) return 'not compared';
  const same = `${repeated - differences.length} of ${repeated} results the same again`;
  return missing === 0 ? same : `${same}, ${missing} not repeated`;
}

/** The verdict on one mutant, for people. */
export function mutantText(report: LaneReport): string {
  const { mutant, passes } = report;
  const failure = noticed(report);
  const verdict =
    failure === undefined
      ? `SURVIVED ${passes[0]?.seeds ?? 0} seeds`
      : `noticed by ${failure.violations[0]?.invariant} at seed ${failure.seed}, after ${passes[0]?.seeds} seeds`;
  return `mutant ${mutant}: ${verdict}\n${report.failureText === undefined ? '' : `\n${report.failureText}`}`;
}

/** The failure by which a mutant was noticed. That a worker was lost is none: it says nothing about what was wrong. */
export function noticed({ failures }: LaneReport): LaneReport['failures'][number] | undefined {
  return failures.find(({ violations }) => violations[0]?.invariant !== 'worker');
}

function seedRange({ firstSeed }: LaneReport): string {
  return firstSeed === undefined ? '' : `(from ${firstSeed})`;
}
