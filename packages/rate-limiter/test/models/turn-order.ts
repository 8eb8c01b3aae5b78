import type { LimitState } from './limit-state.ts';
import type { ModelRequest } from './model-request.ts';

/** By so much a bucket may have room before the model says so: it counts in whole milliseconds, and one more where digits decide. */
const roundingMs = 2;

/** Those of one kind and lane who wait, in the order of their coming. */
interface Queue {
  readonly first: ModelRequest;
  readonly members: readonly ModelRequest[];
  /**
   * When the first of them can go, by any reading of the contract: not before the one, and not after the other. The earliest is that
   * of a limiter which looks no further than whom somebody stands behind, or than its own room.
   */
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** What somebody left for those before it when it went. */
export interface Passing {
  /** Those whom it must not pass, however much room there is. */
  readonly never: readonly ModelRequest[];
  /** Those who keep something that it took. */
  readonly kept: readonly Kept[];
}

/** What is kept of one limit. */
export interface Kept {
  readonly id: string;
  /** What was free for its lane, before it took its own. */
  readonly free: number;
  readonly keepers: readonly ModelRequest[];
}

/** Who has to let whom go first, at one moment. */
export class TurnOrder {
  readonly #state: LimitState;
  readonly #nowMs: number;
  /** In the order of the places of their first ones. */
  readonly #queues: Queue[] = [];

  constructor(state: LimitState, waiting: Iterable<ModelRequest>, nowMs: number) {
    this.#state = state;
    this.#nowMs = nowMs;
    const byName = Map.groupBy([...waiting].sort(byPlace), queueOf);
    for (const members of byName.values()) {
      const [first] = members;
      if (first !== undefined) this.#queues.push({ first, members, ...this.#turnOf(first) });
    }
  }

