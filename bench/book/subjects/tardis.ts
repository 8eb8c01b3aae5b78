import { type BookChange, type BookPriceLevel, OrderBook } from 'tardis-dev';
import type { ParsedFrame } from '../../depth/subject.ts';
import { type BookSubject, topLevels } from '../subject.ts';

export const subject: BookSubject<BookChange> = {
  unit: 'decimals',
  prepare: toBookChange,
  open(snapshot) {
    const book = new OrderBook();
    book.update(toBookChange(snapshot));
    return {
      apply: (update) => book.update(update),
      bestBid: () => book.bestBid()?.price ?? -1,
      bestAsk: () => book.bestAsk()?.price ?? -1,
      readTop(into) {
        read(book.bids(), into, 0);
        read(book.asks(), into, 2 * topLevels);
      },
      levels: () => ({
        bids: Array.from(book.bids(), ({ price, amount }) => [price, amount] as const),
        asks: Array.from(book.asks(), ({ price, amount }) => [price, amount] as const),
      }),
    };
  },
};

function read(levels: Iterable<BookPriceLevel>, into: Float64Array, at: number): void {
  let slot = at;
  for (const { price, amount } of levels) {
    into[slot] = price;
    into[slot + 1] = amount;
    slot += 2;
    if (slot === at + 2 * topLevels) break;
  }
}

/** A frame in the library's normal form, as its mappers make it; it has none of this venue. */
export function toBookChange({ m, symbol, data }: ParsedFrame): BookChange {
  const timestamp = new Date(data.ts);
  return {
    type: 'book_change',
    symbol,
    exchange: 'ascendex' as BookChange['exchange'],
    isSnapshot: m === 'depth-snapshot',
    bids: data.bids.map(toLevel),
    asks: data.asks.map(toLevel),
    timestamp,
    localTimestamp: timestamp,
  };
}

function toLevel(level: readonly [price: string, amount: string]): { price: number; amount: number } {
  return { price: Number(level[0]), amount: Number(level[1]) };
}
