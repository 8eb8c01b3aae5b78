import { middle } from '../measure.ts';
import { eachOf, progress, rotated, runChild } from './child.ts';
import type { Goal } from './goals.ts';
import { subjects } from './load-subject.ts';
import type { LimitResult, SaturatedResult } from './saturated.ts';
import { printTable, shown } from './table.ts';

type Scenario = 'A' | 'B';
type Results = ReadonlyMap<string, readonly SaturatedResult[]>;

const own = 'venuekit';
/** What is left of a rate when each request counts for 10 ms longer. */
const bestShare = 1_000 / 1_010;
const headings: Readonly<Record<Scenario, string>> = {
  A: 'A: 4,000 queued, one limit of 100 a second, 10 s',
  B: 'B: 4,000 queued, orders and queries in turn, 100 a second for all and 50 for orders, 10 s',
};

/** Runs everybody through both scenarios: venuekit alone and several times, the others once, four at a time. */
export async function measureSaturated(rounds: number): Promise<readonly Goal[]> {
  const names = Object.keys(subjects).filter((name) => name !== 'venuekit, run');
  const both: Readonly<Record<Scenario, Map<string, SaturatedResult[]>>> = { A: new Map(), B: new Map() };
  const runOne = async ([name, scenario]: readonly [string, Scenario]): Promise<void> => {
    const result = await runChild<SaturatedResult>({ program: 'saturated', args: [name, scenario] });
    const results = both[scenario];
    results.set(name, [...(results.get(name) ?? []), ...(result === undefined ? [] : [result])]);
    progress(`10 s of ${scenario}, ${name}`);
  };
  const pairs = (name: string) => (['A', 'B'] as const).map((scenario) => [name, scenario] as const);
  await eachOf(rotated(pairs(own), rounds), 1, runOne);
  await eachOf(names.filter((name) => name !== own).flatMap(pairs), 4, runOne);
  for (const scenario of ['A', 'B'] as const) printScenario(scenario, names, both[scenario]);
  return goalsOf(both.A, both.B);
}

function printScenario(scenario: Scenario, names: readonly string[], results: Results): void {
  console.log(`\n### ${headings[scenario]}`);
  const isMixed = scenario === 'B';
  const rows = names.map((name) => {
    const runs = results.get(name) ?? [];
    const limits = isMixed
      ? [runs.map(({ all }) => all), runs.map(({ order }) => order)]
      : [runs.map(({ all }) => all)];
    const each = (show: (runs: readonly LimitResult[]) => string): string => limits.map(show).join(' / ');
    const mid = (value: (run: SaturatedResult) => number): string => shown(middle(runs.map(value)));
    return [
      name,
      each((those) => shown(middle(those.map(({ usedPercent }) => usedPercent)), 1)),
      each((those) => shown(middle(those.map(({ heldPercent }) => heldPercent)), 1)),
      each((those) => shown(middle(those.map(({ heldPercent }) => heldPercent / bestShare)), 1)),
      each(worstOf),
      shown(Math.max(...runs.map((run) => run.overtakes))),
      `${mid(({ cpuMs }) => cpuMs)} / ${mid(({ waitingCpuMs }) => waitingCpuMs)}`,
      mid(({ wakeUpsPerSecond }) => wakeUpsPerSecond),
    ];
  });
  const limit = isMixed ? ', all / orders' : '';
  const head = [`used %${limit}`, 'held %', 'held, % of W / (W + 10 ms)', 'worst window', 'overtakes'];
  printTable(['', ...head, 'CPU ms: in all / once queued', 'wake-ups a second'], rows);
}

function worstOf(runs: readonly LimitResult[]): string {
  const worst = Math.max(...runs.map((run) => run.worst));
  return worst > (runs[0]?.capacity ?? 0) ? `**${worst}**` : `${worst}`;
}

/** Never more than a limit in any window, and nobody before an earlier one. */
function isRight(results: readonly SaturatedResult[]): boolean {
  return (
    results.length > 0 &&
    results.every(
      (run) => run.overtakes === 0 && [run.all, run.order].every(({ worst, capacity }) => worst <= capacity),
    )
  );
}

function goalsOf(a: Results, b: Results): readonly Goal[] {
  const right = [...a.keys()].filter((name) => isRight(a.get(name) ?? []) && isRight(b.get(name) ?? []));
  const [inA, inB] = [a.get(own) ?? [], b.get(own) ?? []];
  const held = [
    middle(inA.map(({ all }) => all.heldPercent)),
    middle(inB.map(({ all }) => all.heldPercent)),
    middle(inB.map(({ order }) => order.heldPercent)),
  ];
  const cpu = [inA, inB].map((runs) => middle(runs.map(({ cpuMs }) => cpuMs)));
  const waiting = [inA, inB].map((runs) => middle(runs.map(({ waitingCpuMs }) => waitingCpuMs)));
  const show = (values: readonly number[], places = 0): string =>
    values.map((value) => shown(value, places)).join(', ');
  return [
    {
      text: 'the only one with 0 violations and 0 overtakes in A and B',
      isMet: right.length === 1 && right[0] === own,
      got: right.length === 0 ? 'none' : right.join('; '),
    },
    {
      text: '>= 98 % of the binding limit held (A; B all, orders)',
      isMet: held.every((percent) => percent >= 98),
      got: `${show(held, 1)} %`,
    },
    {
      text: '<= 100 ms of processor time in the 10 s, asking included (A, B)',
      isMet: cpu.every((ms) => ms <= 100),
      got: `${show(cpu)} ms; once all were queued ${show(waiting)} ms`,
    },
  ];
}
