import { type BookChange, OrderBook } from 'tardis-dev';
import { type DepthSubject, type ParsedFrame, parseFrame, requireNext } from '../subject.ts';

/** A frame in the library's normal form, as its mappers make it; it has none of this venue. */
function toBookChange({ m, symbol, data }: ParsedFrame): BookChange {
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

export const subject: DepthSubject = {
  unit: 'decimals',
  open(snapshot) {
    const book = new OrderBook();
    const first = parseFrame(snapshot);
    book.update(toBookChange(first));
    let last = first.data.seqnum;
    return {
      apply(frame) {
        const message = parseFrame(frame);
        requireNext(message.data.seqnum, last);
        last = message.data.seqnum;
        book.update(toBookChange(message));
      },
      bestBid: () => book.bestBid()?.price ?? -1,
      bestAsk: () => book.bestAsk()?.price ?? -1,
      levels: () => ({
        bids: Array.from(book.bids(), ({ price, amount }) => [price, amount] as const),
        asks: Array.from(book.asks(), ({ price, amount }) => [price, amount] as const),
      }),
    };
  },
};
