/**
 * An exchange that counts in its own way: in windows that begin at fixed times, and not in any span of that length. Its policy is an
 * object; the limiter does the rest. A request that is sent just before the end of a window may be counted in the next, so it is
 * charged to both.
 */
import { createRateLimiter, type LimitPolicy, type Meter, type MeterOptions } from '@venuekit/rate-limiter';

/** The windows in which a request may be counted. */
type Windows = readonly number[];

class FullWindows implements Meter<Windows> {
  #options: MeterOptions;
  /** Weight by the number of the window. */
  readonly #used = new Map<number, number>();

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  get capacity(): number {
    return this.#options.ceiling;
  }

  get periodMs(): number {
    return this.#options.windowMs + this.#options.allowanceMs;
  }

  used(nowMs: number): number {
    return Math.max(...this.#windowsAt(nowMs).map((window) => this.#usedOf(window)));
  }

  fitsAt(weight: number, nowMs: number): number {
    const full = this.#windowsAt(nowMs).findLast((window) => this.#usedOf(window) + weight > this.capacity);
    return full === undefined ? nowMs : (full + 1) * this.#options.windowMs;
  }

  take(weight: number, nowMs: number): Windows {
    const windows = this.#windowsAt(nowMs);
    for (const window of this.#used.keys()) if (window < (windows[0] ?? 0)) this.#used.delete(window);
    this.#add(windows, weight);
    return windows;
  }

  /** In this example a request is sent at once. */
  sent(): void {}
  replied(): void {}
  done(): void {}

  release(windows: Windows, weight: number): void {
    this.#add(windows, -weight);
  }

  assume(weight: number, atMs: number): void {
    this.#add(this.#windowsAt(atMs), weight);
  }

  usedUpTo(_atMs: number, nowMs: number): number {
    return this.used(nowMs);
  }

  resize(options: MeterOptions): void {
    this.#options = options;
  }

  #windowsAt(sentAtMs: number): Windows {
    const { windowMs, allowanceMs } = this.#options;
    const [first, last] = [Math.floor(sentAtMs / windowMs), Math.floor((sentAtMs + allowanceMs) / windowMs)];
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }

  #usedOf(window: number): number {
    return this.#used.get(window) ?? 0;
  }

  #add(windows: Windows, weight: number): void {
    for (const window of windows) this.#used.set(window, this.#usedOf(window) + weight);
  }
}

const fullWindows: LimitPolicy = {
  name: 'full-windows',
  createMeter: (options) => new FullWindows(options),
};

const windowMs = 500;
const limiter = createRateLimiter({
  allowanceMs: 20,
  limits: [{ id: 'query', windows: [{ capacity: 10, windowMs, policy: fullWindows }] }],
});
const windows = await Promise.all(
  Array.from({ length: 25 }, () => limiter.run('query', () => Math.floor(limiter.now() / windowMs))),
);
const counts = Map.groupBy(windows, (window) => window).values();
console.log(
  `at most ${Math.max(...Array.from(counts, ({ length }) => length))} in one window of the exchange`,
);
console.log(`${windows.length} sent with ${limiter.usage().limits[0]?.windows[0]?.policy}`);
limiter.close();
