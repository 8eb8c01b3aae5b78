import { canaryIn, canaryInText } from './secret-canary.ts';

/** Watches what a process writes. */
export interface OutputWatch {
  /** What of the canary got out since the last call, each a sentence. */
  takeLeaks(): readonly string[];
}

/** A stream as far as it is watched. */
export interface WatchedStream {
  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean;
}

/** A console as far as it is watched: its methods by name. */
export type WatchedConsole = Record<string, unknown>;

/** Longest form of half a canary: what may be split between two writes. */
const tailLength = 128;

/**
 * Listens to every `write` of `streams` and every method of `target` from now on. What is written goes on as before.
 * @param streams by the name that a leak is reported under.
 */
export function watchOutput(
  streams: Readonly<Record<string, WatchedStream>>,
  target: WatchedConsole,
): OutputWatch {
  const leaks: string[] = [];
  for (const [name, stream] of Object.entries(streams)) {
    watchStream(stream, (label) => leaks.push(`${name}: ${label}`));
  }
  for (const [name, method] of Object.entries(target)) {
    if (typeof method !== 'function') continue;
    target[name] = (...values: unknown[]): unknown => {
      const label = canaryIn(values);
      if (label !== undefined) leaks.push(`console.${name}: ${label}`);
      return method.apply(target, values);
    };
  }
  return { takeLeaks: () => leaks.splice(0) };
}

function watchStream(stream: WatchedStream, leaked: (label: string) => void): void {
  const write = stream.write.bind(stream);
  let tail = '';
  stream.write = (chunk, ...rest) => {
    const text = tail + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'));
    const label = canaryInText(text);
    if (label !== undefined) leaked(label);
    // What was reported is not reported again with the next write.
    tail = label === undefined ? text.slice(-tailLength) : '';
    return write(chunk, ...rest);
  };
}
