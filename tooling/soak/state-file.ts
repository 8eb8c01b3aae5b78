import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SeedRecord } from './messages.ts';

/**
 * The records of a pass, in a file of JSON lines, so that a lane that was stopped goes on. Each is appended as it comes; opening
 * and finishing put them into the order of the seeds.
 */
export class StateFile {
  readonly #path: string | undefined;
  readonly #records = new Map<string, SeedRecord>();
  readonly #places: ReadonlyMap<string, number>;

  /**
   * Opens the file, or makes it.
   * @param path undefined keeps the records in memory only.
   * @param seeds all seeds, in order. Records of others stay in the file and are of no concern.
   * @param fresh forgets what is there.
   */
  constructor(path: string | undefined, seeds: readonly string[], fresh: boolean) {
    this.#path = path;
    this.#places = new Map(seeds.map((seed, index) => [seed, index]));
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    if (!fresh && existsSync(path)) {
      for (const record of readRecords(path)) this.#records.set(record.seed, record);
    }
    this.finish();
  }

  /** Keeps a record; one without a hash in memory only, so that its seed is run again at the next start. */
  add(record: SeedRecord): void {
    this.#records.set(record.seed, record);
    if (this.#path !== undefined && record.hash !== '')
      appendFileSync(this.#path, `${JSON.stringify(record)}\n`);
  }

  has(seed: string): boolean {
    return this.#records.has(seed);
  }

  /** The records of the seeds that were asked for, in their order. */
  known(): readonly SeedRecord[] {
    const asked = [...this.#records.values()].filter(({ seed }) => this.#places.has(seed));
    return asked.sort((a, b) => this.#place(a) - this.#place(b));
  }

  /** Puts the file in order. */
  finish(): void {
    if (this.#path === undefined) return;
    const others = [...this.#records.values()].filter(({ seed }) => !this.#places.has(seed));
    const kept = [...this.known(), ...others].filter(({ hash }) => hash !== '');
    // In another place first: whoever stops this now finds the old file or the new one.
    writeFileSync(`${this.#path}.new`, kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #place({ seed }: SeedRecord): number {
    return this.#places.get(seed) ?? Number.POSITIVE_INFINITY;
  }
}

function* readRecords(path: string): Generator<SeedRecord> {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const record = parseLine(line);
    if (record !== undefined) yield record;
  }
}

/** Undefined for a line that was not written to its end. */
function parseLine(line: string): SeedRecord | undefined {
  try {
    return JSON.parse(line) as SeedRecord;
  } catch {
    return undefined;
  }
}
