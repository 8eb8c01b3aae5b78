import type { Timers } from '@venuekit/connector-core';
import type { Agenda } from './agenda.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { TimelineEntry } from './timeline.ts';

/** What a player plays, and for whom. */
export interface PlayerOptions {
  readonly entries: readonly TimelineEntry[];
  readonly agenda: Agenda;
  readonly clock: ReplayClock;
  readonly timers: Timers;
  /** True while nothing may happen, on the agenda neither; {@link Player.reconsider} is called when that changes. */
  waiting(): boolean;
  /** True while readers must catch up first; {@link Player.reconsider} is called when that changes. */
  crowded(): boolean;
  /** Real milliseconds for which the entry must be held back still; 0 if its time has come. */
  hold(entry: TimelineEntry): number;
  /** Lets an entry happen. */
  emit(entry: TimelineEntry): void;
  /** The last entry has happened. */
  finish(): void;
}

/** Lets frames, ends and the agenda happen in the order of the recorded clock. */
export interface Player {
  /** How many entries have happened. */
  readonly position: number;
  /** Looks again at what is due, after the events that are waiting. */
  reconsider(): void;
}

/**
 * A shorter wait is over, in milliseconds: a clock that counts from the epoch in floats cannot show so little, and what waits for it
 * would wait for ever.
 */
const leastWaitMs = 0.001;

/** Entries in one go before other events get their turn. */
const burstLength = 32;

/** Makes a player. It does nothing until it need not wait and {@link Player.reconsider} is called. */
export function createPlayer(options: PlayerOptions): Player {
  const { entries, agenda, clock, timers } = options;
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
      if (options.waiting()) return undefined;
      const entry = entries[position];
      const agendaMs = agenda.nextMs;
      if (agendaMs !== undefined && (entry === undefined || agendaMs <= entry.offsetMs)) {
        const waitMs = clock.untilMs(agendaMs);
        if (waitMs >= leastWaitMs) return waitMs;
        clock.reach(agendaMs);
        agenda.runNext();
        continue;
      }
      if (entry === undefined) return undefined;
      const waitMs = clock.untilMs(entry.offsetMs);
      if (waitMs >= leastWaitMs) return waitMs;
      if (options.crowded()) return undefined;
      const holdMs = options.hold(entry);
      if (holdMs >= leastWaitMs) return holdMs;
      play(entry);
    }
    return 0;
  }

  function play(entry: TimelineEntry): void {
    clock.reach(entry.offsetMs);
    position += 1;
    options.emit(entry);
    if (position === entries.length) options.finish();
  }

  return {
    get position() {
      return position;
    },
    reconsider() {
      if (!options.waiting()) wake(0);
    },
  };
}
