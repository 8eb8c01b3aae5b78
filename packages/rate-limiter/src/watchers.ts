import type { LimiterUsage } from './limiter-events.ts';
import type { LimiterTime } from './time.ts';

/** What watchers need of their limiter. */
export interface WatchersOptions {
  readonly time: LimiterTime;
  readonly usage: () => LimiterUsage;
  readonly onFailure: (error: unknown) => void;
}

interface Watcher {
  readonly listener: (usage: LimiterUsage) => void;
  readonly everyMs: number;
  timer: Disposable | undefined;
}

/** Listeners to the state of a limiter: each hears it now, and then at its own pace while it changes. */
export class Watchers {
  readonly #options: WatchersOptions;
  readonly #watchers = new Set<Watcher>();
  #isClosed = false;

  constructor(options: WatchersOptions) {
    this.#options = options;
  }

  add(listener: Watcher['listener'], everyMs: number): Disposable {
    const watcher: Watcher = { listener, everyMs, timer: undefined };
    this.#watchers.add(watcher);
    this.#tell(watcher);
    return { [Symbol.dispose]: () => this.#drop(watcher) };
  }

  /** Something changed. */
  changed(): void {
    if (this.#watchers.size === 0) return;
    for (const watcher of this.#watchers) this.#plan(watcher);
  }

  /** Tells everybody a last time. */
  close(): void {
    this.#isClosed = true;
    for (const watcher of [...this.#watchers]) {
      this.#drop(watcher);
      this.#call(watcher, this.#options.usage());
    }
  }

  #drop(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    watcher.timer?.[Symbol.dispose]();
    watcher.timer = undefined;
  }

  #plan(watcher: Watcher): void {
    if (this.#isClosed || watcher.timer !== undefined || !this.#watchers.has(watcher)) return;
    const fire = (): void => {
      watcher.timer = undefined;
      this.#tell(watcher);
    };
    watcher.timer = this.#options.time.setTimer(watcher.everyMs, fire, 'rate-limit-watch');
  }

  /** What is in use, waits or is closed changes by itself as time goes by. */
  #tell(watcher: Watcher): void {
    const usage = this.#options.usage();
    this.#call(watcher, usage);
    const used = usage.limits.some(({ windows }) => windows.some((window) => window.used > 0));
    if (used || usage.waiting.all > 0 || usage.penalties.length > 0) this.#plan(watcher);
  }

  #call({ listener }: Watcher, usage: LimiterUsage): void {
    try {
      listener(usage);
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}
