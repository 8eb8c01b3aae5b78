import type { Order, OrderStatus } from '@venuekit/connector-core';

const endedStatuses = new Set<OrderStatus>([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'denied',
  'not-placed',
]);

/** True if the order has ended: nothing is left of it at the venue, as far as is known. */
export function isEnded({ status }: Pick<Order, 'status'>): boolean {
  return endedStatuses.has(status);
}
