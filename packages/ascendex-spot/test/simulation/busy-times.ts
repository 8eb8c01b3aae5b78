/** When a process was busy: nothing reached it, and none of its timers was fired. */
export class BusyTimes {
  readonly #times: { readonly fromMs: number; readonly toMs: number }[] = [];
  #untilMs = 0;

  /** It is busy for `ms` from `nowMs` on. */
  add(nowMs: number, ms: number): void {
    const toMs = nowMs + ms;
    if (toMs <= this.#untilMs) return;
    this.#times.push({ fromMs: Math.max(nowMs, this.#untilMs), toMs });
    this.#untilMs = toMs;
  }

  /** True while it is busy, and at the instant at which it gets free: what is due then is still under way. */
  isBusy(nowMs: number): boolean {
    return nowMs <= this.#untilMs;
  }

  /** Milliseconds of being busy since a moment, also those to come. */
  since(atMs: number): number {
    return this.#times.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, toMs - Math.max(fromMs, atMs)), 0);
  }
}
