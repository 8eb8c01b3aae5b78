/** What an incarnation has of the disk of its process. Lines survive a crash of the process; a power cut takes what was not synced. */
export interface VirtualDisk {
  /** Adds a line to a file, which is made at the first line. */
  append(file: string, line: string): void;
  /** Makes what was appended so far safe from power cuts. */
  sync(file: string): void;
  /** The lines of a file, oldest first; none if it does not exist. */
  read(file: string): readonly string[];
  /** Removes a file for good, at once. */
  remove(file: string): void;
}

interface StoredFile {
  readonly lines: string[];
  syncedLines: number;
}

/** Files as they are on the plate. */
export class StoredFiles {
  readonly #files = new Map<string, StoredFile>();

  append(file: string, line: string): void {
    const stored = this.#files.get(file) ?? { lines: [], syncedLines: 0 };
    this.#files.set(file, stored);
    stored.lines.push(line);
  }

  sync(file: string): void {
    const stored = this.#files.get(file);
    if (stored !== undefined) stored.syncedLines = stored.lines.length;
  }

  read(file: string): readonly string[] {
    return [...(this.#files.get(file)?.lines ?? [])];
  }

  remove(file: string): void {
    this.#files.delete(file);
  }

  /** The power fails: what was not synced is lost. */
  cutPower(): void {
    for (const stored of this.#files.values()) stored.lines.length = stored.syncedLines;
  }
}
