/** How often a client may dial. */
const most = 20;
const windowMs = 300_000;
/** Sums of virtual times are right to less than this, in milliseconds. */
const halfMicrosecond = 0.000_5;
/** Losses that are so near each other are one event of the server. */
const sameMomentMs = 250;
/** Equal waits in a row that chance does not make: with whole milliseconds up to 500, 1,000 and 2,000, one in 10^9. */
const mostEqual = 3;

interface Wait {
  readonly lostAtMs: number;
  readonly waitedMs: number;
}

/** The dials of one life of a process. */
export class DialLog {
  readonly #dialsMs: number[] = [];
  readonly waits: Wait[] = [];
  #lostAtMs: number | undefined;

  /** A connection, or an attempt at one, has ended. */
  lost(atMs: number): void {
    this.#lostAtMs ??= atMs;
  }

  /**
   * Dials at `atMs`. Says what is wrong with that, if anything.
   * @param own true if the client comes back by itself, false if its user asked for it.
   */
  dial(atMs: number, own: boolean): string | undefined {
    const lostAtMs = this.#lostAtMs;
    if (own && lostAtMs !== undefined) this.waits.push({ lostAtMs, waitedMs: atMs - lostAtMs });
    this.#lostAtMs = undefined;
    this.#dialsMs.push(atMs);
    const count = this.recent(atMs);
    return count > most ? `expected at most ${most} dials in ${windowMs} ms, got ${count}` : undefined;
  }

  /** Dials in the window that ends at `atMs`. */
  recent(atMs: number): number {
    return this.#dialsMs.filter((dialMs) => dialMs > atMs - windowMs + halfMicrosecond).length;
  }
}

/** Says how two clients that lost the server together came back in step, if they did. */
export function findLockstep(first: DialLog, second: DialLog): string | undefined {
  let equal: number[] = [];
  for (const wait of first.waits) {
    const other = second.waits.find(({ lostAtMs }) => Math.abs(lostAtMs - wait.lostAtMs) <= sameMomentMs);
    if (other === undefined) continue;
    equal = sameMicrosecond(wait.waitedMs, other.waitedMs) ? [...equal, wait.waitedMs] : [];
    if (equal.length === mostEqual)
      return `expected clients that lost the server together to wait differently, got ${equal.join(', ')} ms for both`;
  }
  return undefined;
}

function sameMicrosecond(a: number, b: number): boolean {
  return Math.abs(a - b) < halfMicrosecond;
}
