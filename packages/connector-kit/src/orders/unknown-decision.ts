import {
  isEnded,
  type OrderEvidence,
  orderTransitions,
  type TrackedOrder,
  type UnknownDecision,
} from '@venuekit/connector-core';
import type { AccountLog } from './account-log.ts';

const decisions: readonly UnknownDecision[] = ['placed', 'canceled', 'not-placed'];

/** Why a decision cannot be about an order, by the table of transitions; `undefined` if it can. */
export function decisionFault(order: TrackedOrder, decision: UnknownDecision): string | undefined {
  if (!decisions.includes(decision)) return `expected one of ${decisions.join(', ')}`;
  const transition = orderTransitions[order.status][evidenceOf(order, decision)];
  return transition.outcome === 'anomaly' ? transition.why : undefined;
}

/** Tells what an operator decided about an order, as if it was learned. */
export function tellDecision(
  log: AccountLog,
  order: TrackedOrder,
  decision: UnknownDecision,
  reason: string,
): TrackedOrder {
  return new Decision(log, order, `an operator decided: ${reason}`).tell(decision);
}

/**
 * Each step begins from the order as it is kept then: a listener that hears of one step may tell more, and what it told stands.
 */
class Decision {
  readonly #log: AccountLog;
  readonly #decided: string;
  #order: TrackedOrder;

  constructor(log: AccountLog, order: TrackedOrder, decided: string) {
    this.#log = log;
    this.#order = order;
    this.#decided = decided;
  }

  tell(decision: UnknownDecision): TrackedOrder {
    if (decision === 'not-placed') {
      return this.#log.tell('order-not-placed', this.#as('not-placed'), { proof: this.#decided });
    }
    this.#tellFound(decision);
    if (decision === 'placed' || isEnded(this.#order)) return this.#order;
    return this.#log.tell('order-canceled', this.#as('canceled'), { reason: this.#decided });
  }

  /** The order was there: what has to be told of that before anything else. */
  #tellFound(decision: UnknownDecision): void {
    const { status } = this.#order;
    const seenBefore = status === 'open' || status === 'partially-filled';
    if (status === 'unknown' || (seenBefore && decision === 'placed')) {
      this.#learned(this.#log.tell('order-recovered', this.#works(), { reason: this.#decided }));
    }
    // One with fills was told as open before them.
    const isOpen = !isEnded(this.#order) && this.#order.filledAmount.isZero();
    if (!seenBefore && isOpen) this.#learned(this.#log.tell('order-open', this.#works()));
  }

  /** The order as it is kept after a step. */
  #learned(told: TrackedOrder): void {
    const kept = this.#log.orders.get(told.clientOrderId);
    this.#order = kept === undefined || kept.origin === 'external' ? told : kept;
  }

  #works(): TrackedOrder {
    const status = this.#order.filledAmount.isZero() ? 'open' : 'partially-filled';
    return { ...this.#order, status, knowledge: 'live' };
  }

  #as(status: 'not-placed' | 'canceled'): TrackedOrder {
    return { ...this.#order, status, pendingCommand: 'none' };
  }
}

function evidenceOf({ filledAmount }: TrackedOrder, decision: UnknownDecision): OrderEvidence {
  if (decision === 'not-placed') return 'not-found-proved';
  if (decision === 'canceled') return 'seen-canceled';
  return filledAmount.isZero() ? 'seen-open' : 'seen-partial';
}
