/** How often a client may dial. */
const most = 20;
const windowMs = 300_000;
/** How much longer than its window a dial counts: it may be on its way. */
const allowanceMs = 1_000;
/** Upper bounds of the waits between losses and dials: the first, and all. */
const [firstBoundMs, longestBoundMs] = [500, 30_000];
/** A connection that was up this long and brought data lets the bounds begin anew. */
const healthyMs = 60_000;
/** Nearer to that than this nobody can say what the client saw. */
const unsureMs = 50;
/** How long a venue is left alone that answered a dial with one of these, at least. */
const refusedMs = 60_000;
const refusals: ReadonlySet<number | undefined> = new Set([403, 418, 429]);
/** Of those, the ones that are as much when they answer a request. */
const requestRefusals: ReadonlySet<number> = new Set([418, 429]);
/** Sums of virtual times are right to less than this, in milliseconds. */
const halfMicrosecond = 0.000_5;
const slackMs = 5;
/** Losses that are so near each other are one event of the server. */
const sameMomentMs = 250;
/** Equal waits in a row that chance does not make: with whole milliseconds up to 500, 1,000 and 2,000, one in 10^9. */
const mostEqual = 3;

interface Wait {
  readonly lostAtMs: number;
  readonly waitedMs: number;
}

/** A wait that chance alone decided. */
export interface DrawnWait {
  /** Without what a refusal adds, in milliseconds. */
  readonly waitedMs: number;
  readonly boundMs: number;
}

/** What is wrong with a dial. */
export interface DialProblem {
  readonly invariant: 'I7' | 'backoff';
  readonly message: string;
}

interface Loss {
  readonly atMs: number;
  readonly leastMs: number;
}

/** The dials of one life of a process. */
export class DialLog {
  readonly #dialsMs: number[] = [];
  readonly waits: Wait[] = [];
  readonly drawn: DrawnWait[] = [];
  #loss: Loss | undefined;
  /** Waits since the bounds began anew; `undefined` if nobody can say. */
  #attempts: number | undefined = 0;
  #liveAtMs: number | undefined;
  #gotData = false;
  /** Until when nobody dials or asks. */
  #closedUntilMs = Number.NEGATIVE_INFINITY;

  /** A connector was made: its bounds begin. */
  began(): void {
    this.#attempts = 0;
    this.#loss = undefined;
  }

  /** The venue greeted. */
  greeted(atMs: number): void {
    this.#liveAtMs ??= atMs;
  }

  /** Something came that is neither a greeting nor about the session itself. */
  gotData(): void {
    this.#gotData = true;
  }

  /** A connection, or an attempt at one, has ended; `status` if it was refused. */
  lost(atMs: number, status?: number): void {
    this.#loss ??= { atMs, leastMs: refusals.has(status) ? refusedMs : 0 };
    if (refusals.has(status)) this.#closedUntilMs = atMs + refusedMs;
    const upMs = this.#liveAtMs === undefined || !this.#gotData ? 0 : atMs - this.#liveAtMs;
    if (Math.abs(upMs - healthyMs) < unsureMs) this.#attempts = undefined;
    else if (upMs > healthyMs) this.#attempts = 0;
  }

  /** A request was answered. */
  answered(atMs: number, status: number): void {
    if (requestRefusals.has(status)) this.#closedUntilMs = atMs + refusedMs;
  }

  /** For how long nobody may dial or ask, in milliseconds; 0 or less if anybody may. */
  closedForMs(atMs: number): number {
    return this.#closedUntilMs - atMs - halfMicrosecond;
  }

  /**
   * Dials at `atMs`. Says what is wrong with that, if anything.
   * @param own true if the client comes back by itself, false if its user asked for it.
   * @param busySince how long the process was busy since a moment.
   */
  dial(atMs: number, own: boolean, busySince: (atMs: number) => number): DialProblem | undefined {
    const loss = this.#loss;
    const closedMs = this.closedForMs(atMs);
    const message =
      closedMs > 0
        ? `expected no dial for ${closedMs} ms after a refusal, got one`
        : own && loss !== undefined
          ? this.#redial(atMs, loss, busySince(loss.atMs))
          : undefined;
    this.#loss = undefined;
    this.#liveAtMs = undefined;
    this.#gotData = false;
    this.#dialsMs.push(atMs);
    const count = this.recent(atMs);
    if (count > most)
      return { invariant: 'I7', message: `expected at most ${most} dials in ${windowMs} ms, got ${count}` };
    return message === undefined ? undefined : { invariant: 'backoff', message };
  }

  /** Dials in the window that ends at `atMs`. */
  recent(atMs: number): number {
    return this.#dialsMs.filter((dialMs) => dialMs > atMs - windowMs + halfMicrosecond).length;
  }

  #redial(atMs: number, { atMs: lostAtMs, leastMs }: Loss, busyMs: number): string | undefined {
    const waitedMs = atMs - lostAtMs;
    this.waits.push({ lostAtMs, waitedMs });
    if (waitedMs < leastMs - halfMicrosecond)
      return `expected ${leastMs} ms at least after a refusal, got ${waitedMs}`;
    const attempts = this.#attempts;
    if (attempts === undefined) return undefined;
    this.#attempts = attempts + 1;
    const boundMs = Math.min(firstBoundMs * 2 ** attempts, longestBoundMs);
    const roomAtMs = (this.#dialsMs.at(-most) ?? Number.NEGATIVE_INFINITY) + windowMs;
    const latestMs = Math.max(lostAtMs + leastMs + boundMs, roomAtMs + allowanceMs, this.#closedUntilMs);
    const waitedForRoom = atMs > roomAtMs - 1 && atMs < roomAtMs + allowanceMs + 1;
    const isDrawn = busyMs === 0 && !waitedForRoom && Math.abs(atMs - this.#closedUntilMs) > 1;
    if (isDrawn) this.drawn.push({ waitedMs: waitedMs - leastMs, boundMs });
    if (atMs <= latestMs + busyMs + slackMs) return undefined;
    return `expected dial ${attempts + 1} within ${boundMs} ms, got ${waitedMs - leastMs}`;
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
