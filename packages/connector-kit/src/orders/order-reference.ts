import type { Order, OrderReference, Orders } from '@venuekit/connector-core';

/** What is known of an order that is meant. */
export function findOrder(orders: Orders, reference: OrderReference | Order): Order | undefined {
  if (typeof reference === 'string') return orders.get(reference);
  const { pair, venueOrderId } = reference;
  const clientOrderId = 'clientOrderId' in reference ? reference.clientOrderId : undefined;
  const known = clientOrderId === undefined ? undefined : orders.get(clientOrderId);
  return known ?? (venueOrderId === undefined ? undefined : orders.getByVenueId(pair, venueOrderId));
}

/** A reference in words. */
export function referenceText(reference: OrderReference | Order): string {
  if (typeof reference === 'string') return JSON.stringify(reference);
  if ('clientOrderId' in reference && reference.clientOrderId !== undefined) {
    return JSON.stringify(reference.clientOrderId);
  }
  return `${JSON.stringify(reference.venueOrderId)} of ${reference.pair}`;
}
