import {
  type OrderEvidence,
  orderTransitions,
  type TrackedOrder,
  type UnknownDecision,
} from '@venuekit/connector-core';
import type { AccountLog } from './account-log.ts';

/** Why a decision cannot be about an order, by the table of transitions; `undefined` if it can. */
export function decisionFault(order: TrackedOrder, decision: UnknownDecision): string | undefined {
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
  const decided = `an operator decided: ${reason}`;
  if (decision === 'not-placed') {
    return log.tell(
      'order-not-placed',
      { ...order, status: 'not-placed', pendingCommand: 'none' },
      { proof: decided },
    );
  }
  const works = tellFound(log, order, decision);
  if (decision === 'placed') return works;
  const canceled = { ...works, status: 'canceled', pendingCommand: 'none' } as const;
  return log.tell('order-canceled', canceled, { reason: decided });
}

function evidenceOf({ filledAmount }: TrackedOrder, decision: UnknownDecision): OrderEvidence {
  if (decision === 'not-placed') return 'not-found-proved';
  if (decision === 'canceled') return 'seen-canceled';
  return filledAmount.isZero() ? 'seen-open' : 'seen-partial';
}

/** The order was there: what has to be told of that before anything else. */
function tellFound(log: AccountLog, order: TrackedOrder, decision: UnknownDecision): TrackedOrder {
  const seenBefore = order.status === 'open' || order.status === 'partially-filled';
  const status = order.filledAmount.isZero() ? 'open' : 'partially-filled';
  let works: TrackedOrder = { ...order, status, knowledge: 'live' };
  if (order.status === 'unknown' || (seenBefore && decision === 'placed')) {
    works = log.tell('order-recovered', works);
  }
  // One with fills was told as open before them.
  if (!seenBefore && order.filledAmount.isZero()) works = log.tell('order-open', works);
  return works;
}
