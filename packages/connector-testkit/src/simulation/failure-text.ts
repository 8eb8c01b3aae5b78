import type { ShrunkSimulation } from './shrinking.ts';
import type { SimulationResult, SimulationStep, Violation } from './simulation.ts';

/** What {@link formatFailure} takes. */
export interface FailureTextOptions {
  /** How many lines of the trace to show, up to the violation, where it was kept; 30 by default. */
  readonly traceLines?: number;
  /** The command that runs it again, shown as it is. Without one, the first line alone says what to run: simulation and seed. */
  readonly command?: string;
}

/** Steps of a plan that are shown; a shrunk one has fewer. */
const shownSteps = 60;
/** Characters of a line of the trace that are shown. */
const longestLine = 240;

/**
 * Tells of a failure in several lines: what was violated, the steps, the command that runs it again where one was given, its entry
 * for the regression file, and the trace up to there.
 */
export function formatFailure(
  failure: SimulationResult | ShrunkSimulation,
  options: FailureTextOptions = {},
): string {
  const shrunk = 'result' in failure ? failure : undefined;
  const result = 'result' in failure ? failure.result : failure;
  const first = shrunk?.violation ?? result.violations[0];
  const headline =
    first === undefined ? 'no violation' : `${first.invariant} violated at ${shownMs(first.atMs)}`;
  const lines = [
    `${result.simulation}, seed ${result.seed}: ${headline}`,
    ...(first === undefined ? [] : [`  ${first.message}`]),
    ...otherViolations(result, first),
    ...planLines(result, shrunk),
    ...(options.command === undefined ? [] : ['Run it again:', `  ${options.command}`]),
    'Entry for the regression file:',
    `  ${JSON.stringify(regressionOf(result, shrunk, shrunk?.invariant ?? first?.invariant))}`,
    ...traceLines(result, options.traceLines ?? 30, first?.atMs ?? Number.POSITIVE_INFINITY),
  ];
  return `${lines.join('\n')}\n`;
}

function otherViolations(
  { unlisted, violations }: SimulationResult,
  first: Violation | undefined,
): readonly string[] {
  const listed = violations.filter((violation) => violation !== first);
  const others = listed.length + unlisted;
  if (others <= 0) return [];
  const names = [...new Set(listed.map(({ invariant }) => invariant))].join(', ');
  return [`  and ${others} more${names === '' ? '' : ` (${names})`}`];
}

function planLines({ plan }: SimulationResult, shrunk: ShrunkSimulation | undefined): readonly string[] {
  const steps = [
    ...plan.actions.map((step) => ({ part: 'action', step })),
    ...plan.faults.map((step) => ({ part: 'fault', step })),
  ].sort((a, b) => a.step.atMs - b.step.atMs);
  const switches = Object.entries(plan.switches).map(([name, setting]) => `${name}=${setting}`);
  const title = shrunk === undefined ? 'Plan' : `Plan, after ${shrunk.runs} runs of shrinking`;
  return [
    `${title}: ${count(plan.actions, 'action')}, ${count(plan.faults, 'fault')}`,
    ...steps
      .slice(0, shownSteps)
      .map(({ part, step }) => `  ${shownMs(step.atMs).padStart(10)}  ${part.padEnd(6)}  ${describe(step)}`),
    ...(steps.length > shownSteps ? [`  and ${steps.length - shownSteps} more: shrink it`] : []),
    ...(switches.length === 0 ? [] : [`Switches: ${switches.join(', ')}`]),
  ];
}

function describe({ kind, with: details }: SimulationStep): string {
  const values = Object.entries(details ?? {}).map(([name, value]) => `${name}=${value}`);
  return [kind, ...values].join(' ');
}

function regressionOf(
  { plan, seed }: SimulationResult,
  shrunk: ShrunkSimulation | undefined,
  invariant = '',
): object {
  return {
    seed,
    ...(shrunk === undefined ? { fromSeed: true } : { plan }),
    invariant,
    note: 'what was wrong',
  };
}

function traceLines({ trace }: SimulationResult, most: number, untilMs: number): readonly string[] {
  if (trace.length === 0 || most <= 0) return [];
  // Each line begins with its time.
  const end = trace.findLastIndex((line) => Number.parseFloat(line) <= untilMs) + 1;
  const shown = trace.slice(Math.max(0, end - most), end).map(shorten);
  return [
    `Trace up to the violation, ${shown.length} of ${trace.length} lines:`,
    ...shown.map((line) => `  ${line}`),
  ];
}

function shorten(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)}… (${line.length} characters)`;
}

function count(list: readonly unknown[], name: string): string {
  return `${list.length} ${name}${list.length === 1 ? '' : 's'}`;
}

function shownMs(ms: number): string {
  return `${ms} ms`;
}
