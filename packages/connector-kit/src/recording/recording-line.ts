import type { RecordedEnding, RecordingItem } from './recorded-item.ts';
import { toNanoseconds } from './recorded-time.ts';
import { type LinePlace, lineRefusal, recordingRefusal, shown } from './recording-refusal.ts';

/** A url, an arrow, a time, and what comes behind it. A scheme has no colon, so that a long frame is not searched for one. */
const addressed = /^([^\s:]+:\/\/\S+) (<->|<x>|<-|->) ([^:\s]*)(?:: (.*))?$/s;
const plain = /^([^:\s]*): (.*)$/s;
const closeForm = /^close ([1-9]\d{3})$/;

const anyLine = 'a frame as "<time>: <json>" or "<url> <arrow> <time>…"';

/**
 * Reads one line of a recording, without its line break; `undefined` for a line that says nothing: a blank one, or a note of the
 * recorder. Frames are not looked into.
 * @param place where the line stands, for errors.
 * @throws VenueError `invalid-options` for any other line, naming file, line, what was expected and what was found.
 */
export function parseRecordingLine(
  line: string,
  place: LinePlace = { fileName: 'recording', line: 1 },
): RecordingItem | undefined {
  if (line.startsWith('configuration:') || line.trim() === '') return undefined;
  const match = addressed.exec(line);
  if (match !== null) return toAddressed(match, place);
  const [, time, text] = plain.exec(line) ?? [];
  if (time === undefined || text === undefined) throw lineRefusal(place, anyLine, shown(line));
  return { kind: 'received', time: checkedTime(time, place), text };
}

function toAddressed(
  [, url = '', arrow, stamp = '', text]: RegExpExecArray,
  place: LinePlace,
): RecordingItem {
  const time = checkedTime(stamp, place);
  if (arrow === '<->') {
    if (text !== undefined) throw lineRefusal(place, 'nothing behind the time of an opening', shown(text));
    return { kind: 'connect', url, time };
  }
  if (text === undefined) throw lineRefusal(place, '": " and more behind the time', 'the end of the line');
  if (arrow === '<x>') return { kind: 'end', url, time, end: toEnding(text, place) };
  return { kind: arrow === '<-' ? 'sent' : 'answer', url, time, text };
}

function toEnding(text: string, place: LinePlace): RecordedEnding {
  if (text === 'cut' || text === 'left') return { how: text };
  const code = Number(closeForm.exec(text)?.[1]);
  if (isCloseCode(code)) return { how: 'close', code };
  throw lineRefusal(place, 'cut, left, or close with a code such as 1000', shown(text));
}

/** True for a code that a closing handshake can carry. */
export function isCloseCode(code: number): boolean {
  const isReserved = code === 1_004 || code === 1_005 || code === 1_006;
  return (code >= 1_000 && code <= 1_014 && !isReserved) || (code >= 3_000 && code <= 4_999);
}

function checkedTime(time: string, place: LinePlace): string {
  if (toNanoseconds(time) !== undefined) return time;
  throw lineRefusal(place, 'epoch seconds such as 1704067202.087', shown(time));
}

/**
 * Writes one item as a line, without a line break; {@link parseRecordingLine} gives the same item again.
 * @throws VenueError `invalid-options` for what cannot stand on one line.
 */
export function formatRecordingLine(item: RecordingItem): string {
  const line = toLine(item);
  if (line.includes('\n') || line.endsWith('\r'))
    throw recordingRefusal('formatRecordingLine', `expected text on one line, got ${shown(line)}`);
  return line;
}

function toLine(item: RecordingItem): string {
  switch (item.kind) {
    case 'connect':
      return `${item.url} <-> ${item.time}`;
    case 'sent':
      return `${item.url} <- ${item.time}: ${item.text}`;
    case 'received':
      return `${item.time}: ${item.text}`;
    case 'answer':
      return `${item.url} -> ${item.time}: ${item.text}`;
    case 'end':
      return `${item.url} <x> ${item.time}: ${item.end.how === 'close' ? `close ${item.end.code}` : item.end.how}`;
  }
}
