import type { Random } from '@venuekit/connector-core';

/** How a disk fails: it is full, or broken. */
export type DiskFailure = 'ENOSPC' | 'EIO';

/**
 * What an incarnation has of the disk of its process. Lines survive a crash of the process. A power cut keeps what was synced and,
 * as chance wants it, the first lines of what was not; the last of them may be torn.
 */
export interface VirtualDisk {
  /** Adds a line to a file, which is made at the first line. */
  append(file: string, line: string): void;
  /** Makes what was appended so far, or that the file was removed, safe from power cuts. */
  sync(file: string): void;
  /** The lines of a file, oldest first; none if it does not exist. */
  read(file: string): readonly string[];
  /** Removes a file. A power cut brings it back, and takes what came in its place, unless the file was synced afterwards. */
  remove(file: string): void;
  /**
   * For tests: lets an append or a sync to come throw an `Error` whose `code` is `kind`; nothing is written then.
   * @param nth which one, from 1, which is the next and the default.
   */
  fail(kind: DiskFailure, nth?: number): void;
}

interface StoredFile {
  readonly lines: string[];
  syncedLines: number;
  /** What was removed before these lines and is not known to be gone. */
  removed: StoredFile | undefined;
}

const failureText: Readonly<Record<DiskFailure, string>> = {
  ENOSPC: 'no space left on device',
  EIO: 'input/output error',
};

/** Files as they are on the plate. */
export class StoredFiles {
  readonly #files = new Map<string, StoredFile>();
  readonly #random: Random;
  readonly #failures = new Map<number, DiskFailure>();
  #writes = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  append(file: string, line: string): void {
    this.#write('write');
    const stored = this.#files.get(file) ?? { lines: [], syncedLines: 0, removed: undefined };
    this.#files.set(file, stored);
    stored.lines.push(line);
  }

  sync(file: string): void {
    this.#write('fsync');
    const stored = this.#files.get(file);
    if (stored === undefined) return;
    stored.syncedLines = stored.lines.length;
    stored.removed = undefined;
  }

  read(file: string): readonly string[] {
    return [...(this.#files.get(file)?.lines ?? [])];
  }

  remove(file: string): void {
    const stored = this.#files.get(file);
    if (stored === undefined) return;
    // Only what was there before the first of several removals can come back.
    this.#files.set(file, { lines: [], syncedLines: 0, removed: stored.removed ?? stored });
  }

  fail(kind: DiskFailure, nth: number): void {
    this.#failures.set(this.#writes + nth, kind);
  }

  /** The power fails: of what was not synced some first lines are kept. */
  cutPower(): void {
    for (const [file, stored] of this.#files) {
      const left = stored.removed ?? stored;
      this.#files.set(file, left);
      this.#tear(file, left);
    }
  }

  #tear(file: string, stored: StoredFile): void {
    const { lines, syncedLines } = stored;
    const loose = lines.length - syncedLines;
    if (loose > 0) {
      const kept = syncedLines + Math.floor(this.#random.next(`kept ${file}`) * (loose + 1));
      const torn = this.#tornPart(file, lines[kept] ?? '');
      lines.length = kept;
      if (torn !== '') lines.push(torn);
    }
    stored.syncedLines = lines.length;
  }

  /** A part of a line that was being written, or nothing of it. */
  #tornPart(file: string, line: string): string {
    if (line.length < 2 || this.#random.next(`torn ${file}`) < 0.5) return '';
    const length = 1 + Math.floor(this.#random.next(`torn at ${file}`) * (line.length - 1));
    return line.slice(0, length).toWellFormed();
  }

  #write(syscall: string): void {
    this.#writes += 1;
    const code = this.#failures.get(this.#writes);
    if (code === undefined) return;
    throw Object.assign(new Error(`${code}: ${failureText[code]}, ${syscall}`), { code, syscall });
  }
}
