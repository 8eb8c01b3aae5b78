/** Where a limiter gets time from. */
export interface LimiterTime {
  /**
   * The time in milliseconds, from any start. It must not go back: use a monotonic clock. Fractions count.
   */
  now(): number;
  /**
   * Calls `fire` once after `delayMs`. Disposing cancels.
   * @param label names the timer in traces.
   */
  setTimer(delayMs: number, fire: () => void, label: string): Disposable;
}
