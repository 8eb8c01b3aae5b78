import type { DrawnWait } from './dial-rhythm.ts';

/** Upper bounds of the waits between a snapshot that was of no use and the next request: the first, and all. */
const [firstBoundMs, longestBoundMs] = [200, 10_000];

/** A snapshot must come so soon, or is asked for again. */
const answerMs = 5_000;
/** A look comes a moment later than what it looks for. */
const slackMs = 1_000;

interface Series {
  /** When something last happened, as far as we know. */
  movedAtMs: number;
  /** True between a request and its answer; what happened before the book was heard nobody knows. */
  isAsked: boolean;
  /** When the last snapshot came that did not help. */
  answeredAtMs: number | undefined;
  waits: number;
}

/** How long the client waits before it asks again for a book that the last snapshot did not mend. */
export class SnapshotRetries {
  readonly drawn: DrawnWait[] = [];
  readonly #series = new Map<string, Series>();
  /** When a book was last asked for: a moment before its listeners hear why. */
  readonly #askedAtMs = new Map<string, number>();

  /** A listener of the book was told its state. */
  told(pair: string, state: string, atMs: number): void {
    const isMissing = state === 'opening' || state === 'resyncing';
    if (!isMissing) this.#series.delete(pair);
    else if (!this.#series.has(pair))
      this.#series.set(pair, {
        movedAtMs: atMs,
        isAsked: this.#askedAtMs.get(pair) === atMs,
        answeredAtMs: undefined,
        waits: 0,
      });
  }

  /** A snapshot came. */
  answered(pair: string, atMs: number): void {
    const series = this.#series.get(pair);
    if (series === undefined) return;
    series.movedAtMs = atMs;
    series.isAsked = false;
    series.answeredAtMs = atMs;
  }

  /** The client asked for one. */
  asked(pair: string, atMs: number): void {
    const series = this.#series.get(pair);
    this.#askedAtMs.set(pair, atMs);
    if (series === undefined) return;
    series.movedAtMs = atMs;
    series.isAsked = true;
    if (series.answeredAtMs === undefined) return;
    const boundMs = Math.min(firstBoundMs * 2 ** series.waits, longestBoundMs);
    // It may be longer: bounds go on growing from one connection to the next.
    this.drawn.push({ boundMs, waitedMs: Math.min(atMs - series.answeredAtMs, boundMs) });
    series.waits += 1;
    series.answeredAtMs = undefined;
  }

  /** Pairs for which nobody asks again although no snapshot came, or none that helped; each is told once. */
  overdue(atMs: number, busySince: (atMs: number) => number): readonly string[] {
    return [...this.#series].flatMap(([pair, series]) => {
      const { isAsked, movedAtMs } = series;
      const mostMs = (isAsked ? answerMs : longestBoundMs) + slackMs;
      if (atMs - movedAtMs <= mostMs + busySince(movedAtMs)) return [];
      series.movedAtMs = Number.POSITIVE_INFINITY;
      return [pair];
    });
  }

  /** Nobody can ask now: whatever is overdue begins anew. */
  postpone(atMs: number): void {
    for (const series of this.#series.values()) series.movedAtMs = Math.max(series.movedAtMs, atMs);
  }

  /** What was asked on another connection is not answered. */
  dialled(): void {
    this.#series.clear();
  }
}
