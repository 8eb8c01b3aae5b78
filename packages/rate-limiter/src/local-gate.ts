import type { Taken } from './grant.ts';
import type { LimitDefinition } from './limit-definition.ts';
import type { LimitError } from './limit-error.ts';
import type { Meter, MeterEntry } from './meter.ts';
import type { Charges, RequestQueue, Waiter } from './request-queue.ts';
import { type Estimated, estimateRoom, type Room } from './room-estimate.ts';

/** What a server said about one window. */
export interface ServerCount {
  /** Id of the limit. */
  readonly limit: string;
  /** The meters of the window, that of all lanes first. */
  readonly meters: readonly Meter[];
  /** What should be known to be in use, at the least. */
  readonly atLeast: number;
  /** When the request left that was answered so. */
  readonly sentAtMs: number;
  readonly nowMs: number;
}

/** Where capacity is kept. */
export interface Gate {
  /** How long an answer to {@link Gate.take} may take, in milliseconds; 0 if it is there at once. */
  readonly answerMs: number;
  /** Takes everything that a request needs at once, or nothing at all: then it has to wait. */
  takeNow(queue: RequestQueue, weights: readonly number[], nowMs: number): Taken | undefined;
  /**
   * Takes everything that a waiter needs, or nothing at all. It is asked for again until it was taken or forgotten.
   * @returns what was taken; or the earliest time at which there may be room, `Infinity` if nobody can know; or `asked`, if the gate
   * will say so when it knows more; or why the request is refused.
   */
  take(waiter: Waiter, nowMs: number): Taken | number | 'asked' | LimitError;
  /** True if everything was taken for a waiter that was not let in yet: then it goes before anybody else. */
  hasTaken(waiter: Waiter): boolean;
  /** The earliest time at which there could be room for a request that cannot go now anyway, as far as is known here. */
  readyAt(queue: RequestQueue, weights: readonly number[], nowMs: number): number;
  /** When there is room for `weight` in one of the limits of a queue, as far as is known here; `Infinity` if nobody can know. */
  roomIn(queue: RequestQueue, limitIndex: number, weight: number, nowMs: number): number;
  /** When there will be room after all that wait before; `undefined` if that is not known here. */
  estimate(request: Estimated, queues: Iterable<RequestQueue>, nowMs: number): Room | undefined;
  /** A request that was asked for will not be asked for again. */
  forget(waiter: Waiter): void;
  /** Weight in use, as far as it is known here. */
  used(meter: Meter, nowMs: number): number;
  /** Takes what somebody else used, if the server knows of more than is known here; gives how much. */
  assume(count: ServerCount): number;
  /** A scope was closed, or opened again: then `untilMs` is not after `nowMs`. */
  penalised(scope: string, untilMs: number, nowMs: number, reason: string): void;
  /** The limits are about to be changed. */
  changing(definitions: readonly LimitDefinition[]): void;
  close(): void;
}

/** Takes of the meters in the memory of this process everything or nothing; then it gives the earliest time for it. */
export function takeHere(
  { charges }: RequestQueue,
  weights: readonly number[],
  nowMs: number,
): Taken | number {
  const readyMs = readyHere(charges, weights, nowMs);
  if (readyMs > nowMs) return readyMs;
  const [meter] = charges.meters;
  if (meter === undefined || charges.meters.length > 1) return new TakenOfAll(charges, weights, nowMs);
  return new TakenOfOne(meter, weights[charges.limitOf[0] as number] as number, nowMs);
}

function readyHere({ meters, limitOf }: Charges, weights: readonly number[], nowMs: number): number {
  let readyMs = nowMs;
  for (let at = 0; at < meters.length; at += 1) {
    const fitsMs = (meters[at] as Meter).fitsAt(weights[limitOf[at] as number] as number, nowMs);
    if (fitsMs > readyMs) readyMs = fitsMs;
  }
  return readyMs;
}

/** Capacity in the memory of this process: looked at and taken in one go, so that nobody comes in between. */
export const localGate: Gate = {
  answerMs: 0,
  takeNow(queue, weights, nowMs) {
    const taken = takeHere(queue, weights, nowMs);
    return typeof taken === 'number' ? undefined : taken;
  },
  take: ({ queue, weights }, nowMs) => takeHere(queue, weights, nowMs),
  hasTaken: () => false,
  readyAt: ({ charges }, weights, nowMs) => readyHere(charges, weights, nowMs),
  roomIn({ charges }, limitIndex, weight, nowMs) {
    const { meters, limitOf } = charges;
    let readyMs = nowMs;
    for (let at = 0; at < meters.length; at += 1) {
      if (limitOf[at] !== limitIndex) continue;
      const meter = meters[at] as Meter;
      if (weight > meter.capacity) return Number.POSITIVE_INFINITY;
      readyMs = Math.max(readyMs, meter.fitsAt(weight, nowMs));
    }
    return readyMs;
  },
  estimate: estimateRoom,
  forget() {},
  used: (meter, nowMs) => meter.used(nowMs),
  assume({ meters, atLeast, sentAtMs, nowMs }) {
    const weight = Math.ceil(atLeast - (meters[0]?.usedUpTo(sentAtMs, nowMs) ?? atLeast));
    if (weight <= 0) return 0;
    for (const meter of new Set(meters)) meter.assume(weight, nowMs);
    return weight;
  },
  penalised() {},
  changing() {},
  close() {},
};

/** What most requests take: of one meter. */
class TakenOfOne implements Taken {
  readonly #meter: Meter;
  readonly #weight: number;
  readonly #entry: MeterEntry;

  constructor(meter: Meter, weight: number, nowMs: number) {
    this.#meter = meter;
    this.#weight = weight;
    this.#entry = meter.take(weight, nowMs);
  }

  sent(nowMs: number): void {
    this.#meter.sent(this.#entry, nowMs);
  }

  replied(nowMs: number): void {
    this.#meter.replied(this.#entry, this.#weight, nowMs);
  }

  done(nowMs: number): void {
    this.#meter.done(this.#entry, this.#weight, nowMs);
  }

  release(nowMs: number): void {
    this.#meter.release(this.#entry, this.#weight, nowMs);
  }
}

class TakenOfAll implements Taken {
  readonly #charges: Charges;
  readonly #weights: readonly number[];
  readonly #entries: MeterEntry[];

  constructor(charges: Charges, weights: readonly number[], nowMs: number) {
    this.#charges = charges;
    this.#weights = weights;
    const { meters, limitOf } = charges;
    this.#entries = new Array(meters.length);
    for (let at = 0; at < meters.length; at += 1)
      this.#entries[at] = (meters[at] as Meter).take(weights[limitOf[at] as number] as number, nowMs);
  }

  sent(nowMs: number): void {
    const { meters } = this.#charges;
    for (let at = 0; at < meters.length; at += 1)
      (meters[at] as Meter).sent(this.#entries[at] as MeterEntry, nowMs);
  }

  replied(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.replied(entry, weight, nowMs));
  }

  done(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.done(entry, weight, nowMs));
  }

  release(nowMs: number): void {
    this.#each((meter, entry, weight) => meter.release(entry, weight, nowMs));
  }

  #each(act: (meter: Meter, entry: MeterEntry, weight: number) => void): void {
    const { meters, limitOf } = this.#charges;
    for (let at = 0; at < meters.length; at += 1)
      act(
        meters[at] as Meter,
        this.#entries[at] as MeterEntry,
        this.#weights[limitOf[at] as number] as number,
      );
  }
}
