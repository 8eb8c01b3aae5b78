import type { LimitPolicy, Meter, MeterOptions } from './meter.ts';

/** One request, or in a large window all those that were taken within a short time. */
interface Slot {
  /** When the request left; of several, when the first was taken. */
  atMs: number;
  /** From when the window of all of them counts at the latest: the server had seen them by then. */
  countsFromMs: number;
  weight: number;
  /** True if nothing else was put into it. */
  isOne: boolean;
  /** How many of them may still be on their way to the server. */
  underWay: number;
  /** False once it left the log: what happens to it then changes nothing. */
  counted: boolean;
}

function slotOf(weight: number, atMs: number, countsFromMs: number, underWay: number): Slot {
  return { atMs, countsFromMs, weight, isOne: true, underWay, counted: true };
}

/** A window of more capacity than this is counted in so many slots of time: bounded memory, at most 0.1 % of the rate. */
const mostSlots = 1_024;

/**
 * A log of what was taken, of which no span of `windowMs` holds more than the ceiling, as the server sees it.
 *
 * The server sees a request between its sending and its reply, and if journeys differ by at most `allowanceMs`, not later than that
 * after the sending. So its window is over `windowMs` after the earlier of the two. Slots leave in the order in which they came:
 * one that ended early behind one that did not stays a little longer, and never too short.
 */
class SlidingWindow implements Meter<Slot> {
  #ceiling = 0;
  #windowMs = 0;
  #allowanceMs = 0;
  #slotMs = 0;
  #used = 0;
  /** A ring: its length is a power of two. */
  #slots: Slot[] = new Array(16);
  #first = 0;
  #count = 0;
  /** From when the last slot that left counted: before that, nothing is known. */
  #forgottenMs = Number.NEGATIVE_INFINITY;

  constructor(options: MeterOptions) {
    this.#apply(options);
  }

  get capacity(): number {
    return this.#ceiling;
  }

  get periodMs(): number {
    return this.#windowMs + this.#allowanceMs;
  }

  used(nowMs: number): number {
    this.#expire(nowMs);
    return this.#used;
  }

