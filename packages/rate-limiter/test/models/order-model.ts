import type { LimitDefinition, Patience } from '../../src/limit-definition.ts';
import type { LimitErrorCode } from '../../src/limit-error.ts';
import { chargesOf, laneOrder } from './limit-rules.ts';
import { LimitState } from './limit-state.ts';
import type { Charge } from './meter-model.ts';
import { describeRequest, type ModelRequest, type RequestFacts } from './model-request.ts';
import { type Kept, type Passing, sharesLimit, TurnOrder, takesFrom } from './turn-order.ts';

/** What went against the contract, by the rule it broke. */
export type Rule = 'room' | 'order' | 'conservation' | 'refusal' | 'usage';

/** One breach of the contract. */
export interface Problem {
  readonly rule: Rule;
  readonly text: string;
}

/** What became of the requests of one limit. */
export interface Counts {
  admitted: number;
  refused: number;
  /** Asked for at once, and told no; too heavy from the start; or after the end. Whether they count as refused is not said. */
  uncounted: number;
}

/** Somebody who was let in in this step. */
interface Admitted {
  readonly request: ModelRequest;
  /** Told in the very moment, and not from a promise. */
  readonly atOnce: boolean;
  /** What it had to leave for those who waited then. */
  readonly passing: Passing;
  /** Something was given back before in this step: others may have been looked at with less room. */
  readonly isAfterReturn: boolean;
}

/** Settings of the limiter that is judged. */
export interface OrderOptions {
  readonly definitions: readonly LimitDefinition[];
  readonly allowanceMs: number;
  readonly sharePercent: number;
  readonly patience: Patience;
  readonly maxWaiting: number;
}

/**
 * Judges a limiter by what it did: it is told of everything that happened, in steps of one instant each, and notes whatever the
 * contract does not allow. It decides nothing itself.
 */
export class OrderModel {
  readonly problems: Problem[] = [];
  readonly waiting: Set<ModelRequest> = new Set();
  readonly limits: LimitState;
  readonly counts: Map<string, Counts> = new Map();
  readonly #options: OrderOptions;
  #sequence = 0;
  #nowMs = 0;
  #closed = false;
  #called = new Set<ModelRequest>();
  #admitted: Admitted[] = [];
  /** Those who left without having gone in this step. */
  #refused = new Set<ModelRequest>();
  #hasReturned = false;
  /** Work has ended, and with it what goes on at one time. */
  #hasEnded = false;

  constructor(options: OrderOptions) {
    this.#options = options;
    this.limits = new LimitState(options.definitions, options);
    for (const { id } of options.definitions) this.counts.set(id, { admitted: 0, refused: 0, uncounted: 0 });
  }

