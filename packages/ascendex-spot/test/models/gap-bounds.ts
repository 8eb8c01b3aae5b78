import type { GapEvent } from '@venuekit/connector-core';
import type { WireLog } from './wire-log.ts';

/** How an event reached its consumer: as a part of the opening, at once, or out of a queue, perhaps long after. */
export type Manner = 'opening' | 'told' | 'read';

/** Until when data were good, in local time: the later one of two moments, as clocks may be set back in between. */
export class GapBounds {
  readonly #wire: WireLog;
  #dataMs = Number.NEGATIVE_INFINITY;
  #frameMs = Number.NEGATIVE_INFINITY;

  constructor(wire: WireLog) {
    this.#wire = wire;
  }

  /** Up to the newest frame nothing is missing. `isData`: it is about this stream itself. */
  good(isData: boolean): void {
    const { localMs } = this.#wire.newest;
    // Since the newest data a clock may have been set back.
    this.#frameMs = isData ? localMs : Math.max(this.#frameMs, localMs);
    if (isData) this.#dataMs = localMs;
  }

  /** Somebody came: what was good before is known to others alone. */
  opened(): void {
    this.#dataMs = this.#wire.latestLocalMs;
  }

  /** What is wrong with a gap that was told now, if anything is. */
  problemOf({ fromMs, toMs }: GapEvent, localNowMs: number): string | undefined {
    const lastMs = Math.max(this.#dataMs, this.#frameMs);
    if (lastMs !== Number.NEGATIVE_INFINITY && fromMs > lastMs)
      return `expected a gap from ${lastMs} on, when the data were last good, got one from ${fromMs} on`;
    if (toMs !== localNowMs) return `expected a gap that ends now, at ${localNowMs}, got one until ${toMs}`;
    return undefined;
  }
}
