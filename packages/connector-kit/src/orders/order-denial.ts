import { type Order, type OrderRule, VenueError, type VenueErrorCode } from '@venuekit/connector-core';

/** Why an order does not leave. */
export interface OrderDenialOptions {
  /** Venue id. */
  readonly venue: string;
  readonly order: Pick<Order, 'clientOrderId'>;
  /** Field and rule, what was expected and what was got. */
  readonly message: string;
  /** The same for programs, where the order breaks a rule. */
  readonly rule?: OrderRule;
  /** `invalid-order` if left out. */
  readonly code?: VenueErrorCode;
}

/** The error of `placeOrder` for an order that a check of the connector's own refuses: outcome `not-sent`, with its client identifier. */
export function createOrderDenial({
  venue,
  order: { clientOrderId },
  message,
  rule,
  code = 'invalid-order',
}: OrderDenialOptions): VenueError {
  return new VenueError({
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    ...(rule === undefined ? {} : { rule }),
    ...{ code, venue, operation: 'placeOrder', message, outcome: 'not-sent' },
  });
}
