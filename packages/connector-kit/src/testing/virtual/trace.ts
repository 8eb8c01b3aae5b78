import { createHash } from 'node:crypto';

/** What happened in a virtual world, in order. */
export interface Trace {
  /** SHA-256 over all lines so far, in hexadecimal. Reading it changes nothing. */
  readonly hash: string;
  /** How many lines there are. */
  readonly count: number;
  /** The lines, if the world keeps them: `milliseconds source kind text`. */
  readonly lines: readonly string[];
  /** Adds a line with the virtual time in front. */
  record(source: string, kind: string, text: string): void;
}

/** Characters that are gathered before they are hashed. */
const chunkLength = 16_384;

/**
 * Makes an empty trace.
 * @param nowMs virtual time since the start, in milliseconds.
 */
export function createTrace(nowMs: () => number, keepLines: boolean): Trace {
  const hash = createHash('sha256');
  const lines: string[] = [];
  let pending = '';
  let count = 0;
  const flush = (): void => {
    hash.update(pending);
    pending = '';
  };
  return {
    lines,
    get count() {
      return count;
    },
    get hash() {
      flush();
      return hash.copy().digest('hex');
    },
    record(source, kind, text) {
      const oneLine = text.includes('\n') ? text.replaceAll('\n', '\\n') : text;
      const line = `${nowMs()} ${source} ${kind} ${oneLine}`;
      count += 1;
      if (keepLines) lines.push(line);
      pending += `${line}\n`;
      if (pending.length >= chunkLength) flush();
    },
  };
}
