import type { DepthStage } from '@venuekit/connector-core';
import { expectBytes, findQuoteByte, readCountBytes, readSideBytes, skipBytes } from './depth-bytes.ts';
import { createSymbolTable } from './symbol-table.ts';

/**
 * Reads depth updates from the bytes of a frame straight into a stage, in the one form in which the venue writes them. It
 * guesses nothing: whatever deviates from that form by a byte is left to `decodeStreamFrame` and `stageDepth`. What it takes, it
 * takes as they do.
 */
export interface DepthScanner {
  /**
   * Index of the symbol of a `depth` or `depth-realtime` frame, by its beginning alone; -1 for any other frame and for a symbol
   * that is not in the list.
   */
  symbolOf(frame: Uint8Array): number;
  /**
   * True for a frame that begins as `depth-realtime` does. Those are numbered in a series of their own, and `decodeStreamFrame`
   * does not know them: a book of `depth` must not take them.
   */
  isRealtime(frame: Uint8Array): boolean;
  /**
   * Reads the whole of a `depth` or `depth-realtime` frame of any symbol into a stage.
   * @returns False for anything but the usual form, and for numbers that the scales of the stage cannot hold: then the frame is
   * for the exact decoder, and what the stage holds means nothing.
   */
  stage(frame: Uint8Array, into: DepthStage): boolean;
}

const depthHead = expectBytes('{"m":"depth","symbol":"');
const realtimeHead = expectBytes('{"m":"depth-realtime","symbol":"');
const spacedDataHead = expectBytes('", "data":{"ts":');
const dataHead = expectBytes('","data":{"ts":');
const seqnumHead = expectBytes(',"seqnum":');
const asksHead = expectBytes(',"asks":[');
const bidsHead = expectBytes(',"bids":[');
const closeBrace = 0x7d;
const space = 0x20;

/**
 * Makes a scanner for a list of venue symbols, such as `ASD/USDT`.
 * @throws VenueError `invalid-options` for a symbol that is listed twice.
 */
export function createDepthScanner(symbols: readonly string[]): DepthScanner {
  const table = createSymbolTable(symbols);
  return {
    symbolOf(frame) {
      const start = skipHead(frame);
      const end = start < 0 ? -1 : findQuoteByte(frame, start);
      return end < 0 || skipToTime(frame, end) < 0 ? -1 : table.find(frame, start, end);
    },
    isRealtime: (frame) => skipBytes(frame, 0, realtimeHead) > 0,
    stage: stageFrame,
  };
}

/** Room for the two whole numbers of a frame; nothing is kept in it from call to call. */
const counts = new Float64Array(2);

function stageFrame(frame: Uint8Array, into: DepthStage): boolean {
  let at = skipHead(frame);
  if (at >= 0) at = findQuoteByte(frame, at);
  if (at >= 0) at = skipToTime(frame, at);
  if (at >= 0) at = readCountBytes(frame, at, counts, 0);
  if (at >= 0) at = skipBytes(frame, at, seqnumHead);
  if (at >= 0) at = readCountBytes(frame, at, counts, 1);
  if (at >= 0) at = skipBytes(frame, at, asksHead);
  if (at >= 0) at = readSideBytes(frame, at, into.asks, into);
  if (at >= 0) at = skipBytes(frame, at, bidsHead);
  if (at >= 0) at = readSideBytes(frame, at, into.bids, into);
  if (at < 0 || at + 2 !== frame.length || frame[at] !== closeBrace || frame[at + 1] !== closeBrace)
    return false;
  into.venueTimeMs = counts[0] as number;
  into.firstSequence = counts[1] as number;
  into.sequence = counts[1] as number;
  return true;
}

/** To the first byte of the symbol. */
function skipHead(frame: Uint8Array): number {
  const at = skipBytes(frame, 0, depthHead);
  return at < 0 ? skipBytes(frame, 0, realtimeHead) : at;
}

/** From the quote behind the symbol to the first digit of the time. The venue writes a space before `"data"`, or none. */
function skipToTime(frame: Uint8Array, quoteAt: number): number {
  return skipBytes(frame, quoteAt, frame[quoteAt + 2] === space ? spacedDataHead : dataHead);
}
