import type { Kind, Throttle } from './subject.ts';
import type { Start } from './timeline.ts';

/** So many are asked for before the event loop turns: who is let in begins its work while the others still come. */
const sliceLength = 100;

/** What is to be asked for. */
export interface Load {
  readonly throttle: Throttle;
  readonly count: number;
  /** Kinds in turn. */
  readonly kinds: readonly Kind[];
  readonly onStart: (start: Start) => void;
}

/** Asks for everything, without waiting for any of it. */
export async function enqueue({ throttle, count, kinds, onStart }: Load): Promise<void> {
  const numbers: Record<Kind, number> = { query: 0, order: 0 };
  for (let at = 0; at < count; at += 1) {
    const kind = kinds[at % kinds.length] ?? 'query';
    const number = numbers[kind];
    numbers[kind] += 1;
    const started = throttle.run(kind, () => onStart({ kind, number, atMs: performance.now() }));
    started.then(undefined, fail);
    if (at % sliceLength === sliceLength - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A limiter that refuses does not do the job. */
export function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}
