import { VenueError, type VenueErrorCode } from '@venuekit/connector-core';
import { isLimitError, type LimitError, type LimitErrorCode } from '@venuekit/rate-limiter';

/** What was asked of the limiter, and for whom. */
export interface LimitedCall {
  readonly venue: string;
  readonly operation: string;
  /** The caller's own deadline in milliseconds, if it is the one that the limiter was given. */
  readonly timeoutMs?: number;
  /** True for a command, whose error says that it was not sent. */
  readonly isCommand?: boolean;
}

/** Codes that are not here are mistakes of the connector's author, or not errors at all. */
const codes: Partial<Readonly<Record<LimitErrorCode, VenueErrorCode>>> = {
  deadline: 'rate-limited',
  'queue-full': 'rate-limited',
  penalised: 'rate-limited',
  unavailable: 'rate-limited',
  'too-heavy': 'invalid-request',
  closed: 'closed',
};

/** Refusals that no waiting changes, as a caller is told of them who has made no call that could be rejected. */
const finalCodes: Partial<Readonly<Record<LimitErrorCode, VenueErrorCode>>> = {
  'too-heavy': 'invalid-request',
  'invalid-request': 'invalid-request',
  'unknown-limit': 'invalid-options',
  closed: 'closed',
};

/**
 * What to reject with instead of a refusal of a limiter: a `VenueError` with the time to wait, `timeout` if the caller's own
 * deadline ended the wait. For an aborted request it is the signal's reason, as nothing was sent. Whatever else was thrown is
 * given back as it is: a name that no limit has is a mistake of the connector, not of its user.
 */
export function toVenueError(error: unknown, call: LimitedCall): unknown {
  if (!isLimitError(error)) return error;
  if (error.code === 'aborted') return error.cause;
  const { venue, operation, timeoutMs, isCommand = false } = call;
  const isTimeout = error.code === 'deadline' && timeoutMs !== undefined;
  const code = isTimeout ? 'timeout' : codes[error.code];
  if (code === undefined) return error;
  return new VenueError({
    ...{ code, venue, operation, cause: error, message: messageOf(error, isTimeout ? timeoutMs : undefined) },
    ...(error.retryAfterMs !== undefined && { retryAfterMs: Math.ceil(error.retryAfterMs) }),
    ...(isCommand && { outcome: 'not-sent' as const }),
  });
}

/** The error of a refusal that comes again however often the limiter is asked; `undefined` if it is worth asking again. */
export function finalRefusal(
  error: LimitError,
  { venue, operation }: Pick<LimitedCall, 'venue' | 'operation'>,
): VenueError | undefined {
  const code = finalCodes[error.code];
  if (code === undefined) return undefined;
  return new VenueError({ code, venue, operation, cause: error, message: messageOf(error, undefined) });
}

function messageOf({ message }: LimitError, timeoutMs: number | undefined): string {
  const within = timeoutMs === undefined ? '' : ` within ${timeoutMs} ms`;
  return `expected room in the rate limits${within}, got none: ${message}`;
}
