import type { OrderStatus } from './order.ts';
import type { OrderEvidence } from './order-evidence.ts';
import { anomaly, goesTo, type OrderTransition } from './order-transition.ts';

/** What every kind of evidence does to an order of one status. */
export type OrderTransitionRow = Readonly<Record<OrderEvidence, OrderTransition>>;

const nothingLeft = anomaly('Nothing has left this process, so nobody outside can know the order.');
const checkedBefore = anomaly('Local checks are over before the intent is written down.');
const journaledOnce = anomaly('The intent is written down once.');
const handedOverOnce = anomaly('An order is handed over once.');
const bytesLeft = anomaly('Bytes had left: whatever is said now, the venue may have them.');
const neverWritten = anomaly('The order was never written down.');
const oneReply = anomaly('The one attempt has its reply already, or the engine has spoken since.');
const noneBefore = anomaly('No evidence was applied yet, so none can be older.');
const seenAlive = anomaly(
  'The venue has shown the order: not finding it now says something about the question.',
);
const wentBack = anomaly(
  'The engine has the order: a report that says less is not newer, whatever it claims.',
);
const fillsStay = anomaly('Fills were counted: a report without them is not newer, whatever it claims.');
const allFilled = anomaly('The whole amount is filled: nothing is left that could happen.');
const deniedOnce = anomaly('An order is denied once.');
const neverAsked = anomaly('Nothing is asked about an order that did not leave.');

/** What no order can meet once it has left. */
const afterHandOver = {
  'check-failed': checkedBefore,
  journaled: journaledOnce,
  'handed-over': handedOverOnce,
  'not-sent': bytesLeft,
} as const;

/** What an order at the venue may show, where it was not seen working before. `first` is told before everything else. */
function firstSight(...first: readonly ('order-recovered' | 'order-correction')[]) {
  return {
    'seen-open': goesTo('open', ...first, 'order-open'),
    'seen-partial': goesTo('by-amount', ...first, 'order-open', 'order-fill', 'order-filled'),
    'seen-filled': goesTo('filled', ...first, 'order-open', 'order-fill', 'order-filled'),
    'seen-canceled': goesTo('canceled', ...first, 'order-open', 'order-fill?', 'order-canceled'),
    'seen-expired': goesTo('expired', ...first, 'order-open', 'order-fill?', 'order-expired'),
    'seen-rejected': goesTo('rejected', ...first, 'order-open?', 'order-fill?', 'order-rejected'),
  } as const;
}

/** How a working order ends. */
const ends = {
  'seen-filled': goesTo('filled', 'order-fill?', 'order-filled'),
  'seen-canceled': goesTo('canceled', 'order-fill?', 'order-canceled'),
  'seen-expired': goesTo('expired', 'order-fill?', 'order-expired'),
  'seen-rejected': goesTo('rejected', 'order-fill?', 'order-rejected'),
} as const;

const beforeTheWire = {
  acked: nothingLeft,
  refused: nothingLeft,
  'duplicate-id': nothingLeft,
  'seen-pending': nothingLeft,
  'seen-open': nothingLeft,
  'seen-partial': nothingLeft,
  'seen-filled': nothingLeft,
  'seen-canceled': nothingLeft,
  'seen-expired': nothingLeft,
  'seen-rejected': nothingLeft,
  'not-found-early': neverAsked,
  'not-found-proved': neverAsked,
  older: noneBefore,
  'older-fill': noneBefore,
} as const;

/** A working order, without or with fills. */
function working(status: 'open' | 'partially-filled') {
  const stays = goesTo(status);
  return {
    ...afterHandOver,
    ...ends,
    'read-back': stays,
    acked: stays,
    refused: oneReply,
    'duplicate-id': stays,
    uncertain: stays,
    'seen-pending': wentBack,
    'not-found-early': stays,
    'not-found-proved': seenAlive,
    older: stays,
    'older-fill': goesTo('by-amount', 'order-fill', 'order-filled'),
  } as const;
}

/**
 * An order that ended with a remainder. A fill that is learned late leaves the status; newer evidence of another state corrects
 * it, and says so.
 */
function ended(status: 'canceled' | 'expired' | 'rejected' | 'denied' | 'not-placed') {
  const stays = goesTo(status);
  // Back to life before its fills; to another end after them.
  const alive = (to: OrderStatus) => goesTo(to, 'order-correction', 'order-fill?');
  const other = (to: OrderStatus) =>
    to === status ? goesTo(status, 'order-fill?') : goesTo(to, 'order-fill?', 'order-correction');
  return {
    ...afterHandOver,
    'read-back': stays,
    acked: stays,
    refused: stays,
    'duplicate-id': stays,
    uncertain: stays,
    'seen-pending': goesTo('acked', 'order-correction'),
    'seen-open': goesTo('open', 'order-correction'),
    'seen-partial': alive('partially-filled'),
    'seen-filled': other('filled'),
    'seen-canceled': other('canceled'),
    'seen-expired': other('expired'),
    'seen-rejected': other('rejected'),
    'not-found-early': stays,
    'not-found-proved': stays,
    older: stays,
    'older-fill': goesTo(status, 'order-fill'),
  } as const;
}

/**
 * What evidence does to an order, for every status and every kind of evidence.
 *
 * Nothing here throws, and unknown never becomes rejected: only `refused` and `seen-rejected` lead there. Source: the table in
 * `docs/contract/orders.md` is made from this.
 */
