import type { Timers } from '@venuekit/connector-core';
import type { Agenda } from './agenda.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { TimelineFrame } from './timeline.ts';

/** What a player plays, and for whom. */
export interface PlayerOptions {
  readonly frames: readonly TimelineFrame[];
  readonly agenda: Agenda;
  readonly clock: ReplayClock;
  readonly timers: Timers;
  /** True while readers must catch up first; {@link Player.reconsider} is called when that changes. */
  crowded(): boolean;
  /** Real milliseconds for which the frame must be held back still; 0 if it may go out. */
  hold(frame: TimelineFrame): number;
  /** Gives a frame out. */
  emit(frame: TimelineFrame): void;
  /** The last frame is out. */
  finish(): void;
}

/** Gives frames and agenda entries out in the order of the recorded clock. */
export interface Player {
  /** How many frames are out. */
  readonly position: number;
  /** Looks again at what is due, after the events that are waiting. */
  reconsider(): void;
}

/**
 * A shorter wait is over, in milliseconds: a clock that counts from the epoch in floats cannot show so little, and what waits for it
 * would wait for ever.
 */
const leastWaitMs = 0.001;

/** Frames in one go before other events get their turn. */
const burstLength = 32;

/** Makes a player. It does nothing until its clock is started and {@link Player.reconsider} is called. */
export function createPlayer(options: PlayerOptions): Player {
  const { frames, agenda, clock, timers } = options;
  let position = 0;
  let timer: Disposable | undefined;

  function wake(delayMs: number): void {
    timer?.[Symbol.dispose]();
    timer = timers.setTimer(delayMs, advance, 'replay');
  }

  function advance(): void {
    timer = undefined;
    const delayMs = playBurst();
    // Something that was given out may have called `reconsider` meanwhile; its timer stands.
    if (delayMs !== undefined && timer === undefined) wake(delayMs);
  }

  /** Returns real milliseconds until there is more to do, or nothing if only an event can tell. */
  function playBurst(): number | undefined {
    for (let played = 0; played < burstLength; played += 1) {
      const frame = frames[position];
      const agendaMs = agenda.nextMs;
      if (agendaMs !== undefined && (frame === undefined || agendaMs <= frame.offsetMs)) {
        const waitMs = clock.untilMs(agendaMs);
        if (waitMs >= leastWaitMs) return waitMs;
        clock.reach(agendaMs);
        agenda.runNext();
        continue;
      }
      if (frame === undefined) return undefined;
      const waitMs = clock.untilMs(frame.offsetMs);
      if (waitMs >= leastWaitMs) return waitMs;
      if (options.crowded()) return undefined;
      const holdMs = options.hold(frame);
      if (holdMs >= leastWaitMs) return holdMs;
      playFrame(frame);
    }
    return 0;
  }

  function playFrame(frame: TimelineFrame): void {
    clock.reach(frame.offsetMs);
    position += 1;
    options.emit(frame);
    if (position === frames.length) options.finish();
  }

  return {
    get position() {
      return position;
    },
    reconsider() {
      if (clock.started) wake(0);
    },
  };
}
