import type { Fault } from '../faults/fault.ts';
import type { Level } from '../market/market.ts';

/** The book of a symbol is a different one from now on. */
export interface BookTruth {
  readonly kind: 'book';
  readonly symbol: string;
  /** Number of the change. It rises within a symbol, until a whole book begins the sequence anew: that one may be lower. */
  readonly seqnum: bigint;
  /** Time of the change as the market publishes it, in milliseconds since the epoch; recorded time in a replay. */
  readonly timeMs: number;
  /** Price and amount as decimal text. Of a whole book all, from the highest down; of a change what changed, `0` if it is gone. */
  readonly bids: readonly Level[];
  /** Like the bids; of a whole book from the lowest up. */
  readonly asks: readonly Level[];
  /** True for the first book of a symbol and for one that replaces everything, false for changed levels. */
  readonly whole: boolean;
}

/** A trade has happened. */
export interface TradeTruth {
  readonly kind: 'trade';
  readonly symbol: string;
  /** Number of the trade, digit for digit: it may exceed 2^53. */
  readonly seqnum: string;
  /** Time of the trade as the market publishes it, in milliseconds since the epoch; recorded time in a replay. */
  readonly timeMs: number;
  /** Decimal text. */
  readonly price: string;
  /** Decimal text, in base. */
  readonly amount: string;
  /** True if the taker sold. */
  readonly buyerIsMaker: boolean;
}

/** The best prices of a symbol changed, in a market that publishes them on their own. */
export interface BestTruth {
  readonly kind: 'best';
  readonly symbol: string;
  /** Time of the change as the market publishes it, in milliseconds since the epoch; recorded time in a replay. */
  readonly timeMs: number;
  /** Price and amount as decimal text; absent if that side is empty. */
  readonly bid?: Level;
  /** Like the bid. */
  readonly ask?: Level;
}

/** A REST request has been answered. */
export interface RequestTruth {
  readonly kind: 'request';
  /** Wall time of the answer by the simulator's clock, in milliseconds since the epoch. */
  readonly timeMs: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** HTTP status. The venue refuses with 200 and a code in the body. */
  readonly status: number;
}

/** A stream was opened or refused, or is gone. */
export interface StreamTruth {
  readonly kind: 'stream';
  readonly event: 'opened' | 'refused' | 'closed';
  /** Wall time by the simulator's clock, in milliseconds since the epoch. */
  readonly timeMs: number;
}

/** A fault took effect, once for each time that `stats.faults` counts; or its time came and it could not, which has a `failure`. */
export interface FaultTruth {
  readonly kind: 'fault';
  readonly fault: Fault;
  /** What was struck, for a fault that strikes single symbols. */
  readonly symbol?: string;
  /** Why it could not be done. */
  readonly failure?: string;
  /** Wall time by the simulator's clock, in milliseconds since the epoch. */
  readonly timeMs: number;
}

/** What an order of a customer is now. Money is decimal text. */
export interface OrderTruth {
  readonly kind: 'order';
  readonly account: string;
  /** Rises with every update of an account. */
  readonly sequence: number;
  readonly timeMs: number;
  readonly change: 'accepted' | 'triggered' | 'filled' | 'canceled' | 'rejected' | 'cancel-refused';
  readonly orderId: string;
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market' | 'stop-limit' | 'stop-market';
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
  readonly postOnly: boolean;
  /** The limit; of a market order, the worst price that it takes. */
  readonly price: string;
  readonly stopPrice?: string;
  readonly amount: string;
  readonly phase: 'waiting' | 'open' | 'partly-filled' | 'filled' | 'canceled' | 'rejected';
  /** Why it was canceled or rejected. */
  readonly reason?: string;
  readonly filled: string;
  /** Paid or got for it, without fees. */
  readonly filledQuote: string;
  readonly fee: string;
  readonly feeAsset: string;
}

/** A fill of a customer's order. It comes right behind the {@link OrderTruth} of the same sequence. */
export interface FillTruth {
  readonly kind: 'fill';
  readonly account: string;
  readonly sequence: number;
  readonly timeMs: number;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly liquidity: 'maker' | 'taker';
  readonly price: string;
  readonly amount: string;
  readonly quote: string;
  /** Negative for a rebate. */
  readonly fee: string;
  readonly feeAsset: string;
}

/** What a customer has of an asset from now on; of an order, base and quote are told in this order. */
export interface BalanceTruth {
  readonly kind: 'balance';
  readonly account: string;
  readonly sequence: number;
  readonly timeMs: number;
  readonly asset: string;
  readonly total: string;
  readonly available: string;
  readonly reason: 'order' | 'deposit' | 'withdrawal' | 'transfer';
}

/**
 * What is true on the exchange, whatever its clients are told. Entries come in the order in which things became true, and before
 * any client is told; they come from the market and not from the messages, so that a connector can be judged by them.
 */
export type TruthEntry =
  | (BookTruth | TradeTruth | BestTruth)
  | (OrderTruth | FillTruth | BalanceTruth)
  | (RequestTruth | StreamTruth | FaultTruth);

/** Takes one entry. It is called during the event itself: it must neither throw nor call the simulator. */
export type TruthSink = (entry: TruthEntry) => void;
