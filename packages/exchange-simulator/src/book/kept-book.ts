import { type Decimal, decimal } from '@venuekit/connector-core';
import type { BookImage, Level } from '../market/market.ts';

interface KeptLevel {
  readonly price: Decimal;
  /** The level as last published, digit for digit. */
  readonly level: Level;
}

/** An order book that follows published differences, exactly: prices are compared as decimals, never as floats. */
export interface KeptBook {
  /** Number of the last difference that is contained. */
  readonly seqnum: bigint;
  /** Replaces everything. */
  load(image: BookImage): void;
  /** Applies a difference. One that is already contained, by its number, is ignored. */
  apply(difference: BookImage): void;
  /** The book now, at most `depth` levels a side: asks from the lowest up, bids from the highest down. */
  image(depth: number): BookImage;
}

/** Keeps a book that begins as `image`. */
export function createKeptBook(image: BookImage): KeptBook {
  let { seqnum, tsMs } = image;
  let asks = sideOf(image.asks, 1);
  let bids = sideOf(image.bids, -1);
  return {
    get seqnum() {
      return seqnum;
    },
    load(next) {
      ({ seqnum, tsMs } = next);
      asks = sideOf(next.asks, 1);
      bids = sideOf(next.bids, -1);
    },
    apply(difference) {
      if (difference.seqnum <= seqnum) return;
      ({ seqnum, tsMs } = difference);
      for (const level of difference.asks) setLevel(asks, level, 1);
      for (const level of difference.bids) setLevel(bids, level, -1);
    },
    image: (depth) => ({
      seqnum,
      tsMs,
      asks: asks.slice(0, depth).map(({ level }) => level),
      bids: bids.slice(0, depth).map(({ level }) => level),
    }),
  };
}

/** 1 orders from the lowest price up, -1 from the highest down. */
type Direction = 1 | -1;

function sideOf(levels: readonly Level[], direction: Direction): KeptLevel[] {
  const side: KeptLevel[] = [];
  for (const level of levels) setLevel(side, level, direction);
  return side;
}

function setLevel(side: KeptLevel[], level: Level, direction: Direction): void {
  const price = decimal(level[0]);
  const place = placeOf(side, price, direction);
  const present = side[place]?.price.equals(price) === true ? 1 : 0;
  if (decimal(level[1]).isZero()) side.splice(place, present);
  else side.splice(place, present, { price, level });
}

/** The index of `price`, or where it belongs. */
function placeOf(side: readonly KeptLevel[], price: Decimal, direction: Direction): number {
  let low = 0;
  let high = side.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = side[middle]?.price.compare(price) ?? 0;
    if (order * direction < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
