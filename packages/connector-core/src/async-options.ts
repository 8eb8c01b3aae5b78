/** What every asynchronous call takes. A call rejects with the signal's reason when it is aborted. */
export interface AsyncOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the call with code `timeout`, in milliseconds by the runtime's clock; 10,000 if left out, unless the call says otherwise. */
  readonly timeoutMs?: number | undefined;
}
