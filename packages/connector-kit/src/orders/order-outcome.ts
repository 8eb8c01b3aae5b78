import { isVenueError, type OrderRequest, type OrderType, VenueError } from '@venuekit/connector-core';

/** What a failed command is judged by. */
export interface CommandFailure {
  /** Venue id. */
  readonly venue: string;
  readonly operation: string;
  /** What was asked, or the order that it was asked of. */
  readonly request: Pick<OrderRequest<OrderType>, 'clientOrderId'>;
  readonly signal: AbortSignal | undefined;
}

/**
 * The error of a command at which a connector's part failed. Only an error that says what became of the command is taken at its
 * word. With everything else nobody can tell whether bytes have left, so the outcome is `unknown`: an abort, a timeout of the HTTP
 * client, a bug.
 */
export function commandError(
  error: unknown,
  { venue, operation, request, signal }: CommandFailure,
): VenueError {
  if (isVenueError(error) && error.outcome !== undefined) return error;
  const { clientOrderId = isVenueError(error) ? error.clientOrderId : undefined } = request;
  const aborted = signal?.aborted === true && error === signal.reason;
  const known = isVenueError(error) ? error : undefined;
  return new VenueError({
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    ...(known?.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    ...(known?.venueCode === undefined ? {} : { venueCode: known.venueCode }),
    code: known?.code ?? (aborted ? 'aborted' : 'protocol'),
    ...{ venue, operation, outcome: 'unknown', cause: error },
    message: error instanceof Error ? error.message : String(error),
  });
}

/** A copy of a request that its caller cannot change any more while it is on its way. */
export function frozenRequest<R extends OrderRequest<OrderType>>(request: R): R {
  return Object.freeze<R>({ ...request });
}
