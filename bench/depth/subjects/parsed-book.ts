import { type DepthBook, parseFrame, requireNext, type SubjectLevel } from '../subject.ts';

/** One side of a book that is told numbers. */
export interface NumberSide {
  /** Zero deletes. */
  set(price: number, amount: number): void;
  best(): number;
  levels(): readonly SubjectLevel[];
}

/** JSON.parse and Number() before a book of numbers. */
export function openParsedBook(snapshot: Buffer, makeSide: (side: 'bids' | 'asks') => NumberSide): DepthBook {
  const { data } = parseFrame(snapshot);
  const [bids, asks] = [makeSide('bids'), makeSide('asks')];
  let last = data.seqnum;
  for (const [price, amount] of data.bids) bids.set(Number(price), Number(amount));
  for (const [price, amount] of data.asks) asks.set(Number(price), Number(amount));
  return {
    apply(frame) {
      const { data } = parseFrame(frame);
      requireNext(data.seqnum, last);
      last = data.seqnum;
      for (const level of data.asks) asks.set(Number(level[0]), Number(level[1]));
      for (const level of data.bids) bids.set(Number(level[0]), Number(level[1]));
    },
    bestBid: () => bids.best(),
    bestAsk: () => asks.best(),
    levels: () => ({ bids: bids.levels(), asks: asks.levels() }),
  };
}
