import type { Random } from '@venuekit/connector-core';
import type {
  BookImage,
  DepthEvent,
  Level,
  PublicTrade,
  TopEvent,
  TradeSummary,
  TradesEvent,
} from '../market/market.ts';
import { drawInteger } from '../seeded-random.ts';
import type { SyntheticPair } from './pair-catalogue.ts';
import { createPriceWalk, type PriceWalk, type TickTrade } from './price-walk.ts';
import { toDecimalText } from './scaled-text.ts';
import type { TickLevel, TickSide } from './tick-book.ts';
import { createSummaryKeeper, type SummaryKeeper } from './trade-summary.ts';

/** What a synthetic market publishes. */
export type SyntheticEvent = TradesEvent | DepthEvent | TopEvent;

/** One symbol of a synthetic market, with its sequences and its history. */
export interface SyntheticSymbol {
  readonly pair: SyntheticPair;
  /** One round at `nowMs`; what happened, in the order in which it is published. */
  step(nowMs: number): readonly SyntheticEvent[];
  /** The next change has a number that is lower by `backBy` than it would have been, though never below zero. */
  restart(backBy: bigint): void;
  /** The book now, at most `depth` levels a side. */
  book(depth: number): BookImage;
  /** Sums up the trades since the market opened. */
  summary(): TradeSummary;
}

/** Where trade numbers begin: far beyond 2^53, like those of the venue. */
const firstTrade = 144_115_188_075_855_872n;

/** Starts a symbol. Draws come from `random` under the symbol. */
export function createSyntheticSymbol(pair: SyntheticPair, random: Random, nowMs: number): SyntheticSymbol {
  return new Symbolic(pair, random, nowMs);
}

class Symbolic implements SyntheticSymbol {
  readonly pair: SyntheticPair;
  readonly #random: Random;
  readonly #walk: PriceWalk;
  readonly #summary: SummaryKeeper;
  #seqnum: bigint;
  #tradeSeqnum: bigint;
  #tsMs: number;
  #top = '';

  constructor(pair: SyntheticPair, random: Random, nowMs: number) {
    this.pair = pair;
    this.#random = random;
    this.#walk = createPriceWalk(pair, random);
    this.#summary = createSummaryKeeper(pair);
    this.#seqnum = 20_000_000_000n + BigInt(this.#draw(1_000_000_000));
    this.#tradeSeqnum = firstTrade + BigInt(this.#draw(1_000_000_000));
    this.#tsMs = nowMs;
    this.#top = JSON.stringify(this.#best());
  }

  step(nowMs: number): readonly SyntheticEvent[] {
    const { trades, asks, bids } = this.#walk.step();
    const events: SyntheticEvent[] = [];
    const { symbol } = this.pair;
    if (trades.length > 0) {
      events.push({ kind: 'trades', symbol, trades: trades.map((trade) => this.#publish(trade, nowMs)) });
    }
    if (asks.length + bids.length === 0) return events;
    this.#seqnum += 1n;
    this.#tsMs = nowMs;
    events.push({
      kind: 'depth',
      symbol,
      seqnum: this.#seqnum,
      tsMs: nowMs,
      asks: asks.map((level) => this.#level(level)),
      bids: bids.map((level) => this.#level(level)),
      last: false,
    });
    return [...events, ...this.#topChange(nowMs)];
  }

  restart(backBy: bigint): void {
    this.#seqnum = backBy < this.#seqnum ? this.#seqnum - backBy : 0n;
  }

  book(depth: number): BookImage {
    const side = (levels: TickSide): Level[] =>
      levels
        .levels()
        .slice(0, depth)
        .map((level) => this.#level(level));
    return {
      seqnum: this.#seqnum,
      tsMs: this.#tsMs,
      asks: side(this.#walk.asks),
      bids: side(this.#walk.bids),
    };
  }

  summary(): TradeSummary {
    return this.#summary.read();
  }

  #draw(below: number): number {
    return drawInteger(this.#random, `${this.pair.symbol} sequence`, below);
  }

  #level([ticks, lots]: TickLevel): Level {
    const { priceDecimals, sizeDecimals } = this.pair;
    return [toDecimalText(ticks, priceDecimals), toDecimalText(lots, sizeDecimals)];
  }

  /** Numbers rise with gaps: a venue's other symbols take some in between. */
  #publish(trade: TickTrade, nowMs: number): PublicTrade {
    const [price, size] = this.#level([trade.ticks, trade.lots]);
    this.#tradeSeqnum += BigInt(1 + this.#draw(3));
    this.#summary.add(trade);
    return { price, size, tsMs: nowMs, buyerIsMaker: trade.takerSold, seqnum: this.#tradeSeqnum };
  }

  #best(): Pick<TopEvent, 'ask' | 'bid'> {
    const { asks, bids } = this.book(1);
    const [ask] = asks;
    const [bid] = bids;
    return { ...(ask === undefined ? {} : { ask }), ...(bid === undefined ? {} : { bid }) };
  }

  #topChange(nowMs: number): readonly TopEvent[] {
    const best = this.#best();
    const top = JSON.stringify(best);
    if (top === this.#top) return [];
    this.#top = top;
    return [{ kind: 'top', symbol: this.pair.symbol, tsMs: nowMs, ...best }];
  }
}
