import { type DepthSubject, parseFrame, requireNext } from '../subject.ts';
import { ccxtBook } from './ccxt-feed.ts';
import { current } from './ccxt-library.ts';

const { Exchange } = current();
const exchange = new Exchange();

/** The book alone, behind JSON.parse and Number() rather than behind the library's own reading. */
export const subject: DepthSubject = {
  unit: 'decimals',
  open(snapshot) {
    const { data } = parseFrame(snapshot);
    const book = exchange.orderBook({});
    let last = data.seqnum;
    for (const [price, amount] of data.bids) book.bids.store(Number(price), Number(amount));
    for (const [price, amount] of data.asks) book.asks.store(Number(price), Number(amount));
    return ccxtBook(book, (frame) => {
      const { data } = parseFrame(frame);
      requireNext(data.seqnum, last);
      last = data.seqnum;
      for (const level of data.asks) book.asks.store(Number(level[0]), Number(level[1]));
      for (const level of data.bids) book.bids.store(Number(level[0]), Number(level[1]));
    });
  },
};
