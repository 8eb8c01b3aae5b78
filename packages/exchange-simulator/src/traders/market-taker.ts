import type { OrderSide } from '../engine/engine-types.ts';
import { leftOf } from './own-orders.ts';
import { type PairDraws, veryUnevenly } from './pair-draws.ts';
import { type PairManner, reachOf } from './pair-manner.ts';
import { oppositeOf, type PairSeat } from './pair-seat.ts';
import { roundLots } from './quote-shape.ts';

/** Orders of the makers that one taker's order fills at most. */
const deepestSweep = 6;
const mostOrdersAtOnce = 8;
const sides: readonly OrderSide[] = ['buy', 'sell'];

/** Takes from the book of a pair: at random, when a price lags behind, and what strangers offer far from the right price. */
export class MarketTaker {
  readonly #seat: PairSeat;
  readonly #manner: PairManner;
  readonly #draws: PairDraws;
  #lastSide: OrderSide = 'buy';
  /** Grows for as long as there is something to clear away: no wall is so large that it stands for long. */
  #appetiteLots = 0;
  #clearsAgainAtMs: number = Number.NEGATIVE_INFINITY;

  constructor(seat: PairSeat, manner: PairManner, draws: PairDraws) {
    this.#seat = seat;
    this.#manner = manner;
    this.#draws = draws;
  }

  /** Somebody buys or sells, mostly on the side of the last one: usually a part of the best level, now and then some levels. */
  trade(): void {
    const draw = this.#draws.trade();
    if (draw < 0.4) this.#lastSide = oppositeOf(this.#lastSide);
    const own = this.#seat.own[oppositeOf(this.#lastSide)];
    if (this.#draws.trade() < 0.025) {
      let lots = 0;
      for (let at = 0; at < 2 + 4 * this.#draws.trade(); at += 1) lots += leftAt(own.at(at));
      this.#take(this.#lastSide, lots);
      return;
    }
    const lots = this.#manner.tradeLots * veryUnevenly(this.#draws.trade());
    this.#take(this.#lastSide, this.#draws.trade() < 0.3 ? roundLots(lots) : lots);
  }

  /** Perhaps somebody is faster than the makers where their prices are no longer right. */
  pickOff(fairTicks: number): void {
    for (const side of sides) {
      if (!this.#isCheap(side, fairTicks) || this.#draws.trade() >= 0.25) continue;
      this.#take(side, this.#manner.tradeLots * veryUnevenly(this.#draws.trade()));
    }
  }

  /**
   * Takes what others than the makers offer beyond the right price, once a second at most. True if there was something.
   * @param nowMs by a clock that nobody sets, in milliseconds.
   */
  clear(fairTicks: number, nowMs: number): boolean {
    for (const side of sides) {
      const best = this.#seat.best(oppositeOf(side));
      const own = this.#seat.own[oppositeOf(side)].at(0)?.priceTicks;
      if (best === own || !this.#isCheap(side, fairTicks)) continue;
      if (nowMs < this.#clearsAgainAtMs) return true;
      this.#clearsAgainAtMs = nowMs + 1_000;
      this.#appetiteLots = Math.max(2 * this.#manner.typicalLots, 2 * this.#appetiteLots);
      this.#clearSide(side, side === 'buy' ? Math.floor(fairTicks) : Math.ceil(fairTicks));
      return true;
    }
    this.#appetiteLots = 0;
    return false;
  }

  #clearSide(side: OrderSide, limitTicks: number): void {
    const most = this.#seat.bounds.most(limitTicks);
    let lots = Math.min(this.#appetiteLots, mostOrdersAtOnce * most);
    for (; lots > 0; lots -= most) this.#seat.take(side, limitTicks, Math.min(lots, most));
  }

  /** True if the best price of the side that `side` takes from is better than the right one by more than is usual. */
  #isCheap(side: OrderSide, fairTicks: number): boolean {
    const best = this.#seat.best(oppositeOf(side));
    if (best === undefined) return false;
    const gain = side === 'buy' ? fairTicks - best : best - fairTicks;
    return gain > this.#manner.slack * fairTicks;
  }

  /** Takes `lots`, or as many as the makers can spare, and nothing behind that. */
  #take(side: OrderSide, lots: number): void {
    const own = this.#seat.own[oppositeOf(side)];
    const best = own.at(0);
    if (best === undefined) return;
    const [reach, { guardLots }] = [reachOf(best.priceTicks), this.#manner];
    // A best order that came alone stands for the others: it is left alone until something is behind it.
    if (own.lotsBehind(0, reach, guardLots) < guardLots) return;
    const gone = own.dispensable(deepestSweep, reach, guardLots);
    // Of the one that must not go, a part may be taken: enough stands behind it.
    let spareLots = leftAt(own.at(gone)) - 1;
    const worst = own.at(spareLots > 0 ? gone : gone - 1)?.priceTicks;
    for (let at = 0; at < gone; at += 1) spareLots += leftAt(own.at(at));
    if (worst === undefined) return;
    const [least, wanted] = [this.#seat.bounds.least(worst), Math.round(lots)];
    if (least <= spareLots) this.#seat.take(side, worst, Math.min(Math.max(wanted, least), spareLots));
  }
}

function leftAt(order: Parameters<typeof leftOf>[0] | undefined): number {
  return order === undefined ? 0 : leftOf(order);
}
