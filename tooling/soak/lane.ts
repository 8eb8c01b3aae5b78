import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { seedsFrom } from '@venuekit/connector-testkit/simulation';
import type { SoakCommand } from './command-line.ts';
import { type Difference, differencesBetween } from './difference.ts';
import { loadLists, named } from './lists.ts';
import type { SeedRecord } from './messages.ts';
import { describeFailure, runPass } from './pass.ts';
import { Progress, type ProgressFigures, type ProgressOutput } from './progress.ts';
import { repositoryRoot } from './repository-root.ts';
import { SoakError } from './soak-error.ts';
import { currentCommit, shortHash, sourceHash } from './source-hash.ts';
import { StateFile } from './state-file.ts';
import type { WorkerOptions } from './worker-process.ts';

/** One time through the seeds. */
export interface PassReport {
  readonly name: 'first' | 'again' | 'compare';
  /** The version of Node. */
  readonly node: string;
  /** Seeds that have a result. */
  readonly seeds: number;
  /** Those of them that an earlier start had done. */
  readonly resumed: number;
}

/** What a lane has found. */
export interface LaneReport {
  readonly simulation: string;
  /** The first of the seeds. */
  readonly firstSeed: string | undefined;
  readonly commit: string;
  readonly mutant: string | undefined;
  readonly workers: number;
  /** Seeds that were asked for. */
  readonly planned: number;
  /** The first pass is the one that the sums are about. */
  readonly passes: readonly PassReport[];
  readonly steps: number;
  readonly virtualMs: number;
  /** With all workers busy, start-up not counted. */
  readonly seedsPerMinute: number;
  /** Sums of what the simulation counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** The seeds with violations, in their order. */
  readonly failures: readonly Pick<SeedRecord, 'seed' | 'violations'>[];
  /** The first failure, made small, for people. */
  readonly failureText: string | undefined;
  readonly differences: readonly Difference[];
}

/** What a lane has from the program around it. */
export interface LaneSurroundings {
  /** Where progress is shown. */
  readonly output: ProgressOutput;
  /** Real time, in milliseconds. */
  readonly nowMs: () => number;
  /** True once the user wants it to stop. */
  readonly interrupted: () => boolean;
}

const defaultSeeds = 200;
const mostSeeds = 100_000;

/**
 * Runs what a command asks for.
 * @throws SoakError if it cannot be run.
 */
export async function runLane(command: SoakCommand, surroundings: LaneSurroundings): Promise<LaneReport> {
  const { simulations } = await loadLists(command.list);
  const { name } = named('--only', simulations, command.only ?? '');
  return new Lane(name, command, surroundings).run();
}

class Lane {
  readonly #name: string;
  readonly #command: SoakCommand;
  readonly #surroundings: LaneSurroundings;
  readonly #commit = currentCommit();
  readonly #sources: string;
  readonly #from: string;
  readonly #seeds: readonly string[];
  readonly #startedMs: number;

  constructor(name: string, command: SoakCommand, surroundings: LaneSurroundings) {
    const { key, list, minutes, seed, seeds } = command;
    this.#name = name;
    this.#command = command;
    this.#surroundings = surroundings;
    this.#startedMs = surroundings.nowMs();
    this.#sources = shortHash([key ?? sourceHash(), list === undefined ? '' : readFileSync(list, 'utf8')]);
    this.#from = command.from ?? this.#commit?.hash ?? 'venuekit';
    const count = seeds ?? (minutes === undefined ? defaultSeeds : mostSeeds);
    this.#seeds = seed === undefined ? seedsFrom(this.#from, count) : [seed];
  }

