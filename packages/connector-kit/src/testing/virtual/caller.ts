import type { TimerGroup } from './planned-timer.ts';

/** One connection of a caller. */
export interface OwnConnection {
  /** The caller is dead: nothing is told to it any more, and the other end hears of it. */
  abandon(): void;
}

/** Who dials and asks. */
export interface Caller {
  /** Name of the process. */
  readonly name: string;
  readonly group: TimerGroup;
  readonly sockets: Set<OwnConnection>;
  readonly requests: Set<OwnConnection>;
  /** Does something that a crash may come before or after; nothing once the caller is dead. */
  operate(act: () => void): void;
}
