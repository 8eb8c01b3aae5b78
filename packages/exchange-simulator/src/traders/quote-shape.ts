import type { OrderSide } from '../engine/engine-types.ts';
import { type PairDraws, unevenly } from './pair-draws.ts';
import type { PairManner } from './pair-manner.ts';

/** An order for the book, wherever it belongs there. */
export interface Quote {
  readonly priceTicks: number;
  readonly lots: number;
}

/** Orders stand up to so many times the distance within which half of them do. */
export const farthestTimes = 33;

/** Draws what makers put into the book: dense near the best price and thin far away, with more behind round prices. */
export class QuoteShape {
  readonly #manner: PairManner;
  readonly #draws: PairDraws;

  constructor(manner: PairManner, draws: PairDraws) {
    this.#manner = manner;
    this.#draws = draws;
  }

  /** An order at `centerTicks` or behind it. */
  draw(side: OrderSide, centerTicks: number): Quote {
    const { nearDistance } = this.#manner;
    const draw = this.#draws.price();
    const away = Math.floor((nearDistance * centerTicks * draw) / (1 - 0.97 * draw));
    const step = this.#draws.price() < 0.3 ? roundStep(away / 3) : 1;
    const priceTicks =
      side === 'sell'
        ? Math.ceil((centerTicks + away) / step) * step
        : Math.floor((centerTicks - away) / step) * step;
    const lots = this.lots(away / centerTicks);
    return { priceTicks, lots: step > 1 ? 2 * lots : lots };
  }

  /** A size for an order at a distance from the best price: it grows at first and falls again behind most of the others. */
  lots(distance: number): number {
    const far = distance / (2.5 * this.#manner.nearDistance);
    const shape = 0.35 + (2.6 * far) / (1 + far * far);
    const lots = this.#manner.typicalLots * shape * unevenly(this.#draws.size());
    return this.#draws.size() < 0.3 ? roundLots(lots) : lots;
  }
}

/** The largest of 1, 5, 10, 50, 100 and so on up to `most`; 1 at least. */
function roundStep(most: number): number {
  let step = 1;
  while (step * 10 <= most) step *= 10;
  return step * 5 <= most ? step * 5 : step;
}

/** About as many, with a few digits that are not zero: what people type. */
export function roundLots(lots: number): number {
  const step = roundStep(lots / 2);
  return Math.max(1, Math.round(lots / step)) * step;
}
