import { type PairDraws, unevenly } from './pair-draws.ts';

/** Share of the bouts in which somebody takes from the book unprompted. */
export const tradeShare = 0.12;

/** How long a quiet pair leaves its book unwatched at most, in milliseconds. */
const watchMs = 3_000;

/** Moods by their share: pace, times as fast as in ordinary times. */
const moods = [
  { below: 0.3, pace: 0.3 },
  { below: 0.8, pace: 1 },
  { below: 1, pace: 2.5 },
] as const;

/** How long the burst lasts at least with which trading begins, in milliseconds. */
const openingMs = 45_000;

/**
 * When a pair acts: calm and bursts change places, each for some seconds to minutes. It begins with a burst, as markets open.
 * Times are by a clock that nobody sets, in milliseconds.
 */
export class TradingPace {
  readonly #activity: number;
  readonly #draws: PairDraws;
  #pace = 1;
  #moodUntilMs: number = Number.NEGATIVE_INFINITY;
  #boutAtMs: number = Number.NEGATIVE_INFINITY;

  /** @param activity bouts a second in ordinary times. */
  constructor(activity: number, draws: PairDraws) {
    this.#activity = activity;
    this.#draws = draws;
  }

  /** True if it is time for a bout; then the next one is planned. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#boutAtMs) return false;
    const isFirst = this.#boutAtMs === Number.NEGATIVE_INFINITY;
    this.#plan(nowMs);
    return !isFirst;
  }

  /** Milliseconds until somebody has to look again: for a bout, or because the price may have gone away. */
  delay(nowMs: number): number {
    const watch = watchMs * (0.5 + 0.5 * this.#draws.pace());
    const toBout = this.#boutAtMs - nowMs;
    // A bout that was missed, because there was no trading, is planned anew by the next look.
    return Math.max(1, Math.round(toBout > 0 ? Math.min(toBout, watch) : watch));
  }

  #plan(nowMs: number): void {
    if (nowMs >= this.#moodUntilMs) this.#turn(nowMs);
    this.#boutAtMs = nowMs + (1_000 * unevenly(this.#draws.pace())) / (this.#activity * this.#pace);
  }

  #turn(nowMs: number): void {
    const isOpening = this.#moodUntilMs === Number.NEGATIVE_INFINITY;
    const draw = this.#draws.pace();
    this.#pace = (isOpening ? moods[2] : (moods.find(({ below }) => draw < below) ?? moods[1])).pace;
    this.#moodUntilMs =
      nowMs + (isOpening ? openingMs : 8_000) + 80_000 * this.#draws.pace() * this.#draws.pace();
  }
}