  async run(): Promise<LaneReport> {
    const { compare, node = process.execPath, twice } = this.#command;
    const first = await this.#pass('first', node, this.#seeds);
    const seeds = first.records.map(({ seed }) => seed);
    const others = [];
    if (twice) others.push(await this.#pass('again', node, seeds.toReversed()));
    if (compare !== undefined) others.push(await this.#pass('compare', compare, seeds));
    const failures = first.records.filter(({ violations }) => violations.length > 0);
    return {
      ...{ simulation: this.#name, firstSeed: seeds[0], mutant: this.#command.mutant },
      commit: this.#commit === undefined ? 'none' : `${this.#commit.hash}${this.#commit.changed ? ' +' : ''}`,
      ...{ workers: this.#command.workers, planned: this.#seeds.length },
      passes: [first, ...others].map(({ report }) => report),
      ...sumsOf(first.records, this.#command.workers),
      failures: failures.map(({ seed, violations }) => ({ seed, violations })),
      failureText: await this.#describe(failures[0], node),
      differences: others.flatMap((other) => differencesBetween(first, other)),
    };
  }

  async #pass(
    name: PassReport['name'],
    node: string,
    seeds: readonly string[],
  ): Promise<{ readonly report: PassReport; readonly records: readonly SeedRecord[] }> {
    const version = nodeVersion(node);
    const state = new StateFile(this.#statePath(name, version), seeds, this.#command.fresh);
    const resumed = state.known().length;
    const { nowMs, output } = this.#surroundings;
    const title = `${this.#name}, ${name} pass, Node ${version}`;
    if (resumed > 0) output.write(`${title}: goes on after ${resumed} of ${seeds.length} seeds\n`);
    const progress = new Progress(output, nowMs);
    const figures = new Figures(title, seeds.length, state.known());
    await runPass({
      worker: this.#workerOptions(node),
      workers: this.#command.workers,
      seeds: seeds.filter((seed) => !state.has(seed)),
      stop: () => this.#isOver(name, figures.violations),
      onRecord: (record) => {
        state.add(record);
        figures.add(record);
        progress.update(figures.shown(this.#leftMs(name)));
      },
    });
    state.finish();
    progress.finish(figures.shown(this.#leftMs(name)));
    const records = state.known();
    return { report: { name, node: version, seeds: records.length, resumed }, records };
  }

  /** Time bounds the first pass only: the others have to do all that it did. */
  #leftMs(name: PassReport['name']): number | undefined {
    const { minutes } = this.#command;
    if (minutes === undefined || name !== 'first') return undefined;
    return Math.max(0, minutes * 60_000 - (this.#surroundings.nowMs() - this.#startedMs));
  }

  #isOver(name: PassReport['name'], violations: number): boolean {
    const { mutant, stopAfter = mutant === undefined ? Number.POSITIVE_INFINITY : 1 } = this.#command;
    if (this.#surroundings.interrupted()) return true;
    return name === 'first' && (this.#leftMs(name) === 0 || violations >= stopAfter);
  }

  /** Undefined where nothing is worth keeping: a single seed, and a mutant, which is found or not within seconds. */
  #statePath(name: PassReport['name'], version: string): string | undefined {
    const { mutant, seed, state = join(repositoryRoot, '.soak') } = this.#command;
    if (mutant !== undefined || seed !== undefined) return undefined;
    const key = shortHash([this.#sources, this.#from, version]);
    return resolve(state, `${this.#name}-${key}.${name}.jsonl`);
  }

  #workerOptions(node: string): WorkerOptions {
    const { list, mutant, silenceMs } = this.#command;
    const listFile = list === undefined ? undefined : resolve(list);
    return { node, only: this.#name, list: listFile, mutant, silenceMs };
  }

  async #describe(failure: SeedRecord | undefined, node: string): Promise<string | undefined> {
    if (failure === undefined || this.#surroundings.interrupted()) return undefined;
    const [violation] = failure.violations;
    if (violation?.invariant === 'worker') return `seed ${failure.seed}: ${violation.message}\n`;
    const { output } = this.#surroundings;
    output.write(`${this.#name}: makes the failure of seed ${failure.seed} small\n`);
    return describeFailure(this.#workerOptions(node), failure.seed, (runs) => {
      if (output.isTTY === true) output.write(`\r\u001b[2K${this.#name}: ${runs} runs`);
    });
  }
}

/** What has been done of a pass. */
class Figures {
  readonly #title: string;
  readonly #planned: number;
  readonly #doneBefore: number;
  #done = 0;
  #virtualMs = 0;
  violations = 0;

  constructor(title: string, planned: number, before: readonly SeedRecord[]) {
    this.#title = title;
    this.#planned = planned;
    for (const record of before) this.add(record);
    this.#doneBefore = this.#done;
  }

  add({ violations, virtualMs }: SeedRecord): void {
    this.#done += 1;
    this.#virtualMs += virtualMs;
    if (violations.length > 0) this.violations += 1;
  }

  shown(leftMs: number | undefined): ProgressFigures {
    return {
      ...{ title: this.#title, done: this.#done, planned: this.#planned, violations: this.violations },
      ...{ doneNow: this.#done - this.#doneBefore, virtualMs: this.#virtualMs, leftMs },
    };
  }
}

function sumsOf(
  records: readonly SeedRecord[],
  workers: number,
): Pick<LaneReport, 'steps' | 'virtualMs' | 'seedsPerMinute' | 'counts'> {
  const sum = (of: (record: SeedRecord) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  const ms = sum((record) => record.ms);
  const names = new Set(records.flatMap(({ counts }) => Object.keys(counts)));
  return {
    steps: sum(({ steps }) => steps),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    seedsPerMinute: ms === 0 ? 0 : Math.round((records.length * workers * 60_000) / ms),
    counts: Object.fromEntries(
      [...names].sort().map((name) => [name, sum(({ counts }) => counts[name] ?? 0)]),
    ),
  };
}

/** @throws SoakError if there is no Node at that path. */
function nodeVersion(path: string): string {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  } catch (error) {
    throw new SoakError(`${path}: expected a Node, got ${error instanceof Error ? error.message : error}`);
  }
}
