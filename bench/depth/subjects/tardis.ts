import { OrderBook } from 'tardis-dev';
import { toBookChange } from '../../book/subjects/tardis.ts';
import { type DepthSubject, parseFrame, requireNext } from '../subject.ts';

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
