import { type AsyncOptions, type Runtime, VenueError } from '@venuekit/connector-core';

/** How long a call is waited for. */
export interface CallWaitOptions extends AsyncOptions {
  readonly runtime: Runtime;
  readonly venue: string;
  /** For errors. */
  readonly operation: string;
  /** Aborted when the connector is closed. */
  readonly closed: AbortSignal;
}

/** An answer is waited for so long. */
const defaultTimeoutMs = 10_000;

/**
 * Waits for a call until its time is over, its caller does not want to wait any longer, or the connector is closed. The work hears of
 * that by its signal; where it answers at once, its answer counts, because it knows what has left. After a close nobody waits.
 * @throws what the work throws; VenueError `timeout`; the reason of the caller's signal, or of the close.
 */
export async function waitForCall<R>(
  { runtime, signal, timeoutMs = defaultTimeoutMs, closed, ...context }: CallWaitOptions,
  work: (options: { readonly signal: AbortSignal; readonly timeoutMs: number }) => Promise<R>,
): Promise<R> {
  const { venue, operation } = context;
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  // The work may throw before anybody waits for this.
  stopped.catch(() => {});
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
