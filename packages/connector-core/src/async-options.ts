/** What every asynchronous call takes. */
export interface AsyncOptions {
  /** Ends the call early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Ends the call with code `timeout`, in milliseconds by the runtime's clock. */
  readonly timeoutMs?: number;
}
