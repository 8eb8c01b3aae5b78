/** What {@link listenForSignals} takes. */
export interface SignalSurroundings {
  /** The process, as far as it hears of signals. */
  readonly process: { on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown };
  /** Tells the user what happens now. */
  readonly tell: (text: string) => void;
  /** Ends the process with a code. */
  readonly exit: (code: number) => void;
}

/** Whether, and how much, the user wants the lane to stop. */
export interface Interruption {
  /** True after the first signal, which lets what was handed out come to its end. */
  readonly interrupted: () => boolean;
  /** Aborted at the second signal, which waits for nothing: no worker may be left that nobody listens to. */
  readonly signal: AbortSignal;
}

/** Listens to signals from now on. */
export function listenForSignals({ exit, process, tell }: SignalSurroundings): Interruption {
  const workers = new AbortController();
  let interrupted = false;
  const stop = (): void => {
    if (interrupted) {
      workers.abort();
      exit(130);
      return;
    }
    interrupted = true;
    tell('\nsoak: stops after the seeds that are under way\n');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { interrupted: () => interrupted, signal: workers.signal };
}
