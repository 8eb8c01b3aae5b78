import type { OrderSide } from '../engine/engine-types.ts';
import { leftOf, type OwnOrders } from './own-orders.ts';
import type { PairDraws } from './pair-draws.ts';
import { type PairManner, reachOf } from './pair-manner.ts';
import { oppositeOf, type PairSeat } from './pair-seat.ts';
import { farthestTimes, type QuoteShape } from './quote-shape.ts';

/** Orders that a side is given at once, and those that are taken off it. */
const mostAtOnce = 10;
/** A side whose best price is farther away than this fraction begins anew. */
const farLeap = 0.01;

/** What a maker works with. */
export interface MakerParts {
  readonly seat: PairSeat;
  readonly manner: PairManner;
  readonly draws: PairDraws;
  readonly shape: QuoteShape;
}

/**
 * Keeps one side of the book. After each step there are {@link PairManner.guardLots} within twice the reach of its best price: nothing that
 * is needed for that goes, and what comes in front of the others brings enough along.
 */
export class SideMaker {
  readonly #parts: MakerParts;
  readonly #side: OrderSide;
  readonly #own: OwnOrders;
  /** Makes better prices the larger ones. */
  readonly #sign: 1 | -1;

  constructor(side: OrderSide, parts: MakerParts) {
    this.#parts = parts;
    this.#side = side;
    this.#own = parts.seat.own[side];
    this.#sign = side === 'buy' ? 1 : -1;
  }

  /** True if it has too few orders. */
  get isThin(): boolean {
    const { levels } = this.#parts.manner;
    return this.#own.levels < levels - 4 && this.#own.count < 1.2 * levels;
  }

  /** True if it has far too many orders. */
  get isOvergrown(): boolean {
    const { levels } = this.#parts.manner;
    return this.#own.levels > levels + 8 || this.#own.count > 1.7 * levels;
  }

  /** Cancels orders beyond the price if that is not slightly so, the best first. True if some are left. */
  dropStale(fairTicks: number): boolean {
    if (!this.#isBeyond(fairTicks, this.#parts.manner.slack * fairTicks)) return false;
    for (let times = 0; times < mostAtOnce && this.#isBeyond(fairTicks, 0); times += 1) {
      const best = this.#own.at(0);
      for (let more = 0; more < 2 && !this.#isBestSpare(); more += 1) this.#support();
      if (best !== undefined) this.#parts.seat.cancel(best);
    }
    return this.#isBeyond(fairTicks, 0);
  }

  /** Adds orders if it is thin, and something behind a best price that stands alone. */
  fill(fairTicks: number): void {
    for (let times = 0; times < mostAtOnce && this.isThin; times += 1) this.add(fairTicks);
    const [best, enough] = [this.#own.at(0), 2 * this.#parts.manner.guardLots];
    if (best !== undefined && this.#own.lotsBehind(0, reachOf(best.priceTicks), enough) < enough)
      this.#support();
  }

  /** Adds an order somewhere; some stand in line where others do. */
  add(fairTicks: number): void {
    const { draws, shape } = this.#parts;
    const { priceTicks, lots } = shape.draw(this.#side, this.#centerOf(fairTicks));
    const draw = draws.choice();
    const joined = draw < 0.25 ? this.#own.at(Math.floor(16 * draw * draw * this.#own.count)) : undefined;
    this.quote(joined?.priceTicks ?? priceTicks, lots);
  }

  /** Cancels what is too much; near the best price orders do not stay for long. */
  thinOut(fairTicks: number): void {
    const { seat, manner, draws } = this.#parts;
    const last = this.#own.at(this.#own.count - 1);
    const farthest = (farthestTimes + 5) * manner.nearDistance * fairTicks;
    if (last !== undefined && Math.abs(last.priceTicks - fairTicks) > farthest) seat.cancel(last);
    const most = manner.levels + Math.floor(5 * draws.choice());
    for (let times = 0; times < 3; times += 1) {
      if (this.#own.levels <= most && this.#own.count <= 1.5 * manner.levels) return;
      const draw = draws.choice();
      this.#cancelSpare(Math.floor(draw * draw * this.#own.count));
    }
  }

  /** Puts in an order that takes nothing. A new best price does not leave the others behind, unless they are nowhere near anyway. */
  quote(priceTicks: number, lots: number): void {
    const { seat, manner } = this.#parts;
    const best = this.#own.at(0)?.priceTicks;
    const leap = best === undefined ? 0 : (priceTicks - best) * this.#sign;
    if (best === undefined || leap <= 0) {
      seat.make(this.#side, priceTicks, lots);
      return;
    }
    const reach = reachOf(best);
    const ticks = leap > farLeap * best ? priceTicks : best + this.#sign * Math.min(leap, reach);
    const isAlone = this.#own.lotsWithin(0, ticks, reach, manner.guardLots) < manner.guardLots;
    seat.make(this.#side, ticks, isAlone ? Math.max(lots, 1.2 * manner.guardLots) : lots);
  }

  /** True if the best order is better than the price, by more than `slackTicks`. */
  #isBeyond(fairTicks: number, slackTicks: number): boolean {
    const best = this.#own.at(0);
    return best !== undefined && (best.priceTicks - fairTicks) * this.#sign > slackTicks;
  }

  /** True if the best order may go: the next one is near and has enough behind it. */
  #isBestSpare(): boolean {
    const best = this.#own.at(0);
    if (best === undefined) return false;
    return this.#own.dispensable(1, reachOf(best.priceTicks), this.#parts.manner.guardLots) === 1;
  }

  /** An order close behind the best one, large enough to stand for it. */
  #support(): void {
    const { seat, manner, draws } = this.#parts;
    const best = this.#own.at(0);
    if (best === undefined) return;
    const away = Math.ceil(reachOf(best.priceTicks) * draws.price());
    const priceTicks = Math.max(1, best.priceTicks - away * this.#sign);
    seat.make(this.#side, priceTicks, manner.guardLots * (1.1 + 0.5 * draws.size()));
  }

  /** The best price that it may have without taking from the other side. */
  #centerOf(fairTicks: number): number {
    const { seat, manner } = this.#parts;
    const half = 0.5 * manner.spread * manner.leastSpread * fairTicks;
    const other = seat.best(oppositeOf(this.#side));
    return this.#side === 'sell'
      ? Math.max(Math.ceil(fairTicks + half), (other ?? 0) + 1)
      : Math.min(Math.max(1, Math.floor(fairTicks - half)), (other ?? Number.POSITIVE_INFINITY) - 1);
  }

  /** Cancels an order, unless it is needed where it is. */
  #cancelSpare(index: number): void {
    const [best, order] = [this.#own.at(0), this.#own.at(index)];
    if (best === undefined || order === undefined) return;
    const reach = reachOf(best.priceTicks);
    const needed = this.#parts.manner.guardLots + leftOf(order);
    const isFar = Math.abs(order.priceTicks - best.priceTicks) > reach;
    const isSpare =
      index === 0 ? this.#isBestSpare() : isFar || this.#own.lotsBehind(0, reach, needed) >= needed;
    if (isSpare) this.#parts.seat.cancel(order);
  }
}
