import { decimal } from '@venuekit/connector-core';
import type { BookImage, Level, PublicTrade, TopEvent } from '../market/market.ts';
import type { TruthSink } from './truth-entry.ts';

/** Tells what becomes true in a market. */
export interface MarketTruth {
  /** The book of a symbol begins, or is replaced. */
  replaced(symbol: string, book: BookImage): void;
  /** The book of a symbol changed. */
  changed(symbol: string, change: BookImage): void;
  /** Trades have happened, oldest first. */
  traded(symbol: string, trades: readonly PublicTrade[]): void;
  /** The best prices changed. */
  moved(top: Omit<TopEvent, 'kind'>): void;
}

/** Makes the truth of a market; `undefined` without somebody to tell, so that a market then does nothing for it. */
export function createMarketTruth(tell: TruthSink | undefined): MarketTruth | undefined {
  if (tell === undefined) return undefined;
  return {
    replaced: (symbol, { seqnum, tsMs: timeMs, bids, asks }) =>
      tell({ kind: 'book', symbol, seqnum, timeMs, bids, asks, whole: true }),
    changed: (symbol, { seqnum, tsMs: timeMs, bids, asks }) =>
      tell({
        kind: 'book',
        symbol,
        seqnum,
        timeMs,
        bids: bids.map(plainZero),
        asks: asks.map(plainZero),
        whole: false,
      }),
    traded(symbol, trades) {
      for (const { price, size: amount, tsMs: timeMs, buyerIsMaker, seqnum } of trades)
        tell({ kind: 'trade', symbol, seqnum: `${seqnum}`, timeMs, price, amount, buyerIsMaker });
    },
    moved: ({ symbol, tsMs: timeMs, bid, ask }) =>
      tell({
        kind: 'best',
        symbol,
        timeMs,
        ...(bid === undefined ? {} : { bid }),
        ...(ask === undefined ? {} : { ask }),
      }),
  };
}

/** Recordings write a deleted level in more than one way. */
function plainZero(level: Level): Level {
  return decimal(level[1]).isZero() ? [level[0], '0'] : level;
}
