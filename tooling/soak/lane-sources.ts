import { relative } from 'node:path';
import type { Simulation } from '@venuekit/connector-testkit/simulation';
import { repositoryRoot } from './repository-root.ts';
import { SoakError } from './soak-error.ts';
import { changedFile, type FileHashes, hashOf, shortHash, withManifests } from './source-hash.ts';
import { type ReadyReply, type WorkerOptions, WorkerProcess } from './worker-process.ts';

/** What the workers of a lane load. All of it must stay as it is: results of different sources are not one result. */
export class LaneSources {
  readonly least: Simulation['least'];
  readonly #files: FileHashes;

  readonly #root: string;

  private constructor({ least, sources }: ReadyReply, root: string) {
    this.least = least;
    this.#root = root;
    this.#files = withManifests(sources, root);
  }

  /**
   * Starts a worker to see what it loads, and gives it back ready for work.
   * @param root the folder of the repository.
   * @throws SoakError if it cannot be started.
   */
  static async load(
    options: WorkerOptions,
    root: string = repositoryRoot,
  ): Promise<{ readonly sources: LaneSources; readonly worker: WorkerProcess }> {
    let sources: LaneSources | undefined;
    const started = (ready: ReadyReply): void => {
      sources = new LaneSources(ready, root);
    };
    const worker = await WorkerProcess.start({ ...options, started });
    if (sources === undefined) throw new SoakError('worker: expected its sources, got none');
    return { sources, worker };
  }

  /** Stands for all files, wherever the repository is. */
  get key(): string {
    const texts = Object.entries(this.#files).map(([path, hash]) => `${relative(this.#root, path)} ${hash}`);
    return shortHash(texts.sort());
  }

  /** @throws SoakError if a worker has loaded something else. */
  check({ sources }: ReadyReply): void {
    this.#expectSame(withManifests(sources, this.#root));
  }

  /** @throws SoakError if a file is not what it was. */
  checkAgain(): void {
    this.#expectSame(Object.fromEntries(Object.keys(this.#files).map((path) => [path, hashOf(path)])));
  }

  #expectSame(now: FileHashes): void {
    const path = changedFile(this.#files, now);
    if (path === undefined) return;
    const shown = relative(this.#root, path);
    throw new SoakError(
      `${shown}: expected the sources to stay as they are, got a change while seeds were run`,
    );
  }
}