export const orderTransitions: Readonly<Record<OrderStatus, OrderTransitionRow>> = {
  created: {
    ...beforeTheWire,
    'check-failed': goesTo('denied', 'order-denied'),
    journaled: goesTo('journaled'),
    'handed-over': anomaly('The intent is written down before anything is sent.'),
    'not-sent': goesTo('denied', 'order-denied'),
    'read-back': neverWritten,
    // A new connection may come at any time.
    uncertain: goesTo('created'),
  },
  journaled: {
    ...beforeTheWire,
    'check-failed': checkedBefore,
    journaled: journaledOnce,
    'handed-over': goesTo('sent', 'order-sent'),
    'not-sent': goesTo('denied', 'order-denied'),
    'read-back': goesTo('unknown', 'order-uncertain'),
    uncertain: goesTo('journaled'),
  },
  sent: {
    ...afterHandOver,
    ...firstSight(),
    'read-back': goesTo('unknown', 'order-uncertain'),
    acked: goesTo('acked', 'order-acked'),
    refused: goesTo('rejected', 'order-rejected'),
    'duplicate-id': goesTo('unknown', 'order-uncertain'),
    uncertain: goesTo('unknown', 'order-uncertain'),
    'seen-pending': goesTo('acked', 'order-acked'),
    'not-found-early': goesTo('sent'),
    'not-found-proved': goesTo('not-placed', 'order-not-placed'),
    // What a question did not find may have been seen by one that was sent before it.
    older: goesTo('sent'),
    'older-fill': goesTo('by-amount', 'order-open', 'order-fill', 'order-filled'),
  },
  acked: {
    ...afterHandOver,
    ...firstSight(),
    'read-back': goesTo('unknown', 'order-uncertain'),
    acked: goesTo('acked'),
    refused: oneReply,
    'duplicate-id': goesTo('acked'),
    uncertain: goesTo('unknown', 'order-uncertain'),
    'seen-pending': goesTo('acked'),
    'not-found-early': goesTo('acked'),
    'not-found-proved': anomaly(
      'The venue has received the order; only one that is unknown can be proved absent.',
    ),
    older: goesTo('acked'),
    'older-fill': goesTo('by-amount', 'order-open', 'order-fill', 'order-filled'),
  },
  unknown: {
    ...afterHandOver,
    ...firstSight('order-recovered'),
    // The caller may send the same bytes again, inside the time in which the venue cannot take them twice.
    'handed-over': goesTo('unknown', 'order-sent'),
    'not-sent': goesTo('unknown'),
    'read-back': goesTo('unknown'),
    acked: goesTo('acked', 'order-acked'),
    refused: goesTo('rejected', 'order-rejected'),
    'duplicate-id': goesTo('unknown'),
    uncertain: goesTo('unknown'),
    'seen-pending': goesTo('acked', 'order-recovered', 'order-acked'),
    'not-found-early': goesTo('unknown'),
    'not-found-proved': goesTo('not-placed', 'order-not-placed'),
    older: goesTo('unknown'),
    'older-fill': goesTo('by-amount', 'order-recovered', 'order-open', 'order-fill', 'order-filled'),
  },
  open: {
    ...working('open'),
    'seen-open': goesTo('open'),
    'seen-partial': goesTo('by-amount', 'order-fill', 'order-filled'),
  },
  'partially-filled': {
    ...working('partially-filled'),
    'seen-open': fillsStay,
    // Fills may be told one by one, and the last one before the end.
    'seen-partial': goesTo('by-amount', 'order-fill?', 'order-filled'),
  },
  filled: {
    ...afterHandOver,
    'read-back': goesTo('filled'),
    acked: goesTo('filled'),
    refused: oneReply,
    'duplicate-id': goesTo('filled'),
    uncertain: goesTo('filled'),
    'seen-pending': allFilled,
    'seen-open': allFilled,
    'seen-partial': allFilled,
    'seen-filled': goesTo('filled'),
    'seen-canceled': allFilled,
    'seen-expired': allFilled,
    'seen-rejected': allFilled,
    'not-found-early': goesTo('filled'),
    'not-found-proved': goesTo('filled'),
    older: goesTo('filled'),
    'older-fill': allFilled,
  },
  canceled: { ...ended('canceled'), refused: oneReply },
  expired: { ...ended('expired'), refused: oneReply },
  rejected: ended('rejected'),
  denied: {
    ...ended('denied'),
    'check-failed': deniedOnce,
    'not-sent': deniedOnce,
    'handed-over': anomaly('An order that was denied is not sent.'),
    // Whatever comes from outside shows that the order did leave.
    acked: goesTo('acked', 'order-correction'),
    refused: nothingLeft,
    'duplicate-id': nothingLeft,
    'not-found-early': neverAsked,
    'not-found-proved': neverAsked,
    older: noneBefore,
    'older-fill': noneBefore,
  },
  'not-placed': {
    ...ended('not-placed'),
    acked: goesTo('acked', 'order-correction'),
    // The venue knew it after all, however old the word is: what became of it is not known.
    older: goesTo('unknown', 'order-correction', 'order-uncertain'),
    'older-fill': goesTo('by-amount', 'order-correction', 'order-fill', 'order-filled'),
    refused: goesTo('not-placed'),
  },
};
