import { createHash } from 'node:crypto';

/** What happened in a virtual world, in order. */
export interface Trace {
  /** SHA-256 over all lines so far, in hexadecimal. Reading it changes nothing. */
  readonly hash: string;
  /** How many lines there are. */
  readonly count: number;
  /**
   * The lines, if the world keeps them: `milliseconds source kind text`. A source or kind that is no plain word is JSON, and what
   * would break a line of the text is escaped with a backslash: no two records have the same line.
   */
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
      const line = `${nowMs()} ${toWord(source)} ${toWord(kind)} ${toOneLine(text)}`;
      count += 1;
      if (keepLines) lines.push(line);
      pending += `${line}\n`;
      if (pending.length >= chunkLength) flush();
    },
  };
}

/** `part` as it is if it is a plain word, else as JSON. What comes behind it in a line cannot be taken for a part of it. */
export function toWord(part: string): string {
  return /^[!#-[\]-~]+$/.test(part) ? part : JSON.stringify(part);
}

/** What stands for itself in a line: everything but backslashes, control characters and halves of surrogate pairs. */
const special = /[\\\p{Cc}\p{Cs}\u2028\u2029]/gu;

function toOneLine(text: string): string {
  return text.replace(special, (found) => {
    if (found === '\\') return '\\\\';
    return found === '\n' ? '\\n' : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
