/** What every asynchronous call takes. A call rejects with the signal's reason when it is aborted. */
export interface AsyncOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal;
  /** Ends the call with code `timeout`, in milliseconds by the runtime's clock. Each call says what holds if it is left out. */
  readonly timeoutMs?: number;
}
