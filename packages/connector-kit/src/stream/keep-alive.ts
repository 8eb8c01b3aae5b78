import type { Runtime } from '@venuekit/connector-core';

/** When to ask whether the peer is there, and how long to wait for it. */
export interface KeepAliveOptions {
  /** Silence after which a ping is sent, in milliseconds. */
  readonly pingAfterMs: number;
  /** Time in which any frame must follow the ping. */
  readonly deadlineMs: number;
}

/** A timer that fires this late shows that this process was busy, so the peer's answer may be waiting unread. */
const latenessMs = 250;
/** Time given then to read what has arrived. */
const drainMs = 1_000;
/** How often that is done: a process that is always busy must still notice. */
const mostDrains = 3;

/** Notices a peer that is no longer there although its connection is. */
export class KeepAlive {
  readonly #runtime: Runtime;
  readonly #options: KeepAliveOptions;
  readonly #ping: () => void;
  readonly #onDead: (silentMs: number) => void;
  #timer: Disposable | undefined;
  #stopped = false;
  #lastFrameAt: number;

  constructor(
    runtime: Runtime,
    options: KeepAliveOptions,
    actions: { readonly ping: () => void; readonly dead: (silentMs: number) => void },
  ) {
    this.#runtime = runtime;
    this.#options = options;
    this.#ping = actions.ping;
    this.#onDead = actions.dead;
    this.#lastFrameAt = runtime.clock.monotonic();
    this.#watch(options.pingAfterMs);
  }

  /** A frame came. Cheap: it moves no timer. */
  frame(): void {
    this.#lastFrameAt = this.#runtime.clock.monotonic();
  }

  /** Ends the watch. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #silentMs(): number {
    return this.#runtime.clock.monotonic() - this.#lastFrameAt;
  }

  #watch(delayMs: number): void {
    this.#timer = this.#runtime.timers.setTimer(delayMs, () => this.#check(), 'keep-alive-idle');
  }

  #check(): void {
    const leftMs = this.#options.pingAfterMs - this.#silentMs();
    if (leftMs > 0) {
      this.#watch(leftMs);
      return;
    }
    const pingedAt = this.#runtime.clock.monotonic();
    this.#ping();
    // Sending may have shown that the connection is gone.
    if (!this.#stopped) this.#await(pingedAt, this.#options.deadlineMs, mostDrains);
  }

  #await(pingedAt: number, delayMs: number, drains: number): void {
    const dueAt = this.#runtime.clock.monotonic() + delayMs;
    const expire = () => {
      if (this.#lastFrameAt >= pingedAt) {
        this.#watch(Math.max(this.#options.pingAfterMs - this.#silentMs(), 0));
      } else if (drains > 0 && this.#runtime.clock.monotonic() - dueAt > latenessMs) {
        this.#await(pingedAt, drainMs, drains - 1);
      } else {
        this.#onDead(this.#silentMs());
      }
    };
    this.#timer = this.#runtime.timers.setTimer(delayMs, expire, 'keep-alive-deadline');
  }
}
