/** What trades did within an interval. Prices are in ticks and volume is in lots, all of them safe integers. */
export interface Bar {
  /** Start of the interval, in milliseconds since the epoch. */
  readonly startMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  /** 0 if nothing was traded; the prices are then those of the close before. */
  readonly volumeLots: number;
}

/** A bar of one price without volume. */
export function flatBar(startMs: number, ticks: number): Bar {
  return {
    startMs,
    openTicks: ticks,
    highTicks: ticks,
    lowTicks: ticks,
    closeTicks: ticks,
    volumeLots: 0,
  };
}

/** True if nothing was traded: no volume, and one price. A bar of prices that moved without volume has something in it. */
export function isEmptyBar({ highTicks, lowTicks, volumeLots }: Bar): boolean {
  return volumeLots === 0 && highTicks === lowTicks;
}

/** Adds bars up to a longer one: first open, highest high, lowest low, last close, sum of volumes. */
export class BarSum {
  readonly #startMs: number;
  #bar: { -readonly [Field in keyof Bar]: Bar[Field] } | undefined;

  /** @param startMs start of the longer bar. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** The longer bar so far; `undefined` if there was none to add. */
  get bar(): Bar | undefined {
    return this.#bar;
  }

  /** Adds the next bar in time, if there is one. */
  add(next: Bar | undefined): void {
    if (next === undefined) return;
    if (this.#bar === undefined) {
      this.#bar = { ...next, startMs: this.#startMs };
      return;
    }
    this.#bar.highTicks = Math.max(this.#bar.highTicks, next.highTicks);
    this.#bar.lowTicks = Math.min(this.#bar.lowTicks, next.lowTicks);
    this.#bar.closeTicks = next.closeTicks;
    this.#bar.volumeLots += next.volumeLots;
  }
}
