import { join, resolve } from 'node:path';
import { seedsFrom, shortfallsOf } from '@venuekit/connector-testkit/simulation';
import type { SoakCommand } from './command-line.ts';
import { type Difference, differencesBetween } from './difference.ts';
import { LaneSources } from './lane-sources.ts';
import { loadLists, named } from './lists.ts';
import type { SeedRecord } from './messages.ts';
import { findNode, nodeVersion } from './node-path.ts';
import { describeFailure, runPass } from './pass.ts';
import { Progress, type ProgressFigures, type ProgressOutput } from './progress.ts';
import { repositoryRoot } from './repository-root.ts';
import { currentCommit, shortHash } from './source-hash.ts';
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
  /** Seeds of the first pass that this start has run, by the clock on the wall; undefined if it ran none. */
  readonly seedsPerMinute: number | undefined;
  /** Sums of what the simulation counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What happened less often than the simulation wants it. */
  readonly shortfalls: readonly string[];
  /** The seeds with violations, in the order of the passes; one that failed in several, once. */
  readonly failures: readonly Failure[];
  /** The first failure, made small, for people. */
  readonly failureText: string | undefined;
  readonly differences: readonly Difference[];
}

/** A seed with violations. */
export interface Failure extends Pick<SeedRecord, 'seed' | 'violations'> {
  /** The first pass in which it had them. */
  readonly pass: PassReport['name'];
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
  #sources: LaneSources | undefined;
  readonly #from: string;
  readonly #seeds: readonly string[];
  readonly #startedMs: number;

  constructor(name: string, command: SoakCommand, surroundings: LaneSurroundings) {
    const { minutes, seed, seeds } = command;
    this.#name = name;
    this.#command = command;
    this.#surroundings = surroundings;
    this.#startedMs = surroundings.nowMs();
    this.#from = command.from ?? this.#commit?.hash ?? 'venuekit';
    const count = seeds ?? (minutes === undefined ? defaultSeeds : mostSeeds);
    this.#seeds = seed === undefined ? seedsFrom(this.#from, count) : [seed];
  }

  async run(): Promise<LaneReport> {
    const { compare, twice } = this.#command;
    const node = findNode(this.#command.node ?? process.execPath);
    nodeVersion(node);
    const sources = await LaneSources.load(this.#workerOptions(node));
    this.#sources = sources;
    const first = await this.#pass('first', node, this.#seeds);
    const seeds = first.records.map(({ seed }) => seed);
    const others = [];
    if (twice) others.push(await this.#pass('again', node, seeds.toReversed()));
    if (compare !== undefined) others.push(await this.#pass('compare', findNode(compare), seeds));
    const failures = failuresOf([first, ...others]);
    const sums = sumsOf(first.records);
    sources.checkAgain();
    return {
      ...{ simulation: this.#name, firstSeed: seeds[0], mutant: this.#command.mutant },
      commit: this.#commit === undefined ? 'none' : `${this.#commit.hash}${this.#commit.changed ? ' +' : ''}`,
      ...{ workers: this.#command.workers, planned: this.#seeds.length },
      passes: [first, ...others].map(({ report }) => report),
      ...sums,
      seedsPerMinute: first.seedsPerMinute,
      shortfalls: shortfallsOf(sources.least, sums.counts, first.records.length),
      failures,
      failureText: await this.#describe(failures[0], node, compare),
      differences: others.flatMap((other) => differencesBetween(first, other)),
    };
  }

  async #pass(name: PassReport['name'], node: string, seeds: readonly string[]): Promise<DonePass> {
    const version = nodeVersion(node);
    const state = new StateFile(this.#statePath(name, version), seeds, this.#command.fresh);
    const resumed = state.known().length;
    const { nowMs, output } = this.#surroundings;
    const title = `${this.#name}, ${name} pass, Node ${version}`;
    if (resumed > 0) output.write(`${title}: goes on after ${resumed} of ${seeds.length} seeds\n`);
    const startedMs = nowMs();
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
    const minutes = (nowMs() - startedMs) / 60_000;
    const done = records.length - resumed;
    const seedsPerMinute = done === 0 || minutes === 0 ? undefined : Math.round(done / minutes);
    return { report: { name, node: version, seeds: records.length, resumed }, records, seedsPerMinute };
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
    const key = shortHash([this.#command.key ?? this.#sources?.key ?? '', this.#from, version]);
    return resolve(state, `${this.#name}-${key}.${name}.jsonl`);
  }

  #workerOptions(node: string): WorkerOptions {
    const { list, mutant, silenceMs } = this.#command;
    const listFile = list === undefined ? undefined : resolve(list);
    const started: WorkerOptions['started'] = (ready) => this.#sources?.check(ready);
    return { node, only: this.#name, list: listFile, mutant, silenceMs, started };
  }

  async #describe(
    failure: Failure | undefined,
    node: string,
    compare: string | undefined,
  ): Promise<string | undefined> {
    if (failure === undefined || this.#surroundings.interrupted()) return undefined;
    const [violation] = failure.violations;
    if (violation?.invariant === 'worker') return `seed ${failure.seed}: ${violation.message}\n`;
    const { output } = this.#surroundings;
    output.write(`${this.#name}: makes the failure of seed ${failure.seed} small\n`);
    const failedOn = failure.pass === 'compare' && compare !== undefined ? findNode(compare) : node;
    return describeFailure(this.#workerOptions(failedOn), failure.seed, (runs) => {
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
    // A lost worker says nothing about what is wrong: nobody stops for it.
    if (violations.some(({ invariant }) => invariant !== 'worker')) this.violations += 1;
  }

  shown(leftMs: number | undefined): ProgressFigures {
    return {
      ...{ title: this.#title, done: this.#done, planned: this.#planned, violations: this.violations },
      ...{ doneNow: this.#done - this.#doneBefore, virtualMs: this.#virtualMs, leftMs },
    };
  }
}

interface DonePass {
  readonly report: PassReport;
  readonly records: readonly SeedRecord[];
  readonly seedsPerMinute: number | undefined;
}

function failuresOf(passes: readonly DonePass[]): readonly Failure[] {
  const failures = new Map<string, Failure>();
  for (const { records, report } of passes) {
    for (const { seed, violations } of records) {
      if (violations.length > 0 && !failures.has(seed))
        failures.set(seed, { seed, violations, pass: report.name });
    }
  }
  return [...failures.values()];
}

function sumsOf(records: readonly SeedRecord[]): Pick<LaneReport, 'steps' | 'virtualMs' | 'counts'> {
  const sum = (of: (record: SeedRecord) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  const names = new Set(records.flatMap(({ counts }) => Object.keys(counts)));
  return {
    steps: sum(({ steps }) => steps),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    counts: Object.fromEntries(
      [...names].sort().map((name) => [name, sum(({ counts }) => counts[name] ?? 0)]),
    ),
  };
}
