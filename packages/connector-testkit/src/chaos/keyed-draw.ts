/**
 * A whole number from 0 (included) to `below` (excluded), at most 2^32, that depends on `key` alone. There is no state, so that
 * one more draw for one purpose shifts no other. Integer operations only: the same on every engine.
 */
function drawInteger(key: string, below: number): number {
  return hash(key) % below;
}

/** A whole number from `middle - spread` to `middle + spread`, both included, that depends on `key` alone. */
export function drawAround(key: string, middle: number, spread: number): number {
  return spread === 0 ? middle : middle - spread + drawInteger(key, 2 * spread + 1);
}

/** FNV-1a over the code units, then a mix in which every bit of the input reaches every bit of the result. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
