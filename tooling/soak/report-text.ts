import { countLines } from './count-text.ts';
import { tellingFailure } from './judgement.ts';
import type { LaneReport, PassReport } from './lane-report.ts';

const shownFailures = 10;

/** What a lane has found, for people. */
export function reportText(report: LaneReport): string {
  const { differences, failures, failureText, passes, shortfalls } = report;
  const lines = [
    `${report.simulation}: ${passes[0]?.seeds ?? 0} of ${amount(report.planned, 'seed')}${seedRange(report)}`,
    `  ${workText(report)}`,
    ...passes.map(passText),
    ...shortfalls.map((text) => `  too little: ${text}`),
    ...(passes.length > 1 ? [`  ${equality(report)}`] : []),
    ...happened(report),
    `  violations: ${failures.length === 0 ? 'none' : `in ${amount(failures.length, 'seed')}`}`,
    ...failures.slice(0, shownFailures).map(({ pass, seed, violations }) => {
      return `    ${seed}${pass === 'first' ? '' : ` (${pass} pass)`}: ${violations[0]?.invariant} ${violations[0]?.message}`;
    }),
    ...more(failures.length),
    ...differences.slice(0, shownFailures).map(({ message, seed }) => `  different: ${seed}: ${message}`),
    ...more(differences.length),
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
  const { failureText, mutant, passes } = report;
  const failure = tellingFailure(report.failures);
  const after = amount(passes[0]?.seeds ?? 0, 'seed');
  const verdict =
    failure === undefined
      ? `SURVIVED ${after}${passes[0]?.gaveUp === true ? `, ${gaveUpText}` : ''}`
      : `noticed by ${failure.violations[0]?.invariant} at seed ${failure.seed}, after ${after}`;
  return `mutant ${mutant}: ${verdict}\n${failureText === undefined ? '' : `\n${failureText}`}`;
}

const gaveUpText = 'given up after three lost workers in a row';

function workText({ seedsPerMinute, steps, virtualMs, workers }: LaneReport): string {
  const work = `${steps} steps, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours`;
  if (workers === 0) return `${work}, nothing of it new`;
  return `${work}, ${seedsPerMinute ?? 'no'} seeds a minute with ${amount(workers, 'worker')}`;
}

function passText({ gaveUp, name, node, resumed, seeds }: PassReport): string {
  const before = resumed > 0 ? `, ${resumed} of them from an earlier start` : '';
  return `  ${name} pass: ${amount(seeds, 'seed')} on Node ${node}${before}${gaveUp ? `, ${gaveUpText}` : ''}`;
}

function happened({ counts }: LaneReport): readonly string[] {
  const lines = countLines(counts);
  return lines.length === 0 ? ['  happened: nothing was counted'] : ['  happened:', ...lines];
}

function more(count: number): readonly string[] {
  return count <= shownFailures ? [] : [`    and ${count - shownFailures} more`];
}

function seedRange({ firstSeed, planned }: LaneReport): string {
  if (firstSeed === undefined) return '';
  return planned === 1 ? `, ${firstSeed}` : `, from ${firstSeed}`;
}

function amount(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
