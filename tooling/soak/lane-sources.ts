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

  private constructor({ least, sources }: ReadyReply) {
    this.least = least;
    this.#files = withManifests(sources);
  }

  /**
   * Starts a worker to see what it loads.
   * @throws SoakError if it cannot be started.
   */
  static async load(options: WorkerOptions): Promise<LaneSources> {
    let sources: LaneSources | undefined;
    const started = (ready: ReadyReply): void => {
      sources = new LaneSources(ready);
    };
    const worker = await WorkerProcess.start({ ...options, started });
    await worker.end();
    if (sources === undefined) throw new SoakError('worker: expected its sources, got none');
    return sources;
  }

  /** Stands for all files, wherever the repository is. */
  get key(): string {
    const texts = Object.entries(this.#files).map(
      ([path, hash]) => `${relative(repositoryRoot, path)} ${hash}`,
    );
    return shortHash(texts.sort());
  }

  /** @throws SoakError if a worker has loaded something else. */
  check({ sources }: ReadyReply): void {
    this.#expectSame(withManifests(sources));
  }

  /** @throws SoakError if a file is not what it was. */
  checkAgain(): void {
    this.#expectSame(Object.fromEntries(Object.keys(this.#files).map((path) => [path, hashOf(path)])));
  }

  #expectSame(now: FileHashes): void {
    const path = changedFile(this.#files, now);
    if (path === undefined) return;
    const shown = relative(repositoryRoot, path);
    throw new SoakError(
      `${shown}: expected the sources to stay as they are, got a change while seeds were run`,
    );
  }
}
