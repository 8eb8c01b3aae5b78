import type { BookImage, DepthEvent, Level, Listing } from '../../packages/exchange-simulator/src/index.ts';
import { type ExactLevel, ExactSide } from '../depth/exact-book.ts';

type SideName = 'bids' | 'asks';

/** Ranks that are near the touch; nine of ten changes are there, the more the nearer. */
const nearRanks = 40;

/** A book that somebody makes up: no order is behind it. */
export class MadeBook {
  readonly #listing: Listing;
  readonly #sides = { bids: new ExactSide('bids'), asks: new ExactSide('asks') };
  readonly #levelsPerSide: number;
  readonly #next: (below: number) => number;
  #seqnum: bigint;
  #tsMs = 0;

  /** @param next gives whole numbers from 0, below what is asked for. */
  constructor(listing: Listing, middleTicks: number, levelsPerSide: number, next: (below: number) => number) {
    this.#listing = listing;
    this.#levelsPerSide = levelsPerSide;
    this.#next = next;
    this.#seqnum = 20_000_000_000n + BigInt(next(1_000_000_000));
    for (let rank = 1; rank <= levelsPerSide; rank += 1) {
      this.#sides.bids.set(middleTicks - 3 * rank, this.#lots());
      this.#sides.asks.set(middleTicks + 3 * rank, this.#lots());
    }
  }

  /** The book as it is. */
  image(depth: number): BookImage {
    const levels = (side: SideName): readonly Level[] =>
      this.#texts(this.#sides[side].levels().slice(0, depth));
    return { seqnum: this.#seqnum, tsMs: this.#tsMs, bids: levels('bids'), asks: levels('asks') };
  }

  /** Changes one level: three of four have a new amount, the others come or go. */
  change(tsMs: number): DepthEvent {
    const name = this.#next(2) === 0 ? 'bids' : 'asks';
    const level = this.#draw(name);
    this.#sides[name].set(...level);
    this.#seqnum += 1n;
    this.#tsMs = tsMs;
    const sides = { bids: [], asks: [], [name]: this.#texts([level]) };
    return { kind: 'depth', symbol: this.#listing.symbol, seqnum: this.#seqnum, tsMs, last: false, ...sides };
  }

  #draw(name: SideName): ExactLevel {
    const side = this.#sides[name];
    const price = side.priceAt(this.#rank(side));
    const drawn = this.#next(8);
    if (drawn >= 2) return [price, this.#lots()];
    if (side.size > this.#levelsPerSide) return [price, 0];
    // A tick further from the other side, where nothing crosses; it may be there already.
    return [price + (name === 'bids' ? -1 : 1), this.#lots()];
  }

  #rank(side: ExactSide): number {
    const near = Math.floor((this.#next(nearRanks) * this.#next(nearRanks)) / nearRanks);
    return Math.min(this.#next(10) === 0 ? this.#next(side.size) : near, side.size - 1);
  }

  /** Of one to five digits. */
  #lots(): number {
    return 1 + this.#next(10 ** (1 + this.#next(5)));
  }

  #texts(levels: readonly ExactLevel[]): readonly Level[] {
    return levels.map(([ticks, lots]) => [this.#listing.priceText(ticks), this.#listing.sizeText(lots)]);
  }
}
