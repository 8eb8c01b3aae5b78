import { asBytes } from './symbol-table.ts';

/** Bytes that are looked for, four at a time, which is twice as fast as one by one. */
export interface ExpectedBytes {
  readonly length: number;
  /** Every four bytes from the first on; the last four may overlap those before them. */
  readonly words: Int32Array;
}

/** Prepares an ASCII text of four characters or more for {@link skipBytes}. */
export function expectBytes(text: string): ExpectedBytes {
  return { length: text.length, words: Int32Array.from(wordsOf(text)) };
}

const quote = 0x22;
const comma = 0x2c;
const space = 0x20;
const colon = 0x3a;
// Numbers of their own, because such constants become part of the code, which is half as fast again.
const [data0, data1, data2] = wordsOf('"data":{"ts"');
const [seqnum0, seqnum1, seqnum2] = wordsOf(',"seqnum":');
const [asks0, asks1, asks2] = wordsOf(',"asks":[');
const [bids0, bids1, bids2] = wordsOf(',"bids":[');

/*
 * Whatever skips takes where something should stand, and returns where it ends, or -1 if it does not stand there.
 */

/** Skips what is expected. */
export function skipBytes(frame: Uint8Array, start: number, { length, words }: ExpectedBytes): number {
  const end = start + length;
  if (end > frame.length) return -1;
  const last = words.length - 1;
  for (let at = 0; at < last; at += 1) if (wordAt(frame, start + at * 4) !== words[at]) return -1;
  return wordAt(frame, end - 4) === words[last] ? end : -1;
}

/** Skips `","data":{"ts":`, from the quote behind the symbol on. The venue writes a space before `"data"`, or none. */
export function skipDataHead(frame: Uint8Array, start: number): number {
  if (frame[start] !== quote || frame[start + 1] !== comma) return -1;
  const data = start + (frame[start + 2] === space ? 3 : 2);
  const end = skipWords(frame, data, 12, data0, data1, data2);
  return end >= 0 && frame[end] === colon ? end + 1 : -1;
}

/** Skips `,"seqnum":`. */
export function skipSeqnumHead(frame: Uint8Array, start: number): number {
  return skipWords(frame, start, 10, seqnum0, seqnum1, seqnum2);
}

/** Skips `,"asks":[`. */
export function skipAsksHead(frame: Uint8Array, start: number): number {
  return skipWords(frame, start, 9, asks0, asks1, asks2);
}

/** Skips `,"bids":[`. */
export function skipBidsHead(frame: Uint8Array, start: number): number {
  return skipWords(frame, start, 9, bids0, bids1, bids2);
}

/** Skips nine to twelve bytes. */
function skipWords(
  frame: Uint8Array,
  start: number,
  length: number,
  first: number | undefined,
  second: number | undefined,
  last: number | undefined,
): number {
  const end = start + length;
  if (end > frame.length || wordAt(frame, start) !== first) return -1;
  return wordAt(frame, start + 4) === second && wordAt(frame, end - 4) === last ? end : -1;
}

/** Every four bytes of an ASCII text from the first on, as integers; the last four may overlap those before them. */
function wordsOf(text: string): readonly number[] {
  const bytes = asBytes(text);
  return Array.from({ length: Math.ceil(text.length / 4) }, (_, index) =>
    wordAt(bytes, Math.min(index * 4, text.length - 4)),
  );
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}
