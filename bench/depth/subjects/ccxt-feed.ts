import type { DepthBook, DepthSubject, SubjectLevel } from '../subject.ts';
import { market } from '../workloads.ts';
import { type CcxtBook, type CcxtSide, lastWithVenue } from './ccxt-library.ts';

/**
 * From `onMessage` of the library's connection to the book that `watchOrderBook` gives; the promise of that call, which the library
 * makes anew for each message, is left out in its favour.
 */
export function ccxtFeed(makeBook?: () => CcxtBook): DepthSubject {
  const { ascendex } = lastWithVenue().pro;
  if (ascendex === undefined) throw new Error('expected a class of the venue, got none');
  const exchange = new ascendex();
  const { symbol } = market;
  const [base, quote] = symbol.split('/');
  exchange.setMarkets([{ id: symbol, symbol, base, quote, type: 'spot', spot: true, active: true }]);
  if (makeBook !== undefined) exchange.orderBook = makeBook;
  const client = exchange.client('wss://localhost/stream');
  return {
    unit: 'decimals',
    open(snapshot) {
      const book = exchange.orderBook({});
      exchange.orderbooks[symbol] = book;
      client.onMessage({ data: snapshot });
      return ccxtBook(book, (frame) => client.onMessage({ data: frame }));
    },
  };
}

/** The view of a book of the library. */
export function ccxtBook({ bids, asks }: CcxtBook, apply: (frame: Buffer) => void): DepthBook {
  return {
    apply,
    bestBid: () => bids[0]?.[0] ?? -1,
    bestAsk: () => asks[0]?.[0] ?? -1,
    levels: () => ({ bids: levelsOf(bids), asks: levelsOf(asks) }),
  };
}

function levelsOf(side: CcxtSide): SubjectLevel[] {
  return Array.from({ length: side.length }, (_, at) => side[at] ?? [-1, -1]);
}
