import type { Limit } from './limit.ts';
import type { Meter } from './meter.ts';
import { isBefore, type RequestQueue, type Waiter } from './request-queue.ts';

/** How many of a queue are looked at one by one; for those behind them their average counts. */
const mostLookedAt = 256;

/** When there is room for a request, and which limit takes longest. */
export interface Room {
  readonly atMs: number;
  /** `undefined` if nothing holds it up. */
  readonly limit: Limit | undefined;
}

/** What an estimate is about: a request at the end of its queue, or one that waits. */
export interface Estimated {
  readonly queue: RequestQueue;
  readonly weights: readonly number[];
  readonly waiter: Waiter | undefined;
}

/** When there will be room for a request after all that wait before it, as far as that can be known. */
export function estimateRoom(request: Estimated, queues: Iterable<RequestQueue>, nowMs: number): Room {
  const { meters, limitOf, limits } = request.queue.charges;
  const ahead = weightsAhead(request, [...queues]);
  let room: Room = { atMs: nowMs, limit: undefined };
  const wait = (atMs: number, limit: Limit | undefined): void => {
    if (atMs > room.atMs) room = { atMs, limit };
  };
  for (const limit of limits) wait(limit.scope.closedUntilMs, limit);
  for (const [at, meter] of meters.entries()) {
    const own = limitOf[at] as number;
    wait(fitsAfter(meter, ahead[own] ?? 0, request.weights[own] ?? 0, nowMs), limits[own]);
  }
  return room;
}

/** Once a whole capacity has gone out, it takes a period for it to come back. */
function fitsAfter(meter: Meter, ahead: number, weight: number, nowMs: number): number {
  const { capacity, periodMs } = meter;
  const rounds = Math.max(0, Math.ceil((ahead + weight) / capacity) - 1);
  const rest = Math.max(weight, ahead + weight - rounds * capacity);
  const atMs = meter.fitsAt(rest, nowMs);
  return rounds === 0 ? atMs : Math.max(nowMs, atMs) + rounds * periodMs;
}

function weightsAhead({ queue, waiter }: Estimated, queues: readonly RequestQueue[]): readonly number[] {
  const { limits } = queue.charges;
  const ahead = limits.map(() => 0);
  for (const other of queues) {
    const shared = other.charges.limits.map((limit) => limits.indexOf(limit));
    if (!shared.some((at) => at >= 0)) continue;
    if (waiter === undefined && other.lane > queue.lane) continue;
    const sums = sumsBefore(other, waiter);
    for (const [at, own] of shared.entries()) if (own >= 0) ahead[own] = (ahead[own] ?? 0) + (sums[at] ?? 0);
  }
  return ahead;
}

/** Weight, for each limit of the queue, of those who stand before the waiter, or of all. */
function sumsBefore(queue: RequestQueue, waiter: Waiter | undefined): readonly number[] {
  const sums = queue.charges.limits.map(() => 0);
  let looked = 0;
  for (let other = queue.first; other !== undefined; other = other.next) {
    if (other === waiter || (waiter !== undefined && !isBefore(other, waiter))) return sums;
    if (looked === mostLookedAt) return sums.map((sum) => Math.round((sum * queue.length) / looked));
    for (const [at, weight] of other.weights.entries()) sums[at] = (sums[at] ?? 0) + weight;
    looked += 1;
  }
  return sums;
}
