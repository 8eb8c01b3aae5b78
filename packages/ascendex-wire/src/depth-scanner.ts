import type { DepthStage } from '@venuekit/connector-core';
import { readCountBytes, readSideBytes } from './depth-bytes.ts';
import type { DepthKind } from './depth-message.ts';
import {
  expectBytes,
  skipAsksHead,
  skipBidsHead,
  skipBytes,
  skipDataHead,
  skipSeqnumHead,
} from './expected-bytes.ts';
import { createSymbolTable } from './symbol-table.ts';

/** What {@link createDepthScanner} takes beside the symbols. */
export interface DepthScannerOptions {
  /** The channel whose frames are taken; `depth` if left out. */
  readonly channel?: DepthKind;
}

/**
 * Reads depth updates from the bytes of a frame straight into a stage, in the one form in which the venue writes them. It
 * guesses nothing: whatever deviates from that form by a byte is left to `decodeStreamFrame` and `stageDepthUpdate`. What it
 * takes, it takes as they do.
 */
export interface DepthScanner {
  /**
   * Reads an update of the scanner's channel into the stage of its symbol.
   * @param stages one for each symbol that is followed, in the order of the scanner's list.
   * @returns The index of the symbol. Or -1, and then the frame is for the exact decoder: for any other kind of frame, a symbol
   * that is not in the list or has no stage, anything but the usual form, and numbers that the scales of the stage cannot hold.
   * What the stage of that symbol holds then means nothing; no other stage was touched.
   */
  read(frame: Uint8Array, stages: readonly (DepthStage | undefined)[]): number;
}

const closeBrace = 0x7d;

/**
 * Makes a scanner for a list of venue symbols, such as `ASD/USDT`.
 * @throws VenueError `invalid-options` for a symbol that is listed twice.
 */
export function createDepthScanner(
  symbols: readonly string[],
  { channel = 'depth' }: DepthScannerOptions = {},
): DepthScanner {
  const table = createSymbolTable(symbols);
  const head = expectBytes(`{"m":"${channel}","symbol":"`);
  return {
    read(frame, stages) {
      const start = skipBytes(frame, 0, head);
      if (start < 0 || !endsAsUsual(frame)) return -1;
      const symbol = table.find(frame, start);
      const stage = symbol < 0 ? undefined : stages[symbol];
      if (stage === undefined) return -1;
      return readData(frame, start + table.lengthOf(symbol), stage) ? symbol : -1;
    },
  };
}

/** Room for the two whole numbers of a frame; nothing is kept in it from call to call. */
const counts = new Float64Array(2);

/** From the quote behind the symbol to the end of the frame. */
function readData(frame: Uint8Array, quoteAt: number, into: DepthStage): boolean {
  let at = skipDataHead(frame, quoteAt);
  if (at >= 0) at = readCountBytes(frame, at, counts, 0);
  if (at >= 0) at = skipSeqnumHead(frame, at);
  if (at >= 0) at = readCountBytes(frame, at, counts, 1);
  if (at >= 0) at = skipAsksHead(frame, at);
  if (at >= 0) at = readSideBytes(frame, at, into.asks, into);
  if (at >= 0) at = skipBidsHead(frame, at);
  if (at >= 0) at = readSideBytes(frame, at, into.bids, into);
  if (at !== frame.length - 2) return false;
  into.venueTimeMs = counts[0] as number;
  into.firstSequence = counts[1] as number;
  into.sequence = counts[1] as number;
  return true;
}

/** The two braces also end whatever is read byte by byte, so that nobody reads behind a frame that was cut. */
function endsAsUsual(frame: Uint8Array): boolean {
  const { length } = frame;
  return frame[length - 1] === closeBrace && frame[length - 2] === closeBrace;
}
