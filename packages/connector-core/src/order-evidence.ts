/**
 * What can be learned about one order, sorted before it is looked up in the table of transitions:
 *
 * - Evidence with a number of the venue's, or a question sent, before what was applied last is `older`, or `older-fill` if it
 *   raises the filled amount all the same. Everything else is newer.
 * - A message of a stream without numbers never brings an ended order back: it is `older`, and a reason to ask.
 * - A refusal of a *cancel*, or of a second attempt, is not evidence about the order: it ends the pending command only.
 * - A filled amount that goes down or beyond the ordered amount is an anomaly whatever the table says.
 */
export type OrderEvidence =
  | 'check-failed'
  | 'journaled'
  | 'handed-over'
  | 'not-sent'
  | 'read-back'
  | 'acked'
  | 'refused'
  | 'duplicate-id'
  | 'uncertain'
  | 'seen-pending'
  | 'seen-open'
  | 'seen-partial'
  | 'seen-filled'
  | 'seen-canceled'
  | 'seen-expired'
  | 'seen-rejected'
  | 'not-found-early'
  | 'not-found-proved'
  | 'older'
  | 'older-fill';

/** Every kind of evidence with its meaning. Source of the table in `docs/contract/orders.md`. */
export const orderEvidence: Readonly<Record<OrderEvidence, string>> = {
  'check-failed': 'A local check refused the order.',
  journaled: 'The intent is written down, as durably as was asked for.',
  'handed-over': 'The bytes were handed to the transport.',
  'not-sent': 'The deadline passed, or the transport refused, before any byte left this process.',
  'read-back': 'A new process read the order from the journal.',
  acked: 'The venue replied that it received the order, perhaps late.',
  refused:
    'The venue replied to the only attempt with an error that is known to be final for this very order.',
  'duplicate-id': 'The venue replied that it has an order with this identifier already.',
  uncertain: 'A timeout, a reset, a 5xx, an unreadable or unknown reply, a rate limit, or a new connection.',
  'seen-pending': 'The venue shows the order as waiting for its engine.',
  'seen-open': 'The venue shows the order as working, without fills.',
  'seen-partial': 'The venue shows the order as working, with a part filled.',
  'seen-filled': 'The venue shows the order as filled.',
  'seen-canceled': 'The venue shows the order as canceled, perhaps with a part filled.',
  'seen-expired': 'The venue shows the order as expired, perhaps with a part filled.',
  'seen-rejected': 'The venue shows the order as rejected by its engine, perhaps with a part filled.',
  'not-found-early': 'A question that was sent before the fence did not find the order.',
  'not-found-proved':
    'A question that was sent after the fence did not find the order, and it is in neither the open nor the recent orders.',
  older: 'Older word of the venue that it has the order, or the same again, without a higher filled amount.',
  'older-fill': 'Older word of the venue with a higher filled amount.',
};
