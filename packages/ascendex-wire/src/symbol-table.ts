import { VenueError } from '@venuekit/connector-core';
import { venueId } from './venue.ts';

/** Finds symbols by their bytes, without making text of them. */
export interface SymbolTable {
  /** Index of the symbol whose bytes stand from `start` up to a quote; -1 if it is none of the list. */
  find(bytes: Uint8Array, start: number): number;
  /** Number of bytes of the symbol with an index that `find` gave. */
  lengthOf(index: number): number;
}

/** What stands for itself in JSON and is one byte: printable ASCII without the quote and the backslash. */
const plainSymbol = /^[ !#-[\]-~]+$/;
const quote = 0x22;

/**
 * Makes a table of a list of symbols. A symbol that JSON may write in other bytes (other than printable ASCII, a quote, a
 * backslash) keeps its index and is never found.
 * @throws VenueError `invalid-options` for a symbol that is listed twice.
 */
export function createSymbolTable(symbols: readonly string[]): SymbolTable {
  requireDistinct(symbols);
  const known = symbols.map((symbol) => asBytes(plainSymbol.test(symbol) ? `${symbol}"` : ''));
  const slots = fillSlots(known);
  const mask = slots.length - 1;
  return {
    find(bytes, start) {
      let slot = hash(bytes, start) & mask;
      for (;;) {
        const index = slots[slot] as number;
        if (index < 0 || isSame(known[index] as Uint8Array, bytes, start)) return index;
        slot = (slot + 1) & mask;
      }
    },
    lengthOf: (index) => (known[index] as Uint8Array).length - 1,
  };
}

/** Bytes of a text of ASCII characters. */
export function asBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** An index for each slot, -1 where it is empty. At most half of the slots are taken, so that every search ends. */
function fillSlots(known: readonly Uint8Array[]): Int32Array {
  let size = 8;
  while (size < known.length * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  for (const [index, bytes] of known.entries()) {
    if (bytes.length === 0) continue;
    let slot = hash(bytes, 0) & (size - 1);
    while ((slots[slot] as number) >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = index;
  }
  return slots;
}

/** Of the bytes up to a quote, or to the end. */
function hash(bytes: Uint8Array, start: number): number {
  let sum = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) break;
    sum = (Math.imul(sum, 31) + byte) | 0;
  }
  return sum ^ (sum >>> 15);
}

/** True if the bytes of a symbol and its quote stand at `start`. */
function isSame(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  if (start + known.length > bytes.length) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}

function requireDistinct(symbols: readonly string[]): void {
  const seen = new Set<string>();
  for (const [index, symbol] of symbols.entries()) {
    if (seen.has(symbol)) {
      throw new VenueError({
        code: 'invalid-options',
        venue: venueId,
        operation: 'createDepthScanner',
        message: `symbols[${index}]: expected each symbol once, got ${JSON.stringify(symbol)} again`,
      });
    }
    seen.add(symbol);
  }
}
