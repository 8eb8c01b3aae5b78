import type { LimitWindow } from '../../src/limit-definition.ts';
import { ceilingOf, laneOrder, reservedAbove } from './limit-rules.ts';

/** What one request was charged to one window. */
export interface Charge {
  readonly weight: number;
  /** Place of its lane in the order of lanes. */
  readonly rank: number;
  sentAtMs: number;
  repliedAtMs: number | undefined;
  /** The work has ended. */
  done: boolean;
  /** Given back. */
  released: boolean;
}

/** What a client has to count for one window, by the words of the contract and in the plainest way. */
export class MeterModel {
  #window: LimitWindow;
  #share: number;
  #allowanceMs: number;
  readonly #charges: Charge[] = [];
  #levelAtMs = 0;
  #level = 0;
  /** Up to here nobody can say from the contract how much is in use. */
  #openUntilMs = Number.NEGATIVE_INFINITY;

  constructor(window: LimitWindow, share: number, allowanceMs: number) {
    this.#window = window;
    this.#share = share;
    this.#allowanceMs = window.allowanceMs ?? allowanceMs;
    if (this.isBucket && (this.#allowanceMs > 0 || window.reserved !== undefined)) this.#open();
  }

  get share(): number {
    return this.#share;
  }

  get isBucket(): boolean {
    return this.#window.policy === 'token-bucket';
  }

  /** True if the contract says exactly what is in use, and so when there is room. */
  exactAt(nowMs: number): boolean {
    return nowMs >= this.#openUntilMs;
  }

  ceiling(rank: number): number {
    return ceilingOf(this.#window, this.#share, rank);
  }

  /**
   * True if what somebody of a higher lane would take leaves lane `rank` what it has: from every lane that is charged for it down to
   * some lane above `rank`, no more is taken than what is reserved there.
   */
  leavesAlone(
    charge: { readonly rank: number; readonly weight: number },
    rank: number,
    nowMs: number,
  ): boolean {
    const { rank: upTo, weight } = charge;
    for (let below = upTo + 1; below <= rank; below += 1) {
      let isAlone = true;
      for (let from = 0; from <= upTo; from += 1) {
        const reserved = reservedAbove(this.#window, below) - reservedAbove(this.#window, from);
        isAlone &&= this.used(nowMs, from, below) + weight <= reserved;
      }
      if (isAlone) return true;
    }
    return false;
  }

  take(charge: Charge, nowMs: number): void {
    this.#charges.push(charge);
    this.#level = this.#levelAt(nowMs) + charge.weight;
    this.#levelAtMs = nowMs;
  }

  /**
   * A grant was told of a sending or a reply. A limiter may then count a little longer than it has to, but nothing longer than
   * everything that is in use now would have counted without a reply. Of a bucket the contract does not say what becomes of it.
   */
  disturbed(): void {
    if (this.isBucket) this.#open();
    if (this.#window.windowMs === undefined) return;
    for (const { sentAtMs } of this.#charges) {
      this.#openUntilMs = Math.max(this.#openUntilMs, sentAtMs + this.#window.windowMs + this.#allowanceMs);
    }
  }

  /** Given back; of a bucket the contract does not say what had run out by then. */
  returned(): void {
    if (this.isBucket) this.#open();
  }

  /** More than this may be too heavy: a bucket may hold back what runs out of it in the time of the allowance. */
  lightestRefused(rank: number): number {
    const { windowMs = 1 } = this.#window;
    const held = this.isBucket ? Math.ceil((this.#share * this.#allowanceMs) / windowMs) : 0;
    return this.ceiling(rank) - held;
  }

  /** The window after a change of limits. */
  change(window: LimitWindow, share: number, nowMs: number): void {
    if (this.isBucket) this.#open();
    const isLonger = (window.windowMs ?? 0) > (this.#window.windowMs ?? 0);
    this.#window = window;
    this.#share = share;
    const rememberedAtMs = nowMs + (window.windowMs ?? 0) + this.#allowanceMs;
    if (isLonger) this.#openUntilMs = Math.max(this.#openUntilMs, rememberedAtMs);
  }

  /** Weight in use by lanes from `from` to below `to`. */
  used(nowMs: number, from = 0, to: number = laneOrder.length): number {
    if (this.isBucket) return this.#levelAt(nowMs);
    let sum = 0;
    for (const charge of this.#charges) {
      if (charge.rank >= from && charge.rank < to && this.#endOf(charge) > nowMs) sum += charge.weight;
    }
    return sum;
  }

  /** True if what is in use by the lanes of `rank` and below, and all who share with them, is within what they may use. */
  isKept(rank: number, nowMs: number): boolean {
    if (this.isBucket) return this.used(nowMs) <= this.#share + 1e-6;
    for (let from = 0; from <= rank; from += 1) {
      if (this.used(nowMs, from) > this.ceiling(from)) return false;
    }
    return true;
  }

  /** What lanes from `rank` downwards, and all who share with them, still leave. */
  free(rank: number, nowMs: number): number {
    if (this.isBucket) return this.#share - this.used(nowMs);
    let least = Number.POSITIVE_INFINITY;
    for (let from = 0; from <= rank; from += 1) {
      least = Math.min(least, this.ceiling(from) - this.used(nowMs, from));
    }
    return least;
  }

  /** After how long whatever is taken now has come back for certain. */
  get periodMs(): number {
    const { policy, windowMs = 0 } = this.#window;
    if (policy === 'concurrent') return Number.POSITIVE_INFINITY;
    return this.isBucket ? windowMs : windowMs + this.#allowanceMs;
  }

  /** The first time from `nowMs` on at which `weight` has room, if nothing else is taken. */
  fitsAt(weight: number, rank: number, nowMs: number): number {
    if (this.isBucket) return this.#bucketFitsAt(weight, nowMs);
    let latest = nowMs;
    for (let from = 0; from <= rank; from += 1) {
      latest = Math.max(latest, this.#roomAt(this.ceiling(from) - weight, from, nowMs));
    }
    return latest;
  }

  /** When what is in use comes back, as far as it is known; of a bucket it does all the time. */
  returns(nowMs: number): number[] {
    if (this.isBucket) return [];
    const endsMs = this.#charges.map((charge) => this.#endOf(charge));
    return endsMs.filter((endMs) => endMs > nowMs && Number.isFinite(endMs));
  }

  /** When lanes from `from` downwards use `most` or less. */
  #roomAt(most: number, from: number, nowMs: number): number {
    let used = this.used(nowMs, from);
    if (used <= most) return nowMs;
    const held = this.#charges.filter((charge) => charge.rank >= from && this.#endOf(charge) > nowMs);
    held.sort((one, other) => this.#endOf(one) - this.#endOf(other));
    for (const charge of held) {
      used -= charge.weight;
      if (used <= most) return this.#endOf(charge);
    }
    return Number.POSITIVE_INFINITY;
  }

  #endOf(charge: Charge): number {
    if (charge.released) return Number.NEGATIVE_INFINITY;
    const { policy, windowMs = 0 } = this.#window;
    if (policy === 'concurrent') return charge.done ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const byAllowance = charge.sentAtMs + windowMs + this.#allowanceMs;
    return charge.repliedAtMs === undefined
      ? byAllowance
      : Math.min(byAllowance, charge.repliedAtMs + windowMs);
  }

  #levelAt(nowMs: number): number {
    const { windowMs = 1 } = this.#window;
    return Math.max(0, this.#level - ((nowMs - this.#levelAtMs) * this.#share) / windowMs);
  }

  /** Rounded up to the millisecond; where the last digits decide, to the next. */
  #bucketFitsAt(weight: number, nowMs: number): number {
    const excess = this.#levelAt(nowMs) + weight - this.#share;
    const { windowMs = 1 } = this.#window;
    return excess <= -1e-6 ? nowMs : Math.ceil(nowMs + (Math.max(0, excess) * windowMs) / this.#share + 1e-6);
  }

  #open(): void {
    this.#openUntilMs = Number.POSITIVE_INFINITY;
  }
}
