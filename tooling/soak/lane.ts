import { join, resolve } from 'node:path';
import { seedsFrom } from '@venuekit/connector-testkit/simulation';
import { failureAgain } from './command-again.ts';
import type { SoakCommand } from './command-line.ts';
import { describeFailure, unshrunkText } from './failure-description.ts';
import { judge, tellingFailure } from './judgement.ts';
import type { Failure, FinishedPass, LaneReport, PassReport } from './lane-report.ts';
import { LaneSources } from './lane-sources.ts';
import { loadLists, named } from './lists.ts';
import { findNode, nodeVersion } from './node-path.ts';
import { runPass } from './pass.ts';
import { PassFigures } from './pass-figures.ts';
import { Progress, type ProgressOutput } from './progress.ts';
import { repositoryRoot } from './repository-root.ts';
import { currentCommit, shortHash } from './source-hash.ts';
import { StateFile } from './state-file.ts';
import type { WorkerOptions, WorkerProcess } from './worker-process.ts';

/** What a lane has from the program around it. */
export interface LaneSurroundings {
  /** Where progress is shown. */
  readonly output: ProgressOutput;
  /** Real time, in milliseconds. */
  readonly nowMs: () => number;
  /** True once the user wants it to stop. */
  readonly interrupted: () => boolean;
  /** Ends every worker at once. */
  readonly signal?: AbortSignal;
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

/** A pass that is over, with what it says about this start. */
interface DonePass extends FinishedPass {
  readonly workers: number;
  readonly seedsPerMinute: number | undefined;
}

class Lane {
  readonly #name: string;
  readonly #command: SoakCommand;
  readonly #surroundings: LaneSurroundings;
  readonly #commit = currentCommit();
  #sources: LaneSources | undefined;
  /** The worker that has shown the sources, until the first pass takes it. */
  #spare: WorkerProcess | undefined;
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
    const { compare, mutant, twice } = this.#command;
    const node = findNode(this.#command.node ?? process.execPath);
    const otherNode = compare === undefined ? undefined : findNode(compare);
    // Before anything is run: what cannot be compared is not found out after hours.
    for (const each of [node, otherNode ?? node]) nodeVersion(each);
    try {
      const sources = await this.#loadSources(node);
      const passes = await this.#passes(node, otherNode, twice);
      const [first, ...others] = passes;
      const judgement = judge(first, others, sources.least);
      sources.checkAgain();
      return {
        ...{ simulation: this.#name, mutant, planned: this.#seeds.length, workers: first.workers },
        commit:
          this.#commit === undefined ? 'none' : `${this.#commit.hash}${this.#commit.changed ? ' +' : ''}`,
        seedsPerMinute: first.seedsPerMinute,
        ...judgement,
        failureText: await this.#describe(judgement.failures, node, otherNode),
      };
    } finally {
      this.#spare?.kill();
    }
  }

  async #loadSources(node: string): Promise<LaneSources> {
    const { sources, worker } = await LaneSources.load(this.#workerOptions(node));
    this.#sources = sources;
    // A mutant whose file was not loaded is told of at the end of a worker: before the seeds are run for nothing.
    if (this.#command.mutant === undefined) this.#spare = worker;
    else await worker.end();
    return sources;
  }

  async #passes(
    node: string,
    otherNode: string | undefined,
    twice: boolean,
  ): Promise<readonly [DonePass, ...DonePass[]]> {
    const first = await this.#pass('first', node, this.#seeds);
    const passes: [DonePass, ...DonePass[]] = [first];
    // What loses every worker would do so again.
    if (first.report.gaveUp) return passes;
    const seeds = first.records.map(({ seed }) => seed);
    if (twice) passes.push(await this.#pass('again', node, seeds.toReversed()));
    if (otherNode !== undefined) passes.push(await this.#pass('compare', otherNode, seeds));
    return passes;
  }

  async #pass(name: PassReport['name'], node: string, seeds: readonly string[]): Promise<DonePass> {
    const version = nodeVersion(node);
    const state = new StateFile(this.#statePath(name, version), seeds, this.#command.fresh);
    const resumed = state.known().length;
    const { nowMs, output } = this.#surroundings;
    const title = `${this.#name}, ${name} pass`;
    if (resumed > 0)
      output.write(`${title}, Node ${version}: goes on after ${resumed} of ${seeds.length} seeds\n`);
    const progress = new Progress(output, nowMs);
    const figures = new PassFigures(title, seeds.length, state.known());
    const { gaveUp, workers } = await runPass({
      worker: this.#workerOptions(node),
      workers: this.#command.workers,
      spare: this.#takeSpare(),
      seeds: seeds.filter((seed) => !state.has(seed)),
      stop: () => this.#isOver(name, figures.violations),
      onReady: () => progress.begin(),
      onRecord: (record) => {
        state.add(record);
        figures.add(record);
        progress.update(figures.shown(this.#leftMs(name)));
      },
    });
    const minutes = progress.elapsedMs / 60_000;
    state.finish();
    progress.finish(figures.shown(this.#leftMs(name)));
    const records = state.known();
    const done = records.length - resumed;
    const seedsPerMinute = done === 0 || minutes === 0 ? undefined : Math.round(done / minutes);
    const report = { name, node: version, seeds: records.length, resumed, gaveUp };
    return { report, records, workers, seedsPerMinute };
  }

  #takeSpare(): WorkerProcess | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
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
    const key = shortHash([this.#sources?.key ?? '', this.#from, version]);
    return resolve(state, `${this.#name}-${key}.${name}.jsonl`);
  }

  #workerOptions(node: string): WorkerOptions {
    const { list, mutant, silenceMs } = this.#command;
    const { signal } = this.#surroundings;
    const listFile = list === undefined ? undefined : resolve(list);
    const started: WorkerOptions['started'] = (ready) => this.#sources?.check(ready);
    return { node, only: this.#name, list: listFile, mutant, silenceMs, signal, started };
  }

  async #describe(
    failures: readonly Failure[],
    node: string,
    otherNode: string | undefined,
  ): Promise<string | undefined> {
    const failure = tellingFailure(failures) ?? failures[0];
    if (failure === undefined || this.#surroundings.interrupted()) return undefined;
    const [violation] = failure.violations;
    const { seed } = failure;
    const command = failureAgain(this.#command, this.#name, failure);
    if (violation?.invariant === 'worker') return unshrunkText(seed, violation.message, command);
    const { output } = this.#surroundings;
    output.write(`${this.#name}: makes the failure of seed ${seed} small\n`);
    const worker = this.#workerOptions(failure.pass === 'compare' ? (otherNode ?? node) : node);
    const onRuns = (runs: number): void => {
      if (output.isTTY === true) output.write(`\r\u001b[2K${this.#name}: ${runs} runs`);
    };
    const text = await describeFailure({ worker, seed, command, onRuns });
    if (output.isTTY === true) output.write('\r\u001b[2K');
    return text;
  }
}
