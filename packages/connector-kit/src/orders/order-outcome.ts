import { isVenueError, type OrderRequest, type OrderType, VenueError } from '@venuekit/connector-core';

/** What a failed placement is judged by. */
export interface PlacementFailure {
  /** Venue id. */
  readonly venue: string;
  readonly request: Pick<OrderRequest<OrderType>, 'clientOrderId'>;
  readonly signal: AbortSignal | undefined;
}

/**
 * The error of an order that a connector's part failed to place. Only an error that says what became of the order is taken at its
 * word. With everything else nobody can tell whether bytes have left, so the outcome is `unknown`: an abort, a timeout of the HTTP
 * client, a bug.
 */
export function placementError(error: unknown, { venue, request, signal }: PlacementFailure): VenueError {
  if (isVenueError(error) && error.outcome !== undefined) return error;
  const { clientOrderId = isVenueError(error) ? error.clientOrderId : undefined } = request;
  const aborted = signal?.aborted === true && error === signal.reason;
  const known = isVenueError(error) ? error : undefined;
  return new VenueError({
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    ...(known?.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    ...(known?.venueCode === undefined ? {} : { venueCode: known.venueCode }),
    code: known?.code ?? (aborted ? 'aborted' : 'protocol'),
    ...{ venue, operation: 'placeOrder', outcome: 'unknown', cause: error },
    message: error instanceof Error ? error.message : String(error),
  });
}

/** A copy of a request that its caller cannot change any more while it is on its way. */
export function frozenRequest<R extends OrderRequest<OrderType>>(request: R): R {
  return Object.freeze<R>({ ...request });
}
