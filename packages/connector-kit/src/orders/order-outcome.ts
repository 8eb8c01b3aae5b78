import { isVenueError, type OrderRequest, type OrderType, VenueError } from '@venuekit/connector-core';

/** What a failed command is judged by. */
export interface CommandFailure {
  /** Venue id. */
  readonly venue: string;
  readonly operation: string;
  /** What was asked, or the order that it was asked of. */
  readonly request: Pick<OrderRequest<OrderType>, 'clientOrderId'>;
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined;
  /** Aborted when the connector is closed. */
  readonly closed: AbortSignal;
}

/**
 * The error of a command at which a connector's part failed. Only an error of the part that says what became of the command is taken
 * at its word. With everything else nobody can tell whether bytes have left, so the outcome is `unknown`: an abort and a close,
 * whatever their reasons say of something else, a timeout of the HTTP client, a bug.
 */
export function commandError(error: unknown, failure: CommandFailure): VenueError {
  const { signal, closed } = failure;
  if (signal?.aborted && error === signal.reason) return unknownOutcome('aborted', error, failure);
  if (closed.aborted && error === closed.reason) return unknownOutcome('closed', error, failure);
  if (!isVenueError(error)) return unknownOutcome('protocol', error, failure);
  return error.outcome === undefined ? unknownOutcome(error.code, error, failure) : error;
}

function unknownOutcome(
  code: VenueError['code'],
  cause: unknown,
  { venue, operation, request }: CommandFailure,
): VenueError {
  const known = isVenueError(cause) && cause.code === code ? cause : undefined;
  const { clientOrderId = known?.clientOrderId } = request;
  const { retryAfterMs, venueCode } = known ?? {};
  return new VenueError({
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(venueCode === undefined ? {} : { venueCode }),
    ...{ code, venue, operation, outcome: 'unknown', cause },
    message: `what became of it is not known: ${textOf(cause, code)}`,
  });
}

function textOf(cause: unknown, code: string): string {
  if (code === 'aborted') return 'its caller did not want to wait any longer';
  if (code === 'closed') return 'the connector was closed';
  if (!(cause instanceof Error)) return String(cause);
  return isVenueError(cause) ? withoutPlace(cause) : cause.message;
}

/** Venue and operation are in front of the message already. */
function withoutPlace({ message, venue, operation }: VenueError): string {
  const place = `${venue === undefined ? '' : `[${venue}] `}${operation === undefined ? '' : `${operation}: `}`;
  return message.startsWith(place) ? message.slice(place.length) : message;
}

/** A copy of a request that its caller cannot change any more while it is on its way, with its identifier. */
export function frozenRequest<R extends OrderRequest<OrderType>>(
  request: R,
  makeClientOrderId: () => string,
): R {
  const { clientOrderId = makeClientOrderId(), venueOptions } = request;
  const own = venueOptions === undefined ? {} : { venueOptions: Object.freeze({ ...venueOptions }) };
  return Object.freeze<R>({ ...request, ...own, clientOrderId });
}
