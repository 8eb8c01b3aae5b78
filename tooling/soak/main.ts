import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandAgain } from './command-again.ts';
import { parseCommand, type SoakCommand, usage } from './command-line.ts';
import { type LaneReport, type LaneSurroundings, runLane } from './lane.ts';
import { loadLists, named } from './lists.ts';
import { mutantText, noticed, reportText } from './report-text.ts';
import { repositoryRoot } from './repository-root.ts';
import { withRow } from './scorecard.ts';
import { SoakError } from './soak-error.ts';

async function main(args: readonly string[]): Promise<void> {
  const command = parseCommand(args);
  if (command.help) process.stdout.write(usage);
  else if (command.only === undefined) await list(command);
  else if (command.mutant !== undefined) await tryMutants(command, listenForSignals());
  else await run(command, listenForSignals());
}

async function list(command: SoakCommand): Promise<void> {
  const { mutants, simulations } = await loadLists(command.list);
  const lines = [
    'Simulations (--only):',
    ...simulations.map(({ about, name }) => `  ${name}: ${about}`),
    'Mutants (--mutant):',
    ...mutants.map(({ about, name }) => `  ${name}: ${about}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function run(command: SoakCommand, surroundings: LaneSurroundings): Promise<void> {
  const report = await runLane(command, surroundings);
  process.stdout.write(command.json ? `${JSON.stringify(report)}\n` : reportText(report));
  if (!holds(report)) process.exitCode = 1;
  if (surroundings.interrupted()) tellInterrupted();
  else if (command.write) writeScorecard(command, report);
}

async function tryMutants(command: SoakCommand, surroundings: LaneSurroundings): Promise<void> {
  const { mutants } = await loadLists(command.list);
  const { mutant: name = 'all' } = command;
  const chosen = name === 'all' ? mutants : [named('--mutant', mutants, name)];
  if (chosen.length === 0) throw new SoakError('--mutant all: expected mutants, got an empty list');
  await expectClean(command, surroundings);
  const reports: LaneReport[] = [];
  for (const { name: mutant } of chosen) {
    if (surroundings.interrupted()) break;
    const report = await runLane({ ...command, mutant }, surroundings);
    reports.push(report);
    if (!command.json) process.stdout.write(mutantText(report));
    if (noticed(report) === undefined) process.exitCode = 1;
  }
  if (command.json) process.stdout.write(`${JSON.stringify(name === 'all' ? reports : reports[0])}\n`);
  if (surroundings.interrupted()) tellInterrupted();
}

/** False after a violation or a difference, if too little happened, or if a pass did not repeat everything. */
function holds({ differences, failures, passes, shortfalls }: LaneReport): boolean {
  const isWhole = passes.every(({ seeds }) => seeds === passes[0]?.seeds);
  return isWhole && failures.length + differences.length + shortfalls.length === 0;
}

/** What fails without a mutant would fail with it as well, and prove nothing. */
async function expectClean(command: SoakCommand, surroundings: LaneSurroundings): Promise<void> {
  const { failures } = await runLane({ ...command, mutant: undefined, stopAfter: 1 }, surroundings);
  const [failure] = failures;
  if (failure === undefined || surroundings.interrupted()) return;
  const got = `${failure.violations[0]?.invariant} at seed ${failure.seed}`;
  throw new SoakError(`--mutant: expected seeds that hold without it, got ${got}`);
}

function writeScorecard(command: SoakCommand, report: LaneReport): void {
  const file = command.scorecard ?? join(repositoryRoot, 'docs', 'scorecard.md');
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, withRow(readFileSync(file, 'utf8'), report, commandAgain(command, report), date));
  process.stderr.write(`soak: ${file} is written\n`);
}

/** The first signal lets what was handed out come to its end; the second does not wait for that. */
function listenForSignals(): LaneSurroundings {
  let interrupted = false;
  const stop = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    process.stderr.write('\nsoak: stops after the seeds that are under way\n');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { output: process.stderr, nowMs: () => performance.now(), interrupted: () => interrupted };
}

function tellInterrupted(): void {
  process.stderr.write('soak: stopped; the same command goes on from here\n');
  process.exitCode = 130;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // What the user can put right gets one sentence; anything else is ours and keeps its stack.
  if (!(error instanceof SoakError)) throw error;
  process.stderr.write(`soak: ${error.message}\n`);
  process.exitCode = 2;
}
