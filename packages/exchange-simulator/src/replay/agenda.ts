/** What is to happen by a recorded clock besides frames. */
export interface Agenda {
  /** When the earliest entry is due, in milliseconds by the recorded clock. */
  readonly nextMs: number | undefined;
  /** Adds an entry; those of one time run in the order in which they were added. */
  add(offsetMs: number, run: () => void): void;
  /** Runs the earliest entry and forgets it. */
  runNext(): void;
}

/** Makes an empty agenda. */
export function createAgenda(): Agenda {
  const entries: { readonly offsetMs: number; readonly run: () => void }[] = [];
  return {
    get nextMs() {
      return entries[0]?.offsetMs;
    },
    add(offsetMs, run) {
      const place = entries.findIndex((entry) => entry.offsetMs > offsetMs);
      entries.splice(place < 0 ? entries.length : place, 0, { offsetMs, run });
    },
    runNext() {
      entries.shift()?.run();
    },
  };
}
