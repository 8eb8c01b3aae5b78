import type { BookSideName, PriceLevelText } from '@venuekit/connector-core';
import { fromUnits, type QueriedBook } from './queried-book.ts';
import type { ScaledBook, ScaledLevels, ScaledSnapshot } from './scaled-book.ts';
import type { DepthSides, HorizonTexts } from './text-book.ts';

/** A copy of a scaled book for queries: no later change reaches it. */
export function shareScaled(book: ScaledBook): QueriedBook {
  return new SharedUnits(book.snapshot(), {
    bids: book.horizonOf('bids'),
    asks: book.horizonOf('asks'),
  });
}

/** A scaled book in text. */
export function textsOf(book: ScaledBook): { readonly sides: DepthSides; readonly horizons: HorizonTexts } {
  const { priceScale, amountScale } = book;
  const levels = (side: BookSideName): readonly PriceLevelText[] =>
    [...book.levels(side)].map(([price, amount]) => [
      fromUnits(price, priceScale).toString(),
      fromUnits(amount, amountScale).toString(),
    ]);
  const horizon = (side: BookSideName): string | undefined => {
    const units = book.horizonOf(side);
    return units < 0 ? undefined : fromUnits(units, priceScale).toString();
  };
  return {
    sides: { bids: levels('bids'), asks: levels('asks') },
    horizons: { bids: horizon('bids'), asks: horizon('asks') },
  };
}

class SharedUnits implements QueriedBook {
  readonly priceScale: number;
  readonly amountScale: number;
  readonly #sides: Readonly<Record<BookSideName, ScaledLevels>>;
  readonly #horizons: Readonly<Record<BookSideName, number>>;

  constructor(
    { priceScale, amountScale, bids, asks }: ScaledSnapshot,
    horizons: Readonly<Record<BookSideName, number>>,
  ) {
    this.priceScale = priceScale;
    this.amountScale = amountScale;
    this.#sides = { bids, asks };
    this.#horizons = horizons;
  }

  *levels(side: BookSideName): Generator<readonly [number, number], void, undefined> {
    const { prices, amounts } = this.#sides[side];
    for (let at = 0; at < prices.length; at += 1) yield [prices[at] as number, amounts[at] as number];
  }

  horizonOf(side: BookSideName): number {
    return this.#horizons[side];
  }
}