  /** What a request that goes now, and waits no more, has to leave alone. */
  passing(request: ModelRequest): Passing {
    const never: ModelRequest[] = [];
    for (const { first, members } of this.#queues) {
      if (queueOf(first) === queueOf(request))
        never.push(...members.filter((other) => isBefore(other, request)));
      else if (sharesLimit(first, request) && isBefore(first, request) && this.#canGo(first))
        never.push(first);
    }
    const kept: Kept[] = [];
    for (const id of request.charges.keys()) {
      if (!this.#state.isExactIn(id, this.#nowMs)) continue;
      const free = this.#state.freeIn(id, request.rank, this.#nowMs);
      kept.push({ id, free, keepers: this.#sureKeepers(request, id) });
    }
    return { never, kept };
  }

  /** True if somebody who may go first keeps, at `atMs`, something that a request would take then. */
  isHeld(request: ModelRequest, atMs: number): boolean {
    const isLater = this.#queues.some(
      ({ first }) => queueOf(first) === queueOf(request) && first !== request,
    );
    const ids = [...request.charges.keys()].filter((id) => !this.#mayPassAll(request, id, atMs));
    return isLater || ids.some((id) => this.#mayBeBehind(request, id, atMs));
  }

  /** Times at which somebody who stands behind others may have room beside all that they keep, or a reserve of its own. */
  timesToPass(request: ModelRequest): number[] {
    const returnsMs = [...request.charges.keys()].flatMap((id) => this.#state.returnsIn(id, this.#nowMs));
    const timesMs = [...request.charges].flatMap(([id, weight]) => {
      const before = this.#queues.filter((queue) => mayPrecede(queue, request));
      const kept = [this.#possibleKeepers(request, id, this.#nowMs), before];
      return kept.map((queues) =>
        this.#state.fitsIn(id, weight + weightOf(queues, id), request.rank, this.#nowMs),
      );
    });
    return [...timesMs, Math.max(this.#nowMs, ...timesMs), ...returnsMs];
  }

  #canGo(request: ModelRequest): boolean {
    const hasRoom = this.#state.roomAt(request, this.#nowMs) <= this.#nowMs;
    return hasRoom && this.#state.isExact(request, this.#nowMs) && !this.isHeld(request, this.#nowMs);
  }

  /** When the first of a queue can go, if those before it are known already. */
  #turnOf(first: ModelRequest): Pick<Queue, 'earliestMs' | 'latestMs'> {
    const nowMs = this.#nowMs;
    const isExact = this.#state.isExact(first, nowMs);
    let earliestMs = isExact ? this.#state.knownRoomAt(first, nowMs) : nowMs;
    let latestMs = isExact ? this.#state.roomAt(first, nowMs) : Number.POSITIVE_INFINITY;
    for (const [id, weight] of first.charges) {
      if (!this.#mayBeBehind(first, id, nowMs)) continue;
      // When it was last looked at, less may have been kept than now.
      earliestMs = Math.min(earliestMs, this.#state.fitsIn(id, weight, first.rank, nowMs));
      for (const keeper of this.#possibleKeepers(first, id, nowMs)) {
        earliestMs = Math.min(earliestMs, keeper.earliestMs);
        latestMs = Math.max(latestMs, keeper.latestMs);
      }
    }
    return { earliestMs: earliestMs - roundingMs, latestMs };
  }

  /** True if by some reading too much of a limit is kept for those before it. */
  #mayBeBehind(request: ModelRequest, id: string, atMs: number): boolean {
    const keepers = this.#possibleKeepers(request, id, atMs);
    if (keepers.length === 0) return false;
    if (!this.#state.isExactIn(id, this.#nowMs)) return true;
    const needed = chargeOf(request, id) + weightOf(keepers, id);
    return this.#state.fitsIn(id, needed, request.rank, atMs) > atMs;
  }

  /** True if only lower lanes keep something of a limit, and a reserve of its own covers a request. */
  #mayPassAll(request: ModelRequest, id: string, atMs: number): boolean {
    const keepers = this.#possibleKeepers(request, id, atMs);
    const areLower = keepers.every(({ first }) => first.rank > request.rank);
    return areLower && this.#isCovered(id, request, request.rank + 1, atMs);
  }

  /** Queues whose first may come before a request, and which may keep something of a limit for all of theirs. */
  #possibleKeepers(request: ModelRequest, id: string, atMs: number): Queue[] {
    return this.#queues.filter(
      (queue) =>
        mayPrecede(queue, request) && queue.first.charges.has(id) && this.#keeps(id, queue.earliestMs, atMs),
    );
  }

  /** Those who come before a request for certain, and for whom something of a limit is kept that no reserve of its own makes up for. */
  #sureKeepers(request: ModelRequest, id: string): ModelRequest[] {
    return this.#queues
      .filter(({ first }) => queueOf(first) !== queueOf(request) && first.charges.has(id))
      .filter(({ latestMs }) => this.#keeps(id, latestMs, this.#nowMs))
      .flatMap(({ members }) => members.filter((other) => isBefore(other, request)))
      .filter(({ rank }) => rank <= request.rank || !this.#isCovered(id, request, rank, this.#nowMs));
  }

  /** False if all that is taken of a limit at `atMs` comes back before somebody goes who waits until `goesAtMs`. */
  #keeps(id: string, goesAtMs: number, atMs: number): boolean {
    const periodMs = this.#state.longestPeriodMs(id);
    return periodMs === Number.POSITIVE_INFINITY || goesAtMs - atMs < periodMs;
  }

  /** True if what is reserved for the lane of a request and above lets it leave lane `rank` what it has. */
  #isCovered(id: string, request: ModelRequest, rank: number, atMs: number): boolean {
    const charge = { rank: request.rank, weight: chargeOf(request, id) };
    const meters = this.#state.meters.get(id) ?? [];
    return meters.every((meter) => meter.leavesAlone(charge, rank, atMs));
  }
}

/** True if a request takes something from those who keep it. The last digits of a bucket decide nothing. */
export function takesFrom(request: ModelRequest, { id, free, keepers }: Kept): boolean {
  return keepers.length > 0 && chargeOf(request, id) + sum(keepers, id) > free + 1e-6;
}

/** True for two requests that are charged to one limit. */
export function sharesLimit(one: ModelRequest, other: ModelRequest): boolean {
  if (one === other) return false;
  for (const id of one.charges.keys()) if (other.charges.has(id)) return true;
  return false;
}

function chargeOf(request: ModelRequest, id: string): number {
  return request.charges.get(id) ?? 0;
}

function sum(requests: readonly ModelRequest[], id: string): number {
  return requests.reduce((weight, request) => weight + chargeOf(request, id), 0);
}

function weightOf(queues: readonly Queue[], id: string): number {
  return queues.reduce((weight, { members }) => weight + sum(members, id), 0);
}

function queueOf({ limit, lane }: ModelRequest): string {
  return `${limit} ${lane}`;
}

/** Comes first by the contract, whatever is meant of ties between lanes. */
function isBefore(one: ModelRequest, other: ModelRequest): boolean {
  if (one.placeMs !== other.placeMs) return one.placeMs < other.placeMs;
  return one.rank === other.rank && one.sequence < other.sequence;
}

/** True for another queue that has its turn first by some reading. */
function mayPrecede({ first }: Queue, request: ModelRequest): boolean {
  return queueOf(first) !== queueOf(request) && !isBefore(request, first);
}

function byPlace(one: ModelRequest, other: ModelRequest): number {
  return one.placeMs - other.placeMs || one.sequence - other.sequence;
}
