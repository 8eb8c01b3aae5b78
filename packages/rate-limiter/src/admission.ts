import { AbortWatch } from './abort-watch.ts';
import type { Taken } from './grant.ts';
import type { Limit } from './limit.ts';
import { LimitError, type LimitErrorCode } from './limit-error.ts';
import { type LimitSet, requireKind } from './limit-set.ts';
import type { LimiterSettings } from './limiter-settings.ts';
import type { Gate } from './local-gate.ts';
import type { RequestOptions } from './rate-limiter.ts';
import { requireLightEnough } from './request-check.ts';
import type { CheckedRequest, RequestQueue, WaitEnd, Waiter } from './request-queue.ts';
import { WaitingRoom } from './waiting-room.ts';

/** What an admission is made of. */
export interface AdmissionOptions {
  readonly settings: LimiterSettings;
  readonly gate: Gate;
  /** Something changed that a snapshot shows. */
  readonly onChange: () => void;
  readonly onRefused: (queue: RequestQueue, error: LimitError) => void;
}

/**
 * Lets requests in. Everything about one admission happens in one synchronous step, so that no two can take the same room; whoever
 * has to wait is woken by one timer, set for the moment at which there is room for somebody or a deadline passes.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly room: WaitingRoom;
  readonly #aborts = new AbortWatch((waiters) => this.#abort(waiters));
  /** How many have ever waited. */
  #numbers = 0;
  /** How many of those who wait do not want to wait for the end of a penalty. */
  #choosy = 0;
  #admitting = false;
  #again = false;
  #timer: Disposable | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.room = new WaitingRoom(options.gate);
  }

  /** Takes room if there is some and nobody waits for it. */
  takeNow({ queue, weights }: CheckedRequest, nowMs: number): Taken | undefined {
    for (const { waiting, scope } of queue.charges.limits) {
      if (waiting > 0 || scope.closedUntilMs > nowMs) return undefined;
    }
    return this.#options.gate.takeNow(queue, weights, nowMs);
  }

  /**
   * Lets a request wait, or refuses it at once. One that goes before all who wait is let in first, if there is room for it: neither a
   * full queue nor a deadline that has come keeps it from that.
   */
  wait(request: CheckedRequest, options: RequestOptions, end: WaitEnd): void {
    const waiter = this.#waiterOf(request, options, end);
    const refusal = this.#refusalOf(waiter);
    if (refusal !== undefined) {
      this.#options.onRefused(waiter.queue, refusal);
      end.refused(refusal);
      return;
    }
    const isFirst = waiter.queue.first === undefined;
    this.room.add(waiter);
    if (waiter.refuseWhenPenalised) this.#choosy += 1;
    this.#aborts.add(waiter);
    this.#options.onChange();
    if (isFirst) this.admit(waiter);
    else this.#refuseIfHopeless(waiter);
    if (waiter.waiting && waiter.deadlineMs < this.#timerAtMs) this.#wakeAt(waiter.deadlineMs);
  }

  /**
   * Lets in whoever can go now, and sets the timer for the next.
   * @param newcomer who has just come, and may be one too many.
   */
  admit(newcomer?: Waiter): void {
    this.#again = true;
    // What is let in may come back here; the loop that goes on looks again.
    if (this.#admitting) {
      if (newcomer !== undefined) this.#refuseIfHopeless(newcomer);
      return;
    }
    this.#admitting = true;
    let readyMs = Number.POSITIVE_INFINITY;
    try {
      while (this.#again) {
        this.#again = false;
        readyMs = this.#round();
      }
    } finally {
      this.#admitting = false;
    }
    if (newcomer !== undefined && this.#refuseIfHopeless(newcomer)) {
      // It stood before others while it was looked at.
      this.admit();
      return;
    }
    this.#wakeAt(
      this.room.size === 0 ? Number.POSITIVE_INFINITY : Math.min(readyMs, this.room.nextDeadlineMs),
    );
  }

  /** Refuses those who do not want to wait for the end of a penalty. */
  refusePenalised(): void {
    if (this.#choosy === 0) return;
    for (const waiter of this.room.all()) {
      const refusal = this.#penaltyOf(waiter);
      if (refusal !== undefined) this.#refuse(waiter, refusal);
    }
  }

  /** The limits were changed: everybody waits for the new ones now, or is refused. */
  moveTo(set: LimitSet): void {
    const waiting = this.room.all();
    for (const waiter of waiting) this.room.remove(waiter);
    const refused = waiting.flatMap((waiter) => this.#move(waiter, set) ?? []);
    // None of them may be let in by what somebody who hears of another does.
    for (const [waiter] of refused) this.#leave(waiter);
    for (const [waiter, error] of refused) this.#tellRefusal(waiter, error);
    this.refusePenalised();
    this.admit();
  }

  /** Refuses everybody. */
  close(error: () => LimitError): void {
    for (const waiter of this.room.all()) this.#refuse(waiter, error());
    this.#wakeAt(Number.POSITIVE_INFINITY);
  }

  /** One look at everybody who might go; gives the time at which the next one can. */
  #round(): number {
    this.room.beginRound();
    let readyMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const nowMs = this.#now();
      // Others may have been found to stand behind it.
      if (this.#refuseExpired(nowMs, false)) this.#again = true;
      const waiter = this.room.next(nowMs);
      if (waiter === undefined) {
        if (this.#refuseExpired(nowMs, true)) this.#again = true;
        return Math.min(readyMs, this.room.passMs);
      }
      readyMs = Math.min(readyMs, this.#tryToLetIn(waiter, nowMs));
    }
  }

  /** Gives the time at which to try again: `Infinity` if it went or was refused, or if the gate will say so. */
  #tryToLetIn(waiter: Waiter, nowMs: number): number {
    const { queue, signal } = waiter;
    // Of several on one signal, the first to hear of the abort makes room before the next has heard.
    if (signal?.aborted === true) {
      this.#refuse(waiter, this.#aborted(waiter, true));
      return Number.POSITIVE_INFINITY;
    }
    const { gate } = this.#options;
    const isClosed = queue.closedUntil(nowMs) > nowMs;
    const taken = isClosed ? this.room.readyAt(waiter, nowMs) : gate.take(waiter, nowMs);
    if (typeof taken === 'number') {
      if (waiter.isNowOrNever) this.#refuse(waiter, this.#noRoom(waiter, true, 'deadline', nowOrNever));
      else this.room.stop(waiter, taken, nowMs);
      return taken;
    }
    if (taken === 'asked') this.room.stop(waiter, nowMs, nowMs);
    else if (taken instanceof LimitError) this.#refuse(waiter, taken);
    else {
      this.#leave(waiter);
      waiter.end.granted(taken, nowMs, nowMs - waiter.arrivedAtMs, waiter);
    }
    return Number.POSITIVE_INFINITY;
  }

  #refuseExpired(nowMs: number, orNow: boolean): boolean {
    for (let refused = false; ; refused = true) {
      const waiter = this.room.expired(nowMs, orNow);
      if (waiter === undefined) return refused;
      const what = whatOfDeadline(waiter, nowMs);
      this.#refuse(waiter, this.#noRoom(waiter, true, 'deadline', what));
    }
  }

  #refuse(waiter: Waiter, error: LimitError): void {
    if (!waiter.waiting) return;
    this.#leave(waiter);
    this.#tellRefusal(waiter, error);
  }

  #tellRefusal(waiter: Waiter, error: LimitError): void {
    this.#options.gate.forget(waiter);
    this.#options.onRefused(waiter.queue, error);
    waiter.end.refused(error);
  }

  #leave(waiter: Waiter): void {
    waiter.waiting = false;
    this.room.remove(waiter);
    this.#aborts.remove(waiter);
    if (waiter.refuseWhenPenalised) this.#choosy -= 1;
    this.#options.onChange();
  }

  #abort(waiters: readonly Waiter[]): void {
    for (const waiter of waiters) this.#refuse(waiter, this.#aborted(waiter, true));
    this.admit();
  }

  #move(waiter: Waiter, set: LimitSet): [readonly [Waiter, LimitError]] | undefined {
    try {
      const { kind, lane } = waiter.queue;
      const queue = requireKind(set, kind).queues[lane] as RequestQueue;
      const weights =
        waiter.weight === undefined ? queue.charges.weights : queue.charges.weightsOf(waiter.weight);
      requireLightEnough(queue, weights);
      Object.assign(waiter, { queue, weights });
      this.room.add(waiter);
      return undefined;
    } catch (error) {
      this.room.add(waiter);
      return [[waiter, error as LimitError]];
    }
  }

  #waiterOf({ queue, weight, weights }: CheckedRequest, options: RequestOptions, end: WaitEnd): Waiter {
    this.#numbers += 1;
    const arrivedAtMs = this.#now();
    const { deadlineMs = Number.POSITIVE_INFINITY } = options;
    const isNowOrNever = deadlineMs <= arrivedAtMs;
    const waiter: Waiter = {
      queue,
      weight,
      weights,
      arrivedAtMs,
      number: this.#numbers,
      // Until there is an answer nobody knows whether it can go at once.
      deadlineMs: isNowOrNever ? arrivedAtMs + this.#options.gate.answerMs : deadlineMs,
      isNowOrNever,
      refuseWhenPenalised: options.whenPenalised === 'refuse',
      signal: options.signal,
      end,
      heapIndex: -1,
      previous: undefined,
      next: undefined,
      waiting: true,
    };
    return waiter;
  }

  /** Why a request may not even wait. */
  #refusalOf(waiter: Waiter): LimitError | undefined {
    return waiter.signal?.aborted === true ? this.#aborted(waiter, false) : this.#penaltyOf(waiter);
  }

  #aborted(waiter: Waiter, inRoom: boolean): LimitError {
    return this.#noRoom(waiter, inRoom, 'aborted', 'given up by its caller', {
      cause: waiter.signal?.reason,
    });
  }

  /** True if it was refused. */
  #refuseIfHopeless(waiter: Waiter): boolean {
    if (!waiter.waiting) return false;
    const { maxWaiting } = this.#options.settings;
    if (waiter.deadlineMs <= waiter.arrivedAtMs) {
      this.#refuse(
        waiter,
        this.#noRoom(waiter, true, 'deadline', whatOfDeadline(waiter, waiter.arrivedAtMs)),
      );
    } else if (this.room.size > maxWaiting) {
      const what = `expected at most ${maxWaiting} that wait, got one more`;
      this.#refuse(waiter, this.#noRoom(waiter, true, 'queue-full', what));
    }
    return !waiter.waiting;
  }

  #penaltyOf({ queue, refuseWhenPenalised }: Waiter): LimitError | undefined {
    if (!refuseWhenPenalised) return undefined;
    const nowMs = this.#now();
    const limit = queue.charges.limits.find(({ scope }) => scope.closedUntilMs > nowMs);
    if (limit === undefined) return undefined;
    const { id, closedUntilMs, reason } = limit.scope;
    const retryAfterMs = closedUntilMs - nowMs;
    const message = `${queue.kind}: scope ${id} is closed for ${Math.ceil(retryAfterMs)} ms more: ${reason}`;
    return new LimitError({ code: 'penalised', limit: limit.id, retryAfterMs, message });
  }

  /** @param inRoom whether it waits, or would be the last to. */
  #noRoom(
    waiter: Waiter,
    inRoom: boolean,
    code: LimitErrorCode,
    what: string,
    extra: { readonly cause?: unknown } = {},
  ): LimitError {
    const { queue, weights } = waiter;
    const nowMs = this.#now();
    const estimated = { queue, weights, waiter: inRoom ? waiter : undefined };
    const room = this.#options.gate.estimate(estimated, this.room.queues, nowMs);
    const waitMs = room === undefined ? Number.POSITIVE_INFINITY : room.atMs - nowMs;
    const isKnown = Number.isFinite(waitMs);
    const held = room?.limit === undefined ? '' : heldUp(room.limit, waitMs, nowMs);
    return new LimitError({
      ...extra,
      code,
      message: `${queue.kind}: ${what}${held}`,
      ...(room?.limit !== undefined && { limit: room.limit.id }),
      ...(isKnown && { retryAfterMs: waitMs }),
    });
  }

  #wakeAt(atMs: number): void {
    if (atMs === this.#timerAtMs) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerAtMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const fire = (): void => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.admit();
    };
    // A timer that is a fraction too early would have to be set again.
    const delayMs = Math.max(0, Math.ceil(atMs - this.#now()));
    this.#timer = this.#options.settings.time.setTimer(delayMs, fire, 'rate-limit');
  }

  #now(): number {
    return this.#options.settings.time.now();
  }
}

/** What a refusal says of the limit without room. */
function heldUp({ id, scope }: Limit, waitMs: number, nowMs: number): string {
  const isClosed = scope.closedUntilMs > nowMs;
  const closed = isClosed ? `, whose scope ${scope.id} is closed: ${scope.reason}` : '';
  const room = Number.isFinite(waitMs) ? `${isClosed ? ';' : ','} room in ${Math.ceil(waitMs)} ms` : '';
  return `; held up by ${id}${closed}${room}`;
}

const nowOrNever = 'no room now, and its deadline has come';

function whatOfDeadline({ arrivedAtMs, isNowOrNever }: Waiter, nowMs: number): string {
  if (isNowOrNever) return nowOrNever;
  return `no room before the deadline, after a wait of ${Math.round(nowMs - arrivedAtMs)} ms`;
}
