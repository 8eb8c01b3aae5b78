import type { Runtime, Socket, SocketHandlers, SocketOptions } from '@venuekit/connector-core';
import { isCredentialName } from './credential-names.ts';
import type { RecordedEnding } from './recorded-item.ts';
import type { Lane, RecordingLanes } from './recording-lanes.ts';
import type { Written } from './recording-writer.ts';

/** Which way a frame goes, as the client sees it. */
export type FrameDirection = 'sent' | 'received';

/** True for a frame that is to be written down. */
export type FrameFilter = (direction: FrameDirection, text: string) => boolean;

/** What a recorded socket is made of. */
export interface RecordedSocketParts {
  readonly runtime: Runtime;
  readonly url: string;
  readonly socketOptions: SocketOptions;
  /** The client's. */
  readonly handlers: SocketHandlers;
  readonly lanes: RecordingLanes;
  readonly counts: { notKept: number; unreadable: number; failedDials: number };
  readonly keep: FrameFilter | undefined;
}

const noCode = 1_006;

/** Opens a socket of the runtime, and writes down what passes. */
export function createRecordedSocket(parts: RecordedSocketParts): Socket {
  const { runtime, url, socketOptions, handlers, counts } = parts;
  const tape = new SocketTape(parts);
  const socket = runtime.openSocket(url, socketOptions, {
    opened: () => {
      tape.opened();
      handlers.opened();
    },
    message: (bytes) => {
      tape.received(bytes);
      handlers.message(bytes);
    },
    closed: (code, reason, httpStatus) => {
      if (!tape.wasOpen) counts.failedDials += 1;
      tape.ended(code === noCode ? { how: 'cut' } : { how: 'close', code });
      handlers.closed(code, reason, httpStatus);
    },
  });
  return {
    send: (text) => {
      tape.sent(text);
      socket.send(text);
    },
    // A client that leaves is not interested in what still comes: its recording ends here, and the lane is free for its next socket.
    close: (code, reason) => {
      tape.ended({ how: 'left' });
      socket.close(code, reason);
    },
    terminate: () => {
      tape.ended({ how: 'left' });
      socket.terminate();
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes down one socket. */
class SocketTape {
  readonly #parts: RecordedSocketParts;
  #lane: Lane | undefined;
  /** True once something private may come. */
  #isPrivate: boolean;
  wasOpen = false;

  constructor(parts: RecordedSocketParts) {
    this.#parts = parts;
    this.#isPrivate = Object.keys(parts.socketOptions.headers ?? {}).some(isCredentialName);
    // Lanes are in the order of the dials, which a replayed client repeats; in which order they come up is chance.
    this.#lane = parts.lanes.take();
  }

  opened(): void {
    this.wasOpen = true;
    this.#lane?.opened(this.#parts.url);
  }

  received(bytes: Uint8Array): void {
    if (this.#lane === undefined) return;
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      this.#parts.counts.unreadable += 1;
      return;
    }
    if (this.#keeps('received', text)) this.#lane.writer.received(text);
  }

  sent(text: string): void {
    if (this.#lane === undefined || !this.wasOpen || !this.#keeps('sent', text)) return;
    const written: Written = this.#lane.writer.sent(this.#parts.url, text);
    if (written === 'secret') this.#isPrivate = true;
  }

  ended(end: RecordedEnding): void {
    if (this.wasOpen) this.#lane?.writer.ended(this.#parts.url, end);
    this.#lane?.free();
    this.#lane = undefined;
  }

  /** A filter that throws keeps nothing; the client must not notice. */
  #keeps(direction: FrameDirection, text: string): boolean {
    let keeps = false;
    try {
      keeps = this.#parts.keep?.(direction, text) ?? !this.#isPrivate;
    } catch {}
    if (!keeps) this.#parts.counts.notKept += 1;
    return keeps;
  }
}
