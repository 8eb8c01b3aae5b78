import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandAgain } from './command-again.ts';
import { parseCommand, type SoakCommand } from './command-line.ts';
import { holds, tellingFailure } from './judgement.ts';
import { type LaneSurroundings, runLane } from './lane.ts';
import type { LaneReport } from './lane-report.ts';
import { loadLists } from './lists.ts';
import { chosenMutants } from './mutant-choice.ts';
import { mutantText, reportText } from './report-text.ts';
import { repositoryRoot } from './repository-root.ts';
import { withRow } from './scorecard.ts';
import { SoakError } from './soak-error.ts';
import { usage } from './usage.ts';

/** What the program has from the process around it. */
export interface ProgramSurroundings extends LaneSurroundings {
  /** Takes results. */
  readonly print: (text: string) => void;
}

/**
 * Does what the arguments say.
 * @returns the exit code.
 */
export async function runProgram(
  args: readonly string[],
  surroundings: ProgramSurroundings,
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.help) surroundings.print(usage);
    if (command.help) return 0;
    if (command.only === undefined) return await list(command, surroundings);
    if (command.mutant === undefined) return await run(command, surroundings);
    return await tryMutants(command, command.mutant, surroundings);
  } catch (error) {
    // What the user can put right gets one sentence; anything else is ours and keeps its stack.
    if (!(error instanceof SoakError)) throw error;
    surroundings.output.write(`soak: ${error.message}\n`);
    return 2;
  }
}

async function list(command: SoakCommand, { print }: ProgramSurroundings): Promise<number> {
  const { mutants, simulations } = await loadLists(command.list);
  const lines = [
    'Simulations (--only):',
    ...simulations.map(({ about, name }) => `  ${name}: ${about}`),
    'Mutants (--mutant):',
    ...mutants.map(({ about, name, simulation }) => {
      return `  ${name}: ${about}${simulation === undefined ? '' : `; for ${simulation}`}`;
    }),
  ];
  print(`${lines.join('\n')}\n`);
  return 0;
}

async function run(command: SoakCommand, surroundings: ProgramSurroundings): Promise<number> {
  const report = await runLane(command, surroundings);
  surroundings.print(command.json ? `${JSON.stringify(report)}\n` : reportText(report));
  if (surroundings.interrupted()) return tellInterrupted(command, surroundings);
  if (command.write) writeScorecard(command, report, surroundings);
  return holds(report) ? 0 : 1;
}

async function tryMutants(
  command: SoakCommand,
  name: string,
  surroundings: ProgramSurroundings,
): Promise<number> {
  const { mutants } = await loadLists(command.list);
  const chosen = chosenMutants(mutants, name, command.only ?? '');
  await expectClean(command, surroundings);
  const reports: LaneReport[] = [];
  for (const { name: mutant } of chosen) {
    if (surroundings.interrupted()) break;
    const report = await runLane({ ...command, mutant }, surroundings);
    reports.push(report);
    if (!command.json) surroundings.print(mutantText(report));
  }
  if (command.json) surroundings.print(`${JSON.stringify(name === 'all' ? reports : reports[0])}\n`);
  if (surroundings.interrupted()) return tellInterrupted(command, surroundings);
  return reports.every(({ failures }) => tellingFailure(failures) !== undefined) ? 0 : 1;
}

/** What fails without a mutant would fail with it as well, and prove nothing. */
async function expectClean(command: SoakCommand, surroundings: ProgramSurroundings): Promise<void> {
  const { failures } = await runLane({ ...command, mutant: undefined, stopAfter: 1 }, surroundings);
  const [failure] = failures;
  if (failure === undefined || surroundings.interrupted()) return;
  const got = `${failure.violations[0]?.invariant} at seed ${failure.seed}`;
  throw new SoakError(`--mutant: expected seeds that hold without it, got ${got}`);
}

function writeScorecard(command: SoakCommand, report: LaneReport, { output }: ProgramSurroundings): void {
  const file = command.scorecard ?? join(repositoryRoot, 'docs', 'scorecard.md');
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, withRow(readFileSync(file, 'utf8'), report, commandAgain(command, report), date));
  output.write(`soak: ${file} is written\n`);
}

function tellInterrupted({ mutant, seed }: SoakCommand, { output }: ProgramSurroundings): number {
  const isKept = mutant === undefined && seed === undefined;
  output.write(`soak: stopped; the same command ${isKept ? 'goes on from here' : 'begins anew'}\n`);
  return 130;
}