  fitsAt(weight: number, nowMs: number): number {
    this.#expire(nowMs);
    let over = this.#used + weight - this.#ceiling;
    if (over <= 0) return nowMs;
    let latest = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < this.#count; at += 1) {
      const slot = this.#at(at);
      latest = Math.max(latest, slot.countsFromMs);
      over -= slot.weight;
      if (over <= 0) return latest + this.#windowMs;
    }
    return Number.POSITIVE_INFINITY;
  }

  take(weight: number, nowMs: number): Slot {
    this.#used += weight;
    const countsFromMs = nowMs + this.#allowanceMs;
    const last = this.#count === 0 ? undefined : this.#at(this.#count - 1);
    if (last !== undefined && this.#slotMs > 0 && nowMs - last.atMs <= this.#slotMs) {
      last.weight += weight;
      last.isOne = false;
      last.underWay += 1;
      last.countsFromMs = Math.max(last.countsFromMs, countsFromMs);
      return last;
    }
    const slot = slotOf(weight, nowMs, countsFromMs, 1);
    this.#append(slot);
    return slot;
  }

  sent(slot: Slot, nowMs: number): void {
    if (slot.countsFromMs + this.#windowMs <= nowMs) this.#expire(nowMs);
    if (this.#slotMs === 0 && slot.isOne) slot.atMs = nowMs;
    slot.countsFromMs = Math.max(slot.countsFromMs, nowMs + this.#allowanceMs);
    if (!slot.counted) this.#countAgain(slot);
  }

  replied(slot: Slot, _weight: number, nowMs: number): void {
    slot.underWay -= 1;
    if (slot.underWay === 0) slot.countsFromMs = Math.min(slot.countsFromMs, nowMs);
  }

  done(): void {}

  release(slot: Slot, weight: number, nowMs: number): void {
    this.#expire(nowMs);
    slot.underWay -= 1;
    slot.weight -= weight;
    if (slot.counted) this.#used -= weight;
    while (this.#count > 0 && this.#at(this.#count - 1).weight === 0) this.#count -= 1;
  }

  assume(weight: number, atMs: number): void {
    this.#used += weight;
    // Nothing is taken into its slot, and no server that is asked later could not know of it.
    this.#append(slotOf(weight, Number.NEGATIVE_INFINITY, atMs + this.#allowanceMs, 0));
  }

  usedUpTo(atMs: number, nowMs: number): number {
    this.#expire(nowMs);
    let used = this.#used;
    for (let at = 0; at < this.#count; at += 1) {
      const slot = this.#at(at);
      // Of several moments in one slot, the first may be that of the very request that was answered.
      if (slot.atMs > atMs) used -= slot.weight;
    }
    return used;
  }

  resize(options: MeterOptions, nowMs: number): void {
    this.#expire(nowMs);
    const longerMs = options.allowanceMs - this.#allowanceMs;
    this.#apply(options);
    for (let at = 0; at < this.#count; at += 1) {
      if (this.#at(at).underWay > 0) this.#at(at).countsFromMs += longerMs;
    }
    const unknown = this.#ceiling - this.#used;
    if (unknown > 0 && this.#forgottenMs + this.#windowMs > nowMs) this.#assumeForgotten(unknown);
  }

  /** It had left the log before it left this program: it counts from now. */
  #countAgain(slot: Slot): void {
    slot.counted = true;
    this.#used += slot.weight;
    this.#append(slot);
  }

  /** A longer window reaches back to what was forgotten: it may have been as much as the server allows. */
  #assumeForgotten(weight: number): void {
    const slots = Array.from({ length: this.#count }, (_, at) => this.#at(at));
    const at = this.#forgottenMs;
    this.#used += weight;
    this.#replace([slotOf(weight, at, at, 0), ...slots]);
  }

  #apply({ ceiling, windowMs, allowanceMs }: MeterOptions): void {
    this.#ceiling = ceiling;
    this.#windowMs = windowMs;
    this.#allowanceMs = allowanceMs;
    this.#slotMs = ceiling > mostSlots ? windowMs / mostSlots : 0;
  }

  #expire(nowMs: number): void {
    while (this.#count > 0) {
      const slot = this.#at(0);
      // Of what was given back nothing is left to wait for.
      if (slot.weight > 0 && slot.countsFromMs + this.#windowMs > nowMs) return;
      slot.counted = false;
      this.#used -= slot.weight;
      if (slot.weight > 0) this.#forgottenMs = Math.max(this.#forgottenMs, slot.countsFromMs);
      this.#first = (this.#first + 1) & (this.#slots.length - 1);
      this.#count -= 1;
    }
  }

  #at(index: number): Slot {
    return this.#slots[(this.#first + index) & (this.#slots.length - 1)] as Slot;
  }

  #append(slot: Slot): void {
    if (this.#count === this.#slots.length) this.#makeRoom();
    this.#slots[(this.#first + this.#count) & (this.#slots.length - 1)] = slot;
    this.#count += 1;
  }

  /** What was given back leaves empty slots behind; they go before the ring grows. */
  #makeRoom(): void {
    const slots = Array.from({ length: this.#count }, (_, at) => this.#at(at));
    this.#replace(slots.filter(({ weight }) => weight > 0));
  }

  #replace(slots: readonly Slot[]): void {
    let length = 16;
    while (length < slots.length * 2) length *= 2;
    this.#slots = new Array(length);
    this.#first = 0;
    this.#count = slots.length;
    for (const [at, slot] of slots.entries()) this.#slots[at] = slot;
  }
}

/** At most the capacity in any span of the window. */
export const slidingWindow: LimitPolicy = {
  name: 'sliding-window',
  createMeter: (options) => new SlidingWindow(options),
};
