import { VenueError } from '@venuekit/connector-core';
import { formatEnd, parseEnd } from './connection-end.ts';
import { excerpt } from './exact-json.ts';
import { decodeCommand, decodeMessage, jsonObject, ShapeError } from './recorded-message.ts';
import type { RecordedItem, RecordedReceived, RecordedSent, RecordedSession } from './recorded-session.ts';
import { toNanoseconds } from './recorded-time.ts';

/**
 * `<url> <-> <time>`, `<url> <x> <time>: <how>`, `<url> <- <time>: <json>` and `<url> -> <time>: <json>`. The scheme holds no colon, so
 * that a long line is read once; the dot stands for any character, so that line separators other than the line feed stay part of a
 * frame.
 */
const addressed = /^([^\s:]+:\/\/\S+) (<->|<x>|<-|->) ([^:\s]*)(?:: (.*))?$/s;
const received = /^([^:\s]*): (.*)$/s;
const byteOrderMark = '\uFEFF';

/** An item as it is written: what its frame means does not matter. */
export type WrittenItem =
  | Exclude<RecordedItem, RecordedReceived | RecordedSent>
  | Omit<RecordedReceived, 'message'>
  | Omit<RecordedSent, 'command'>;

/** Items whose times never go back, for messages. */
const orderedItems: Partial<Record<RecordedItem['kind'], string>> = {
  received: 'a received frame',
  end: 'an end',
};

/**
 * Reads a recording. Blank lines, a `configuration:` line and a byte order mark are left out; every frame keeps its text.
 * @param fileName names the file in errors.
 * @throws VenueError `invalid-options` for a line that does not fit, naming file, line, what was expected and what was found.
 */
export function parseRecording(text: string, fileName: string): RecordedSession {
  const items: RecordedItem[] = [];
  let last: { readonly nanoseconds: bigint; readonly time: string } | undefined;
  const lines = text.slice(text.startsWith(byteOrderMark) ? 1 : 0).split('\n');
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '' || line.startsWith('configuration: ')) continue;
    try {
      const { item, nanoseconds } = parseLine(line);
      items.push(item);
      const what = orderedItems[item.kind];
      if (what === undefined) continue;
      if (last !== undefined && nanoseconds < last.nanoseconds) {
        throw new ShapeError(`expected ${what} not before ${last.time}, got ${item.time}`);
      }
      last = { nanoseconds, time: item.time };
    } catch (error) {
      throw lineError(error, fileName, index + 1);
    }
  }
  return { fileName, items };
}

function lineError(error: unknown, fileName: string, line: number): unknown {
  if (!(error instanceof ShapeError)) return error;
  return new VenueError({
    code: 'invalid-options',
    operation: 'parseRecording',
    message: `${fileName}, line ${line}: ${error.message}`,
  });
}

function parseLine(line: string): { item: RecordedItem; nanoseconds: bigint } {
  const match = addressed.exec(line);
  if (match === null) return parseReceived(line);
  const [, url = '', arrow, time = '', text] = match;
  const nanoseconds = checkedTime(time);
  return { item: parseAddressed(url, arrow, time, text), nanoseconds };
}

function parseAddressed(url: string, arrow: string | undefined, time: string, text?: string): RecordedItem {
  if (arrow === '<->') {
    if (text === undefined) return { kind: 'connect', url, time };
    throw new ShapeError(`expected nothing after the time of a connect, got ${excerpt(text)}`);
  }
  if (text === undefined) {
    const what = arrow === '<x>' ? 'how it ended' : 'JSON';
    throw new ShapeError(`expected ": " and ${what} after the time, got the end of the line`);
  }
  if (arrow === '<x>') return { kind: 'end', url, time, end: parseEnd(text) };
  if (arrow === '<-') return { kind: 'sent', url, time, text, command: decodeCommand(text) };
  jsonObject(text);
  return { kind: 'answer', url, time, text };
}

function parseReceived(line: string): { item: RecordedItem; nanoseconds: bigint } {
  const match = received.exec(line);
  if (match === null) {
    throw new ShapeError(
      `expected "<epoch seconds>: <json>" or "<url> <arrow> <epoch seconds>…", got ${excerpt(line)}`,
    );
  }
  const [, time = '', text = ''] = match;
  const nanoseconds = checkedTime(time);
  return { item: { kind: 'received', time, text, message: decodeMessage(text) }, nanoseconds };
}

function checkedTime(text: string): bigint {
  const nanoseconds = toNanoseconds(text);
  if (nanoseconds !== undefined) return nanoseconds;
  throw new ShapeError(`expected epoch seconds such as 1700000000.25, got ${excerpt(text) || 'nothing'}`);
}

/** Writes a recording: one item a line, a line break after each. What {@link parseRecording} reads comes out the same. */
export function formatRecording(session: RecordedSession): string {
  return session.items.map((item) => `${formatItem(item)}\n`).join('');
}

/** The line of one item, without the line break. */
export function formatItem(item: WrittenItem): string {
  switch (item.kind) {
    case 'connect':
      return `${item.url} <-> ${item.time}`;
    case 'end':
      return `${item.url} <x> ${item.time}: ${formatEnd(item.end)}`;
    case 'sent':
      return `${item.url} <- ${item.time}: ${item.text}`;
    case 'answer':
      return `${item.url} -> ${item.time}: ${item.text}`;
    case 'received':
      return `${item.time}: ${item.text}`;
  }
}
