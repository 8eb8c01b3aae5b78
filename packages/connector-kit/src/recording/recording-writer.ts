import type { Clock } from '@venuekit/connector-core';
import { hasCredentials, isLogin } from './credential-names.ts';
import { toLineUrl } from './line-url.ts';
import type { RecordedEnding, RecordingItem } from './recorded-item.ts';
import { millisecondsToNanoseconds, toRecordedTime } from './recorded-time.ts';
import { formatRecordingLine, isCloseCode } from './recording-line.ts';

/** What became of something that was to be written down: it was, or it holds a secret, or no line can hold it. */
export type Written = 'written' | 'secret' | 'unreadable';

/** What a writer has written down, and what it has not. */
export interface WriterCounts {
  /** Lines that were written. */
  readonly lines: number;
  /** Frames and answers left out because they are logins or hold credentials. */
  readonly secret: number;
  /** Frames and answers left out because they are no JSON, have line breaks, or are longer than 16 MiB. */
  readonly unreadable: number;
}

/**
 * Writes one recording: what one client saw, on connections that follow each other. Everything is stamped with the time of the
 * call; a clock that goes back stands still.
 */
export interface RecordingWriter {
  /** A fresh copy. */
  readonly counts: WriterCounts;
  /** The client opened a WebSocket. */
  opened(url: string): void;
  /** The client sends a frame. A login is never written down. */
  sent(url: string, text: string): Written;
  /** The client received a frame. */
  received(text: string): Written;
  /** The connection ended. A code that no closing handshake can carry is written as `cut`. */
  ended(url: string, end: RecordedEnding): void;
  /** A GET request was answered with status 200. */
  answered(url: string, text: string): Written;
}

/** What a writer is made of. */
export interface RecordingWriterOptions {
  /** Takes one line with its line break; must not throw. */
  readonly write: (line: string) => void;
  /** Stamps the lines, as finely as its milliseconds are. */
  readonly clock: Pick<Clock, 'now'>;
}

/** A longer frame is not written down: a reader takes in a line as a whole. */
export const longestFrame: number = 16 * 1024 * 1024;

/**
 * Makes a writer of the form of `docs/recording-format.md`, whatever the venue. Secrets are its own care: a login, and whatever has a
 * field that is named like a key, a signature, a secret, a token or a password, is counted and left out.
 */
export function createRecordingWriter(options: RecordingWriterOptions): RecordingWriter {
  return new LineWriter(options);
}

type Unstamped<Item> = Item extends RecordingItem ? Omit<Item, 'time'> : never;

class LineWriter implements RecordingWriter {
  readonly #write: (line: string) => void;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #counts = { lines: 0, secret: 0, unreadable: 0 };
  #lastNanoseconds = 0n;

  constructor({ write, clock }: RecordingWriterOptions) {
    this.#write = write;
    this.#clock = clock;
  }

  get counts(): WriterCounts {
    return { ...this.#counts };
  }

  opened(url: string): void {
    this.#add({ kind: 'connect', url: toLineUrl(url) });
  }

  sent(url: string, text: string): Written {
    return this.#screened(text, true, { kind: 'sent', url: toLineUrl(url), text });
  }

  received(text: string): Written {
    return this.#screened(text, false, { kind: 'received', text });
  }

  ended(url: string, end: RecordedEnding): void {
    const isCut = end.how === 'close' && !isCloseCode(end.code);
    this.#add({ kind: 'end', url: toLineUrl(url), end: isCut ? { how: 'cut' } : end });
  }

  answered(url: string, text: string): Written {
    return this.#screened(text, false, { kind: 'answer', url: toLineUrl(url), text });
  }

  #screened(text: string, isSent: boolean, item: Unstamped<RecordingItem>): Written {
    const judgement = judge(text, isSent);
    if (judgement === 'written') this.#add(item);
    else this.#counts[judgement] += 1;
    return judgement;
  }

  #add(item: Unstamped<RecordingItem>): void {
    this.#counts.lines += 1;
    this.#write(`${formatRecordingLine({ ...item, time: this.#stamp() } as RecordingItem)}\n`);
  }

  #stamp(): string {
    const now = millisecondsToNanoseconds(this.#clock.now());
    if (now > this.#lastNanoseconds) this.#lastNanoseconds = now;
    return toRecordedTime(this.#lastNanoseconds);
  }
}

function judge(text: string, isSent: boolean): Written {
  const message = readMessage(text);
  if (message === undefined) return 'unreadable';
  return hasCredentials(text) || (isSent && isLogin(message)) ? 'secret' : 'written';
}

/** What a line can hold: one line of proper JSON, an object or a list. */
function readMessage(text: string): object | undefined {
  const isOneLine = !text.includes('\n') && !text.endsWith('\r');
  if (text.length > longestFrame || !isOneLine || !text.isWellFormed()) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