  /** Something happens at `nowMs`; between the last step and this nothing did. */
  beginStep(nowMs: number): void {
    if (nowMs > this.#nowMs) this.#judgePause(nowMs);
    this.#nowMs = nowMs;
    this.#called = new Set();
    this.#admitted = [];
    this.#refused = new Set();
    this.#hasReturned = false;
    this.#hasEnded = false;
  }

  came(facts: RequestFacts): ModelRequest {
    const request: ModelRequest = {
      ...facts,
      sequence: this.#sequence,
      rank: laneOrder.indexOf(facts.lane),
      charges: chargesOf(this.limits.definitions, facts.limit, facts.weight),
      cameAtMs: this.#nowMs,
      placeMs: this.#nowMs + (facts.lane === 'cancel' ? 0 : this.#options.patience[facts.lane]),
      waitingWithIt: this.waiting.size + 1,
      aborted: false,
      held: [],
    };
    this.#sequence += 1;
    this.#called.add(request);
    this.waiting.add(request);
    return request;
  }

  /** @param atOnce whether it is told in the very moment, and not from a promise. */
  admitted(request: ModelRequest, atOnce: boolean): void {
    if (!this.waiting.delete(request)) this.#note('refusal', request, 'was let in after it had left');
    if (this.limits.penalisedUntil(request) > this.#nowMs)
      this.#note('room', request, 'went into a closed scope');
    if (this.#closed) this.#note('refusal', request, 'was let in after close');
    this.#admitted.push({
      request,
      atOnce,
      passing: this.#passingOf(request, atOnce),
      // Who is told from a promise may have been let in before the end of the work.
      isAfterReturn: this.#hasReturned || (this.#hasEnded && !atOnce),
    });
    this.#countOf(request).admitted += 1;
    for (const { meter, weight } of this.limits.chargedBy(request)) {
      const { rank } = request;
      const sending = { sentAtMs: this.#nowMs, repliedAtMs: undefined, done: false, released: false };
      const charge: Charge = { weight, rank, ...sending };
      request.held.push(charge);
      meter.take(charge, this.#nowMs);
    }
  }

  refused(request: ModelRequest, code: LimitErrorCode): void {
    const wasWaiting = this.waiting.delete(request);
    this.#refused.add(request);
    const isUncounted = this.#called.has(request) && (code === 'too-heavy' || code === 'closed');
    this.#countOf(request)[isUncounted ? 'uncounted' : 'refused'] += 1;
    if (!wasWaiting) this.#note('refusal', request, `was refused with ${code} after it had left`);
    else if (!this.#mayBeRefused(request, code)) this.#note('refusal', request, `was refused with ${code}`);
  }

  /** Asked for at once, and was told no. */
  declined(request: ModelRequest): void {
    this.waiting.delete(request);
    this.#countOf(request).uncounted += 1;
    const isAlone = ![...this.waiting].some((other) => sharesLimit(other, request));
    const hasRoom = this.limits.roomAt(request, this.#nowMs) <= this.#nowMs;
    if (!isAlone || !hasRoom || !this.limits.isExact(request, this.#nowMs)) return;
    this.#note('conservation', request, 'was declined, though there is room and nobody waits');
  }

  sent(request: ModelRequest): void {
    for (const charge of request.held) charge.sentAtMs = this.#nowMs;
    for (const { meter } of this.limits.chargedBy(request)) meter.disturbed();
  }

  replied(request: ModelRequest): void {
    for (const charge of request.held) charge.repliedAtMs = this.#nowMs;
    for (const { meter } of this.limits.chargedBy(request)) meter.disturbed();
  }

  done(request: ModelRequest): void {
    this.#hasEnded = true;
    for (const charge of request.held) charge.done = true;
  }

  released(request: ModelRequest): void {
    this.#hasReturned = true;
    for (const charge of request.held) charge.released = true;
    for (const { meter } of this.limits.chargedBy(request)) meter.returned();
  }

  penalised(scope: string, untilMs: number): void {
    this.limits.penalise(scope, untilMs);
  }

  pardoned(scope: string): void {
    this.limits.pardon(scope);
  }

  closed(): void {
    this.#closed = true;
  }

  /** Other capacities and lengths of the same windows. */
  changed(definitions: readonly LimitDefinition[]): void {
    this.limits.change(definitions, this.#nowMs);
  }

  /** Everything that follows from the step has happened. */
  endStep(): void {
    for (const [index, admitted] of this.#admitted.entries()) {
      this.#judgeRoom(admitted.request);
      this.#judgeTurn(admitted, this.#admitted.slice(index + 1));
    }
    for (const request of this.waiting) {
      if (request.aborted) this.#note('refusal', request, 'goes on waiting after its abort');
      if (this.#closed) this.#note('refusal', request, 'goes on waiting after close');
      if (this.limits.neverFits(request)) this.#note('refusal', request, 'waits for what never fits');
      const isShut = this.limits.penalisedUntil(request) > this.#nowMs;
      if (isShut && request.refusesPenalty) this.#note('refusal', request, 'waits for the end of a penalty');
    }
    if (this.waiting.size > this.#options.maxWaiting) {
      this.problems.push({ rule: 'refusal', text: `at ${this.#nowMs}: ${this.waiting.size} wait` });
    }
  }

  /** Until now nobody could go who went not, and nobody waited past its deadline. */
  #judgePause(untilMs: number): void {
    const order = this.#orderAt(this.#nowMs);
    for (const request of this.waiting) {
      if ((request.deadlineMs ?? Number.POSITIVE_INFINITY) < untilMs) {
        this.#note('refusal', request, `still waits at ${untilMs} past its deadline`);
      }
      if (!this.limits.isExact(request, this.#nowMs)) continue;
      const couldGoAtMs = this.#couldGoAt(request, order, untilMs);
      if (couldGoAtMs === undefined) continue;
      this.#note('conservation', request, `could go at ${couldGoAtMs} and still waits at ${untilMs}`);
    }
  }

  /** A time before `untilMs` at which a request has room, and room beside what is kept for others, if nothing happens until then. */
  #couldGoAt(request: ModelRequest, order: TurnOrder, untilMs: number): number | undefined {
    const roomAtMs = this.limits.roomAt(request, this.#nowMs);
    const timesMs = [roomAtMs, ...order.timesToPass(request)];
    return timesMs.find(
      (atMs) =>
        atMs >= roomAtMs &&
        atMs < untilMs &&
        !order.isHeld(request, atMs) &&
        !this.#orderAt(atMs).isHeld(request, atMs),
    );
  }

  #orderAt(atMs: number): TurnOrder {
    return new TurnOrder(this.limits, this.waiting, atMs);
  }

  #judgeRoom(request: ModelRequest): void {
    for (const { meter } of this.limits.chargedBy(request)) {
      // A bucket of which the contract does not give the level is left to the model of the server.
      if (meter.isBucket && !meter.exactAt(this.#nowMs)) continue;
      if (!meter.isKept(request.rank, this.#nowMs)) this.#note('room', request, 'was let in too early');
    }
  }

  /** Somebody who waited should have gone first, and did not. */
  #judgeTurn(admitted: Admitted, later: readonly Admitted[]): void {
    const { request, passing } = admitted;
    // Who was let in before, but is told later from a promise, was not yet counted when this one was.
    if (later.some((other) => !other.atOnce)) return;
    const wasPassed = (other: ModelRequest) =>
      this.waiting.has(other) || (later.some((each) => each.request === other) && !this.#called.has(other));
    for (const other of passing.never.filter(wasPassed))
      this.#note('order', request, `went before ${describeRequest(other)}`);
    if (admitted.isAfterReturn) return;
    for (const kept of passing.kept) this.#judgeKept(admitted, kept, wasPassed);
  }

  #judgeKept({ request, atOnce }: Admitted, kept: Kept, wasPassed: (other: ModelRequest) => boolean): void {
    // What was kept for one who left meanwhile is no longer known.
    if (kept.keepers.some((other) => this.#refused.has(other))) return;
    const free = kept.free + (atOnce ? 0 : this.#takenInStep(request, kept.id));
    const keepers = kept.keepers.filter(wasPassed);
    if (!takesFrom(request, { id: kept.id, free, keepers })) return;
    const passed = keepers.map(describeRequest).join(', ');
    this.#note('order', request, `took what was kept of ${kept.id} for ${passed}`);
  }

  /** What others took in this step: who is told from a promise may have gone before them. */
  #takenInStep(request: ModelRequest, id: string): number {
    return this.#admitted.reduce(
      (taken, other) => taken + (other.request === request ? 0 : (other.request.charges.get(id) ?? 0)),
      0,
    );
  }

  #passingOf(request: ModelRequest, atOnce: boolean): Passing {
    if (request.asksOnce) {
      return { never: [...this.waiting].filter((other) => sharesLimit(other, request)), kept: [] };
    }
    const { never, kept } = this.#orderAt(this.#nowMs).passing(request);
    if (atOnce) return { never: this.#hasReturned ? [] : never, kept };
    // Who is told from a promise may have been let in before the other came, in the same step.
    const wasThere = (other: ModelRequest) =>
      !this.#called.has(other) || (this.#called.has(request) && other.sequence < request.sequence);
    const isMate = ({ limit, lane }: ModelRequest) => limit === request.limit && lane === request.lane;
    return {
      never: never.filter((other) => isMate(other) && wasThere(other)),
      kept: kept.map((each) => {
        // A reserve that others have used by now may still have covered it when it was let in.
        const isReserveOpen = this.#takenInStep(request, each.id) > 0;
        const isKeeper = (other: ModelRequest) =>
          wasThere(other) && !(isReserveOpen && other.rank > request.rank);
        return { ...each, keepers: each.keepers.filter(isKeeper) };
      }),
    };
  }

  #mayBeRefused(request: ModelRequest, code: LimitErrorCode): boolean {
    const { deadlineMs = Number.POSITIVE_INFINITY } = request;
    if (code === 'aborted') return request.aborted;
    if (code === 'closed') return this.#closed;
    if (code === 'too-heavy') return this.limits.mayNeverFit(request);
    if (code === 'penalised')
      return request.refusesPenalty && this.limits.penalisedUntil(request) > this.#nowMs;
    if (code === 'queue-full')
      return this.#called.has(request) && request.waitingWithIt > this.#options.maxWaiting;
    return code === 'deadline' && this.#nowMs >= deadlineMs;
  }

  #countOf(request: ModelRequest): Counts {
    const counts = this.counts.get(request.limit);
    if (counts === undefined) throw new Error(`expected a limit that is defined, got ${request.limit}`);
    return counts;
  }

  #note(rule: Rule, request: ModelRequest, text: string): void {
    this.problems.push({ rule, text: `at ${this.#nowMs}: ${describeRequest(request)} ${text}` });
  }
}
