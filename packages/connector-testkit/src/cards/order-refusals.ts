import assert from 'node:assert/strict';
import {
  type AccountEvent,
  isVenueError,
  type OrderRequest,
  type OrderType,
  type VenueError,
  type VenueErrorCode,
} from '@venuekit/connector-core';
import type { CardContext } from './card-context.ts';
import { told } from './order-terms.ts';

/**
 * Waits until an order was refused: by the connector before it left, by the venue in its answer, or by the venue after it had
 * acknowledged the order. Fails unless events and orders agree with that.
 * @returns the error, or none if the venue refused an order that it had acknowledged.
 */
export async function refusedOrder(
  context: CardContext,
  events: readonly AccountEvent[],
  request: OrderRequest<OrderType>,
  codes: readonly VenueErrorCode[],
): Promise<VenueError | undefined> {
  const before = events.length;
  const outcome = await context.settled(
    context.trading.placeOrder(request).then(
      ({ clientOrderId }) => ({ clientOrderId }),
      (error: unknown) => ({ error }),
    ),
  );
  const after = () => events.slice(before);
  if ('clientOrderId' in outcome) {
    await context.until('the venue to refuse the order', () =>
      told(after(), outcome).includes('order-rejected'),
    );
    assertRejected(after(), outcome.clientOrderId, codes);
    return undefined;
  }
  const error = assertRefusal(outcome.error, codes);
  if (error.outcome === 'rejected') assertRejected(after(), error.clientOrderId, codes);
  else assert.ok(!after().some(({ kind }) => kind === 'order-sent'), 'expected nothing to be sent');
  return error;
}

function assertRefusal(error: unknown, codes: readonly VenueErrorCode[]): VenueError {
  const wanted = codes.join(' or ');
  assert.ok(isVenueError(error), `expected a VenueError with code ${wanted}, got ${String(error)}`);
  assert.ok(codes.includes(error.code), `expected code ${wanted}, got ${error.code}: ${error.message}`);
  assert.ok(
    error.outcome === 'not-sent' || error.outcome === 'rejected',
    `expected outcome not-sent or rejected, got ${error.outcome}`,
  );
  return error;
}

function assertRejected(
  events: readonly AccountEvent[],
  clientOrderId: string | undefined,
  codes: readonly VenueErrorCode[],
): void {
  const rejected = events.find(
    (event) => event.kind === 'order-rejected' && event.order.clientOrderId === clientOrderId,
  );
  assert.ok(rejected?.kind === 'order-rejected', 'expected the refusal of the venue to be told');
  assert.ok(codes.includes(rejected.code), `expected code ${codes.join(' or ')}, got ${rejected.code}`);
}
