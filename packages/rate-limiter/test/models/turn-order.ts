import type { LimitState } from './limit-state.ts';
import type { ModelRequest } from './model-request.ts';

/** When somebody goes at the earliest, and whether the contract says so exactly. */
interface Turn {
  readonly atMs: number;
  /** The same for a limiter that looks no further than whom it stands behind, or than its own room. */
  readonly leastMs: number;
  readonly isExact: boolean;
  /** It waits for work to end, or stands behind somebody who does. */
  readonly isUnknown: boolean;
}

/** Who has to let whom go first, at one moment. */
export class TurnOrder {
  readonly #state: LimitState;
  readonly #nowMs: number;
  /** In the order of their places. */
  readonly #waiting: readonly ModelRequest[];
  #turns: Map<ModelRequest, Turn> | undefined;

  constructor(state: LimitState, waiting: Iterable<ModelRequest>, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
    this.#waiting = [...waiting].sort(byPlace);
  }

  /** Those whom a request must not go before. */
  passedBy(request: ModelRequest): ModelRequest[] {
    return this.#waiting.filter((other) => precedes(other, request) && !this.mayPass(request, other));
  }

  /**
   * The one who waits cannot use what the other takes, or cannot go before it has come back. Nobody can say when a concurrent limit
   * has room: who waits for one keeps that one, and may or may not keep other limits.
   */
  mayPass(request: ModelRequest, other: ModelRequest): boolean {
    const turn = this.#turnOf(other);
    if (!turn.isExact) return true;
    for (const id of request.charges.keys()) {
      if (turn.isUnknown && this.#comesBack(id)) continue;
      if (!other.charges.has(id) || this.#isFree(id, turn.atMs, this.#nowMs)) continue;
      if (request.rank >= other.rank || !this.#isCovered(id, request, other.rank)) return false;
    }
    return true;
  }

  /** True if somebody who may go first needs, before it would have come back, a limit that a request would take at `atMs`. */
  isHeld(request: ModelRequest, atMs: number): boolean {
    for (const other of this.#waiting) {
      if (!sharesLimit(other, request) || precedes(request, other)) continue;
      const turn = this.#turnOf(other);
      if (!turn.isExact || turn.isUnknown) return true;
      for (const id of request.charges.keys()) {
        if (other.charges.has(id) && !this.#isFree(id, turn.leastMs, atMs)) return true;
      }
    }
    return false;
  }

  #turnOf(request: ModelRequest): Turn {
    this.#turns ??= this.#allTurns();
    return (
      this.#turns.get(request) ?? { atMs: this.#nowMs, leastMs: this.#nowMs, isExact: false, isUnknown: true }
    );
  }

  /** When everybody who waits can go at the earliest, after those before it who do not let it pass. */
  #allTurns(): Map<ModelRequest, Turn> {
    const turns = new Map<ModelRequest, Turn>();
    for (const request of this.#waiting) {
      let atMs = this.#state.knownRoomAt(request, this.#nowMs);
      let leastMs = atMs;
      let isExact = this.#state.isExact(request, this.#nowMs);
      let isUnknown = this.#state.roomAt(request, this.#nowMs) === Number.POSITIVE_INFINITY;
      for (const [other, turn] of turns) {
        if (!sharesLimit(other, request)) continue;
        isExact &&= turn.isExact;
        isUnknown ||= turn.isUnknown;
        const shared = [...request.charges.keys()].filter((id) => other.charges.has(id));
        const isBehind = (untilMs: number) => !shared.every((id) => this.#isFree(id, untilMs, this.#nowMs));
        if (isBehind(turn.atMs)) atMs = Math.max(atMs, turn.atMs);
        if (isBehind(turn.leastMs)) leastMs = Math.min(leastMs, turn.leastMs);
      }
      turns.set(request, { atMs, leastMs, isExact, isUnknown });
    }
    return turns;
  }

  /** True if all that is taken of a limit at `atMs` comes back before somebody goes who waits until `goesAtMs`. */
  #isFree(id: string, goesAtMs: number, atMs: number): boolean {
    return (this.#state.meters.get(id) ?? []).every((meter) => goesAtMs - atMs >= meter.periodMs);
  }

  /** True if what is taken of a limit comes back after a known time. */
  #comesBack(id: string): boolean {
    return (this.#state.meters.get(id) ?? []).every((meter) => Number.isFinite(meter.periodMs));
  }

  #isCovered(id: string, request: ModelRequest, rank: number): boolean {
    const charge = { rank: request.rank, weight: request.charges.get(id) ?? 0 };
    return (this.#state.meters.get(id) ?? []).every(
      (meter) => !meter.exactAt(this.#nowMs) || meter.leavesAlone(charge, rank, this.#nowMs),
    );
  }
}

/** True for two requests that are charged to one limit. */
export function sharesLimit(one: ModelRequest, other: ModelRequest): boolean {
  if (one === other) return false;
  for (const id of one.charges.keys()) if (other.charges.has(id)) return true;
  return false;
}

/** Goes first by the contract, whatever is meant of ties between lanes. */
function precedes(one: ModelRequest, other: ModelRequest): boolean {
  if (!sharesLimit(one, other)) return false;
  if (one.placeMs !== other.placeMs) return one.placeMs < other.placeMs;
  return one.rank === other.rank && one.sequence < other.sequence;
}

function byPlace(one: ModelRequest, other: ModelRequest): number {
  return one.placeMs - other.placeMs || one.sequence - other.sequence;
}
