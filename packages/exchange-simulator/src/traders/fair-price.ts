import type { Clock } from '@venuekit/connector-core';
import { between } from './pair-draws.ts';
import type { ReferencePrice } from './trader-pair.ts';

/** How far the makers move in a second at most, as a fraction of the price, and for how many seconds without a look they make up. */
const fastest = 0.0016;
const mostSeconds = 0.5;
/** What strangers' sweeps move them at most. */
const farthestPull = 0.05;
/** A sweep is forgotten by and by: so many seconds until about a third of it is left. */
const memorySeconds = 25;

/** What the traders of a pair think it is worth: the reference, followed at a limited speed, and pulled by what strangers pay. */
export class FairPrice {
  readonly #reference: ReferencePrice;
  readonly #clock: Clock;
  /** By the monotonic clock. */
  readonly #openedAtMs: number;
  #anchor: number;
  #wanted: number;
  #pull = 0;
  /** Time since the opening at the last look, in milliseconds. */
  #elapsedMs = 0;

  /** @param homeTicks holds until there is a reference. */
  constructor(reference: ReferencePrice, homeTicks: number, clock: Clock) {
    this.#reference = reference;
    this.#clock = clock;
    this.#openedAtMs = clock.monotonic();
    this.#wanted = homeTicks;
    this.#ask();
    this.#anchor = this.#wanted;
  }

  /** In ticks, at the time of the last {@link FairPrice.move}; not rounded. */
  get ticks(): number {
    return Math.max(1, this.#anchor + this.#pull);
  }

  /** How far the reference is away that is followed, in ticks. */
  get behind(): number {
    return Math.abs(this.#wanted - this.#anchor);
  }

  /** Time has passed. However much it was, the price moves by no more than in half a second. */
  move(): void {
    const elapsedMs = this.#clock.monotonic() - this.#openedAtMs;
    const seconds = between(0, (elapsedMs - this.#elapsedMs) / 1_000, mostSeconds);
    this.#elapsedMs = elapsedMs;
    this.#ask();
    const most = fastest * this.#anchor * seconds;
    const back = between(-most, (this.#pull * seconds) / memorySeconds, most);
    this.#anchor += between(-most, this.#wanted - this.#anchor, most);
    this.#pull -= back;
  }

  /** Somebody has traded at `priceTicks`, far from what was thought right. */
  pull(priceTicks: number): void {
    const most = farthestPull * this.#anchor;
    this.#pull = between(-most, this.#pull + (priceTicks - this.ticks) / 2, most);
  }

  #ask(): void {
    const ticks = this.#reference.priceAt(this.#clock.now(), this.#elapsedMs);
    if (ticks >= 1 && ticks <= Number.MAX_SAFE_INTEGER) this.#wanted = ticks;
  }
}
