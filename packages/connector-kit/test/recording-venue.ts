import type { Runtime, Socket, SocketHandlers } from '@venuekit/connector-core';
import { parseRecordingLine, type ReadItem, type ReplayRuntime } from '../src/recording/index.ts';
import { createManualRuntime, type ManualRuntime } from '../src/testing/index.ts';

/** Wall time at which everything starts, in milliseconds since the epoch. */
export const startMs = 1_700_000_000_000;
export const streamUrl = 'wss://venue.test/stream';

/** The bytes of a frame. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A client that does nothing but listen. */
export interface Listener {
  readonly handlers: SocketHandlers;
  /** What it heard: `opened`, frames, and ends as `closed <code>`, each behind the wall time of its clock. */
  readonly heard: string[];
}

/** Makes a client that listens with the clock of a runtime. */
export function createListener({ clock }: Pick<Runtime, 'clock'>): Listener {
  const heard: string[] = [];
  const note = (what: string): void => void heard.push(`${clock.now() - startMs} ${what}`);
  return {
    heard,
    handlers: {
      opened: () => note('opened'),
      message: (bytes) => note(new TextDecoder().decode(bytes)),
      closed: (code) => note(`closed ${code}`),
    },
  };
}

/** A manual runtime at `startMs` whose requests get one answer. */
export function createVenueRuntime(answer: Response = Response.json({})): ManualRuntime {
  return createManualRuntime({ startMs, fetch: () => Promise.resolve(answer) });
}

/** The same in seconds. */
export const seconds: number = startMs / 1_000;

/** Items of lines in which `@5.25` stands for 5.25 seconds after the start, and `URL` for the stream. */
export function items(...lines: string[]): ReadItem[] {
  return lines.flatMap((line) => {
    const text = line
      .replace('URL', streamUrl)
      .replace(/@(\d+)(\.\d+)?/, (_, whole: string, part = '') => `${seconds + Number(whole)}${part}`);
    return parseRecordingLine(text) ?? [];
  });
}

/** A listener with its socket. */
export interface Client extends Listener {
  readonly socket: Socket;
}

/** Opens a socket that listens. */
export function dial(runtime: ReplayRuntime): Client {
  const listener = createListener(runtime);
  const socket = runtime.openSocket(streamUrl, { maxMessageBytes: 1_000 }, listener.handlers);
  return { ...listener, socket };
}
