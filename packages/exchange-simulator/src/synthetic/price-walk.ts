import type { Random } from '@venuekit/connector-core';
import { drawInteger } from '../seeded-random.ts';
import type { SyntheticPair } from './pair-catalogue.ts';
import { createTickSide, type TickLevel, type TickSide } from './tick-book.ts';

/** A trade in ticks and lots. */
export interface TickTrade {
  readonly ticks: number;
  readonly lots: number;
  /** True if the taker sold, at the bid. */
  readonly takerSold: boolean;
}

/** What one round did to a market. */
export interface WalkStep {
  readonly trades: readonly TickTrade[];
  /** Changed asks, from the lowest up. */
  readonly asks: readonly TickLevel[];
  /** Changed bids, from the highest down. */
  readonly bids: readonly TickLevel[];
}

/** A market whose middle price wanders and drags a book of about forty levels a side along. */
export interface PriceWalk {
  readonly asks: TickSide;
  readonly bids: TickSide;
  /** One round: perhaps a trade, a move, and some orders that come and go. */
  step(): WalkStep;
}

const usualLevels = 40;
const mostLevels = 44;

/** Starts a market at its home price. Draws from `random` under the pair's symbol; whole numbers only. */
export function createPriceWalk(pair: SyntheticPair, random: Random): PriceWalk {
  return new Walk(pair, random);
}

class Walk implements PriceWalk {
  readonly asks: TickSide = createTickSide('ask');
  readonly bids: TickSide = createTickSide('bid');
  readonly #pair: SyntheticPair;
  readonly #random: Random;
  /** Usual distance of two levels, in ticks. */
  readonly #gap: number;
  /** No ask at or below it, no bid at or above it. */
  #middle: number;

  constructor(pair: SyntheticPair, random: Random) {
    this.#pair = pair;
    this.#random = random;
    this.#gap = Math.max(1, Math.floor(pair.homeTicks / 10_000));
    this.#middle = pair.homeTicks;
    this.#fill();
    this.asks.takeChanges();
    this.bids.takeChanges();
  }

  step(): WalkStep {
    const trades = this.#draw(4) === 0 ? this.#trade() : [];
    this.#move();
    for (let order = this.#draw(3); order >= 0; order -= 1)
      this.#resize(this.#draw(2) === 0 ? this.asks : this.bids);
    this.#tighten();
    this.#fill();
    return { trades, asks: this.asks.takeChanges(), bids: this.bids.takeChanges() };
  }

  #draw(below: number): number {
    return drawInteger(this.#random, this.#pair.symbol, below);
  }

  /** Lots of a new order at a price: worth an order at least. */
  #lots(ticks: number): number {
    return this.#leastLots(ticks) + this.#draw(2 * this.#pair.typicalLots);
  }

  #leastLots(ticks: number): number {
    return Math.max(1, Math.ceil(this.#pair.leastValue / ticks));
  }

  /**
   * A taker hits the touch: part of the best level, or all of it and part of the next. Neither a trade nor what it leaves is worth
   * less than an order may be.
   */
  #trade(): TickTrade[] {
    const takerSold = this.#draw(2) === 0;
    const side = takerSold ? this.bids : this.asks;
    const trades: TickTrade[] = [];
    let sweeps = this.#draw(4) === 0;
    for (;;) {
      const ticks = side.best;
      if (ticks === undefined) return trades;
      const present = side.lotsAt(ticks);
      const least = this.#leastLots(ticks);
      const wanted = sweeps ? present : Math.max(least, 1 + this.#draw(present));
      const lots = present - wanted < least ? present : wanted;
      side.set(ticks, present - lots);
      trades.push({ ticks, lots, takerSold });
      if (!sweeps) return trades;
      sweeps = false;
    }
  }

  /** The middle moves by up to a gap, back towards home if it is far away, and clears what stands in its way. */
  #move(): void {
    const { homeTicks } = this.#pair;
    const shift = this.#draw(2 * this.#gap + 1) - this.#gap;
    const away = this.#middle - homeTicks;
    const far = Math.abs(away) > homeTicks / 10;
    this.#middle += far ? -Math.sign(away) * Math.abs(shift) : shift;
    for (const side of [this.asks, this.bids]) {
      const direction = side === this.asks ? 1 : -1;
      while (side.best !== undefined && (side.best - this.#middle) * direction <= 0) side.set(side.best, 0);
    }
  }

  #resize(side: TickSide): void {
    const levels = side.levels();
    const level = levels[this.#draw(levels.length)];
    if (level === undefined) return;
    // One order in three goes away; the best price stays, so that a side never runs empty.
    const gone = this.#draw(3) === 0 && level[0] !== side.best;
    side.set(level[0], gone ? 0 : this.#lots(level[0]));
  }

  /** A wide spread draws a new best price. */
  #tighten(): void {
    for (const side of [this.asks, this.bids]) {
      const direction = side === this.asks ? 1 : -1;
      if (side.best === undefined || (side.best - this.#middle) * direction <= 3 * this.#gap) continue;
      const ticks = this.#middle + direction * (1 + this.#draw(this.#gap));
      side.set(ticks, this.#lots(ticks));
    }
  }

  /** Keeps both sides about the middle: takes off what was left behind, and adds levels where there is room for some. */
  #fill(): void {
    const reach = 2 * usualLevels * this.#gap;
    for (const side of [this.asks, this.bids]) {
      const direction = side === this.asks ? 1 : -1;
      while (side.worst !== undefined && (side.worst - this.#middle) * direction > reach)
        side.set(side.worst, 0);
      this.#add(side, direction, direction > 0 ? reach : Math.min(reach, this.#middle - 1));
      while (side.size > mostLevels && side.worst !== undefined) side.set(side.worst, 0);
    }
  }

  /** Fills a side up within `reach` ticks of the middle. Half of the prices stay free, so that a draw soon finds one. */
  #add(side: TickSide, direction: 1 | -1, reach: number): void {
    const wanted = Math.min(usualLevels, Math.floor(reach / 2));
    while (side.size < wanted) {
      const ticks = this.#middle + direction * (1 + this.#draw(reach));
      if (side.lotsAt(ticks) === 0) side.set(ticks, this.#lots(ticks));
    }
  }
}
