import { readFileBytes } from './file-bytes.ts';
import { LineCutter } from './line-cutter.ts';
import type { ReadItem, RecordingItem } from './recorded-item.ts';
import { toNanoseconds } from './recorded-time.ts';
import { parseRecordingLine } from './recording-line.ts';
import { type LinePlace, lineRefusal } from './recording-refusal.ts';

/** A frame of 16 MiB and what stands before it. */
const longestLineBytes = 64 * 1024 * 1024;

/**
 * Reads a recording, compressed with gzip or not, item by item; a file of any size takes the memory of its longest line. Every loop over
 * the result reads the file anew. If whoever wrote it was stopped on the way, the last item is a {@link TornEnd}; what stands behind
 * the last line break is left out then.
 * @throws VenueError `invalid-options` if there is no such file, or for a line that does not fit, naming file, line, what was expected
 * and what was found.
 */
export function readRecording(path: string): AsyncIterable<ReadItem> {
  return { [Symbol.asyncIterator]: () => readItems(path) };
}

async function* readItems(path: string): AsyncGenerator<ReadItem> {
  let isTorn = false;
  const pieces = readFileBytes(path, () => {
    isTorn = true;
  });
  const order = new TimeOrder();
  const lines = new LineCutter();
  const place = { fileName: path, line: 1 };
  for await (const piece of pieces) {
    for (const bytes of lines.cut(piece)) {
      const item = parseRecordingLine(toText(bytes, place), place);
      if (item !== undefined) {
        order.check(item, place);
        yield item;
      }
      place.line += 1;
    }
    if (lines.begunBytes > longestLineBytes)
      throw lineRefusal(
        place,
        `at most ${longestLineBytes} bytes`,
        `${lines.begunBytes} without a line feed`,
      );
  }
  const reason = tornBy(lines.begunBytes, isTorn);
  if (reason !== undefined) yield { kind: 'torn', line: place.line, reason };
}

function tornBy(begunBytes: number, isTorn: boolean): string | undefined {
  if (begunBytes > 0) return `expected a line feed, got the end of the file behind ${begunBytes} bytes`;
  return isTorn ? 'expected the end of the compressed data, got the end of the file' : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const carriageReturn = 0x0d;
const byteOrderMark = '\uFEFF';

function toText(bytes: Uint8Array, place: LinePlace): string {
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  let text: string;
  try {
    text = utf8.decode(bytes.subarray(0, end));
  } catch {
    throw lineRefusal(place, 'UTF-8', 'other bytes');
  }
  return place.line === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/** What was received, and ends, never go back in time. */
class TimeOrder {
  #latest = -1n;
  #time = '';

  check({ kind, time }: RecordingItem, place: LinePlace): void {
    if (kind !== 'received' && kind !== 'end') return;
    const nanoseconds = toNanoseconds(time) ?? 0n;
    if (nanoseconds < this.#latest) {
      const what = kind === 'end' ? 'an end' : 'a received frame';
      throw lineRefusal(place, `${what} not before ${this.#time}`, time);
    }
    this.#latest = nanoseconds;
    this.#time = time;
  }
}
