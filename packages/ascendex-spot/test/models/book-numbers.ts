import type { WireDepth } from './wire-log.ts';

/** How far a snapshot may be ahead of changes that come behind it. */
const mostAhead = 10n;
/** Changes that may have changed places with the newest one. */
const mostSwapped = 3;

/** True if a live book may have this number, after what arrived of it, in this order, since its subscription was confirmed. */
export function mayBeLive(arrived: readonly WireDepth[], number: bigint): boolean {
  const newest = arrived.findLast(({ kind }) => kind === 'change');
  if (newest === undefined || newest.sequence === number) return true;
  return number > newest.sequence && (isSwapped(arrived, number) || isOvertaken(arrived, number));
}

/** True if the newest snapshot of this number came before the changes up to that number. */
export function hasOvertaken(arrived: readonly WireDepth[], number: bigint | undefined): boolean {
  const at = arrived.findLastIndex(({ kind, sequence }) => kind === 'snapshot' && sequence === number);
  const before = arrived[at - 1];
  return before !== undefined && number !== undefined && before.sequence < number;
}

/** The change of this number came just before the newest one. */
function isSwapped(arrived: readonly WireDepth[], number: bigint): boolean {
  let left = mostSwapped;
  for (let at = arrived.length - 1; at >= 0 && left > 0; at -= 1) {
    const { kind, sequence } = arrived[at]!;
    if (kind !== 'change') continue;
    if (sequence === number) return true;
    left -= 1;
  }
  return false;
}

/** A snapshot of this number came, no change before it was newer, and those behind it are a little older. */
function isOvertaken(arrived: readonly WireDepth[], number: bigint): boolean {
  for (let at = arrived.length - 1; at >= 0; at -= 1) {
    const { kind, sequence } = arrived[at]!;
    if (kind === 'change' && (sequence > number || sequence <= number - mostAhead)) return false;
    if (kind !== 'snapshot' || sequence !== number) continue;
    const before = arrived.findLast((message, place) => place < at && message.kind === 'change');
    return before === undefined || before.sequence <= number;
  }
  return false;
}
