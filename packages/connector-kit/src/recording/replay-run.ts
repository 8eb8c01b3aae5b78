import type { ReadItem } from './recorded-item.ts';
import type { ReplayAnswers } from './replay-answers.ts';
import type { ReplayDials } from './replay-dials.ts';
import type { ReplayPlayer } from './replay-player.ts';
import type { ReplayClock, ReplayTime } from './replay-time.ts';

/**
 * Why a run ended: everything was played, its condition held, or the client has not opened the socket of the next recorded
 * connection for five minutes of the replay's time, or the replay was closed.
 */
export type ReplayEnd = 'finished' | 'condition' | 'waiting' | 'closed';

/** Gives the items of one lane. */
export type ItemIterator = AsyncIterator<ReadItem> | Iterator<ReadItem>;

/** What a replay is made of. */
export interface ReplayParts {
  readonly time: ReplayTime;
  readonly clock: ReplayClock;
  readonly dials: ReplayDials;
  readonly players: readonly ReplayPlayer[];
  readonly answers: ReplayAnswers;
  readonly items: readonly ItemIterator[];
}

/** Lets the players' time pass. */
export class ReplayRun {
  readonly #parts: ReplayParts;
  #closing: Promise<void> | undefined;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  async run(until: () => boolean): Promise<ReplayEnd> {
    const { dials, players, time } = this.#parts;
    const isReading = () => players.some(({ reading }) => reading !== undefined);
    dials.bePatient();
    for (;;) {
      await time.pass(() => isReading() || this.#end(until) !== undefined);
      await Promise.all(players.map(({ reading }) => reading));
      const failure = players.find(({ failure }) => failure !== undefined)?.failure;
      if (failure !== undefined) throw failure.error;
      const end = this.#end(until);
      if (end !== undefined) return end;
    }
  }

  #end(until: () => boolean): ReplayEnd | undefined {
    const { dials, players } = this.#parts;
    if (this.#closing !== undefined) return 'closed';
    if (players.some(({ failure }) => failure !== undefined)) return 'finished';
    if (players.every(({ isFinished }) => isFinished)) return 'finished';
    if (until()) return 'condition';
    return dials.isGivenUp ? 'waiting' : undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    const { items, time } = this.#parts;
    time.close();
    time.changed();
    await Promise.all(items.map((lane) => lane.return?.()));
  }
}
