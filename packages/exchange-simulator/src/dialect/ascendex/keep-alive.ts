import type { Clock, Timers } from '@venuekit/connector-core';

/** What a keep-alive watches over. */
export interface KeepAliveOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** True while the client is not to be pinged, nor held to account. */
  isPaused(): boolean;
  /** Sends a ping; `hp` is how many may still be missed. */
  ping(hp: number): void;
  /** The client missed too many. */
  giveUp(): void;
}

/** Pings a silent client and gives it up when it does not answer. */
export interface KeepAlive {
  /** How many pings the client may still miss. */
  readonly hp: number;
  /** The client sent something. */
  heard(): void;
  /** The client sent a ping of its own, which spares it ours for a while. */
  pinged(): void;
  /** Ends the watch. */
  close(): void;
}

const silenceMs = 15_000;
const quietAfterPingMs = 30_000;
const fullHealth = 3;
const missedAtMost = 2;

/** Starts watching a client that has just connected. */
export function createKeepAlive({ clock, timers, isPaused, ping, giveUp }: KeepAliveOptions): KeepAlive {
  let missed = 0;
  let quietUntil = 0;
  let timer: Disposable | undefined;

  function arm(): void {
    timer?.[Symbol.dispose]();
    timer = timers.setTimer(Math.max(silenceMs, quietUntil - clock.monotonic()), check, 'keep-alive');
  }

  function check(): void {
    if (!isPaused()) {
      if (missed === missedAtMost) {
        giveUp();
        return;
      }
      ping(fullHealth - missed);
      missed += 1;
    }
    arm();
  }

  arm();
  return {
    get hp() {
      return fullHealth - missed;
    },
    heard() {
      missed = 0;
      arm();
    },
    pinged() {
      quietUntil = clock.monotonic() + quietAfterPingMs;
      arm();
    },
    close: () => timer?.[Symbol.dispose](),
  };
}
