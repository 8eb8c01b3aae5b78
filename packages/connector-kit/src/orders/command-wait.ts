import type { AsyncOptions, Runtime } from '@venuekit/connector-core';
import { VenueError } from '@venuekit/connector-core';

/** How long a command is waited for. */
export interface CommandWaitOptions extends AsyncOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  /** For errors. */
  readonly operation: string;
  /** Aborted when the connector is closed, with the error to tell. */
  readonly closed: AbortSignal;
}

/** An answer is waited for so long. */
const defaultTimeoutMs = 10_000;

/**
 * Waits for a command until its time is over, its caller does not want to wait any longer, or the connector is closed. The work hears
 * of that by its signal; where it answers at once, its answer counts, because it knows what has left. After a close nobody waits.
 * @throws what the work throws; VenueError `timeout`; the reason of the caller's signal; the error of the close.
 */
export async function waitForCommand<R>(
  { runtime, venue, operation, signal, timeoutMs = defaultTimeoutMs, closed }: CommandWaitOptions,
  work: (options: { readonly signal: AbortSignal; readonly timeoutMs: number }) => Promise<R>,
): Promise<R> {
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const timers: Disposable[] = [];
  const setTimer = (delayMs: number, fire: () => void) =>
    timers.push(runtime.timers.setTimer(delayMs, fire, operation));
  const giveUp = (reason: unknown) => {
    stop.abort(reason);
    setTimer(0, () => reject(reason));
  };
  const onAbort = () => giveUp(signal?.reason);
  const onClose = () => {
    stop.abort(closed.reason);
    reject(closed.reason);
  };
  const message = `expected an answer within ${timeoutMs} ms, got none`;
  setTimer(timeoutMs, () => giveUp(new VenueError({ code: 'timeout', venue, operation, message })));
  signal?.addEventListener('abort', onAbort, { once: true });
  closed.addEventListener('abort', onClose, { once: true });
  try {
    return await Promise.race([work({ signal: stop.signal, timeoutMs }), stopped]);
  } finally {
    for (const timer of timers) timer[Symbol.dispose]();
    signal?.removeEventListener('abort', onAbort);
    closed.removeEventListener('abort', onClose);
  }
}
