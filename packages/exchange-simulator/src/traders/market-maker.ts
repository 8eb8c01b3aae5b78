import type { PairDraws } from './pair-draws.ts';
import type { PairManner } from './pair-manner.ts';
import type { PairSeat } from './pair-seat.ts';
import { QuoteShape } from './quote-shape.ts';
import { SideMaker } from './side-maker.ts';

/** Keeps the book of a pair standing about a price. */
export class MarketMaker {
  readonly #seat: PairSeat;
  readonly #manner: PairManner;
  readonly #draws: PairDraws;
  readonly #shape: QuoteShape;
  readonly #buys: SideMaker;
  readonly #sells: SideMaker;

  constructor(seat: PairSeat, manner: PairManner, draws: PairDraws) {
    this.#seat = seat;
    this.#manner = manner;
    this.#draws = draws;
    this.#shape = new QuoteShape(manner, draws);
    this.#buys = new SideMaker('buy', { seat, manner, draws, shape: this.#shape });
    this.#sells = new SideMaker('sell', { seat, manner, draws, shape: this.#shape });
  }

  /** Puts in the first orders. */
  open(fairTicks: number): void {
    for (const side of [this.#buys, this.#sells]) {
      for (let times = 0; times < this.#manner.levels && side.isThin; times += 1) side.fill(fairTicks);
    }
    this.#tighten(fairTicks);
  }

  /** Takes off what is no longer right, and fills what is missing. True if there was more of it than could be done at once. */
  follow(fairTicks: number): boolean {
    let isBehind = false;
    for (const side of [this.#buys, this.#sells]) {
      if (side.dropStale(fairTicks)) isBehind = true;
      side.fill(fairTicks);
      if (side.isThin) isBehind = true;
      if (side.isOvergrown) side.thinOut(fairTicks);
    }
    if (this.#isWide(fairTicks)) this.#tighten(fairTicks);
    return isBehind;
  }

  /** Some orders come and others go. */
  churn(fairTicks: number): void {
    for (let times = Math.floor(3 * this.#draws.choice()); times >= 0; times -= 1) {
      const side = this.#draws.choice() < 0.5 ? this.#buys : this.#sells;
      side.add(fairTicks);
      side.thinOut(fairTicks);
    }
    this.#tighten(fairTicks);
  }

  #isWide(fairTicks: number): boolean {
    const [bid, ask] = [this.#seat.best('buy'), this.#seat.best('sell')];
    return bid === undefined || ask === undefined || ask - bid > 4 + 2.5 * this.#manner.spread * fairTicks;
  }

  /** Narrows a wide spread from the side on which the price is. */
  #tighten(fairTicks: number): void {
    const { spread, leastSpread } = this.#manner;
    for (let times = 0; times < 2; times += 1) {
      const [bid, ask] = [this.#seat.best('buy') ?? 0, this.#seat.best('sell') ?? Number.POSITIVE_INFINITY];
      const draw = this.#draws.price();
      const uneven = draw * draw * draw;
      const wanted = 1 + Math.floor(spread * fairTicks * (leastSpread + uneven) + 1.5 * uneven);
      if (ask - bid <= wanted * (1 + this.#draws.price())) return;
      const half = wanted * this.#draws.price();
      const [buy, sell] = [Math.floor(fairTicks - half), Math.ceil(fairTicks + half)];
      if (2 * fairTicks > bid + ask) this.#improve(this.#buys, Math.min(ask - wanted, buy), bid, 1);
      else this.#improve(this.#sells, Math.max(bid + wanted, sell), ask, -1);
    }
  }

  #improve(side: SideMaker, priceTicks: number, bestTicks: number, sign: 1 | -1): void {
    if ((priceTicks - bestTicks) * sign > 0) side.quote(priceTicks, this.#shape.lots(0));
  }
}
