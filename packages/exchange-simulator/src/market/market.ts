import type { TradingStatus } from '../engine/engine-types.ts';
import type { BarInterval } from '../history/bar-interval.ts';
import type { ProductRecord } from './product.ts';

export type { BarInterval } from '../history/bar-interval.ts';

/** Price and size as decimal text, digit for digit as published. In a difference, size `0` deletes the price. */
export type Level = readonly [price: string, size: string];

/** One side pair of levels with its place in the symbol's sequence. */
export interface BookImage {
  /** Number of the last depth message that is contained. */
  readonly seqnum: bigint;
  /** Time of the last change, in milliseconds since the epoch. */
  readonly tsMs: number;
  /** From the lowest up in a book; in any order in a difference. */
  readonly asks: readonly Level[];
  /** From the highest down in a book; in any order in a difference. */
  readonly bids: readonly Level[];
}

/** A trade as the public sees it. */
export interface PublicTrade {
  readonly price: string;
  readonly size: string;
  /** Milliseconds since the epoch. */
  readonly tsMs: number;
  /** True if the buyer was the maker, which means that the taker sold. */
  readonly buyerIsMaker: boolean;
  /** Rises within a symbol, with gaps; may exceed 2^53. */
  readonly seqnum: bigint;
}

/** What is known about a symbol's trading; fields that the market cannot know are absent. */
export interface TradeSummary {
  readonly open?: string;
  readonly high?: string;
  readonly low?: string;
  /** Price of the last trade. */
  readonly close?: string;
  /** Traded, in base. */
  readonly volume?: string;
}

/** A change of a symbol's book. */
export interface DepthEvent extends BookImage {
  readonly kind: 'depth';
  readonly symbol: string;
  /** True if the market will never send another one for this symbol. */
  readonly last: boolean;
  /** The frame as it was recorded, if it was. */
  readonly text?: string;
}

/** New trades of a symbol, oldest first. */
export interface TradesEvent {
  readonly kind: 'trades';
  readonly symbol: string;
  readonly trades: readonly PublicTrade[];
  /** The frame as it was recorded, if it was. */
  readonly text?: string;
}

/** The best prices of a symbol changed. */
export interface TopEvent {
  readonly kind: 'top';
  readonly symbol: string;
  readonly tsMs: number;
  readonly ask?: Level;
  readonly bid?: Level;
}

/** Every change of a symbol's levels that one operation caused, for those who want each at once. */
export interface LevelsEvent {
  readonly kind: 'levels';
  readonly symbol: string;
  readonly tsMs: number;
  /** New totals, `0` where nothing is left; each price once. */
  readonly asks: readonly Level[];
  readonly bids: readonly Level[];
}

/** A frame of some other channel, known by its text only. */
export interface FrameEvent {
  readonly kind: 'frame';
  readonly channel: string;
  readonly symbol: string;
  readonly text: string;
}

/** A keep-alive frame for everybody. */
export interface PingEvent {
  readonly kind: 'ping';
  readonly text: string;
}

/** What a market publishes. A dialect turns it into frames. */
export type MarketEvent = DepthEvent | TradesEvent | TopEvent | LevelsEvent | FrameEvent | PingEvent;

/** The answer to a request for a whole book. */
export interface BookAnswer {
  readonly book: BookImage;
  /** The frame as it was recorded, if this is the recorded answer. */
  readonly text?: string;
}

/** Whether a subscription is taken: yes, or why not. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly reason: string };

/** A bar; money is decimal text. */
export interface MarketBar {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** Traded, in base. */
  readonly volume: string;
}

/** Which bars are wanted: those that start within both times, the newest if there are more than `limit`. */
export interface BarQuery {
  readonly interval: BarInterval;
  /** The beginning of all if left out. */
  readonly fromMs?: number;
  readonly toMs: number;
  readonly limit: number;
  /** What becomes of periods without trades: left out, or a bar of the close before without volume. `omit` if left out. */
  readonly emptyBars?: 'omit' | 'flat';
}

/** Who listens to a market. */
export interface Audience {
  /** Takes one event; called in order, never during another call. */
  deliver(event: MarketEvent): void;
  /** Counts a change of a book that is kept from everybody on purpose. */
  leftOut(symbol: string): void;
  /** True if somebody who can be reached is subscribed to the book of `symbol`. */
  follows(symbol: string): boolean;
  /** True if somebody wants each change of the levels of `symbol` at once: then {@link LevelsEvent} are delivered. */
  wantsLevels(symbol: string): boolean;
  /** True if a reader is so far behind that a market without a clock should wait. */
  crowded(): boolean;
}

/**
 * What a dialect serves: books, trades, and what happens to them. A replay and an engine with its traders are two of these.
 */
export interface Market {
  /** Everything that is listed, in the venue's order. */
  readonly products: readonly ProductRecord[];
  /** Whether a listed symbol is open for trading now; `undefined` if nobody can tell but its product. */
  status(symbol: string): TradingStatus | undefined;
  /** Symbols that have a book here. */
  readonly symbols: readonly string[];
  /** Resolves when a recorded session has been given out; settles on close at the latest. */
  readonly finished: Promise<void>;
  /** True if its clock is that of a recording, which can stand still. */
  readonly isRecorded: boolean;
  /** True while the market itself has keep-alive frames to send. */
  readonly pingsAhead: boolean;
  /** The book now, at most `depth` levels a side; `undefined` if the symbol has none. */
  book(symbol: string, depth: number): BookImage | undefined;
  /** The book as it is at this moment, also where that has not been published yet; its number means nothing. */
  liveBook(symbol: string, depth: number): BookImage | undefined;
  /** Bars, oldest first, the one that is not over yet among them; none if the market keeps none. */
  bars(symbol: string, query: BarQuery): readonly MarketBar[];
  /** Trades so far, oldest first, at most the newest thousand. */
  trades(symbol: string): readonly PublicTrade[];
  /** What is known about the symbol's trading. */
  summary(symbol: string): TradeSummary;
  /** Whether a subscription to a listed symbol is taken. */
  admit(channel: string, symbol: string): Admission;
  /** Tells the market its one listener; called once, before anything else. */
  open(audience: Audience): void;
  /** The first book subscription of any client has arrived: the clock starts. Doing it again does nothing. */
  start(): void;
  /** Calls `confirm` when the subscription is to be confirmed, at once or later. Disposing cancels it; {@link settled} if it was at once. */
  acknowledge(channel: string, symbol: string, confirm: () => void): Disposable;
  /** Calls `answer` when the book is to be given, at once or later. Disposing cancels it; {@link settled} if it was at once. */
  requestBook(symbol: string, answer: (reply: BookAnswer) => void): Disposable;
  /**
   * The feed of a symbol begins anew: its book stays, and the next change has a number that is lower by `backBy`, though never below
   * zero. Nobody is told. Does nothing for a symbol without a book.
   */
  restart(symbol: string, backBy: bigint): void;
  /** Calls `run` when the market's clock shows `atSeconds`, never before {@link Market.start}. */
  schedule(atSeconds: number, run: () => void): void;
  /** Seconds since the clock started; 0 before. */
  elapsedSeconds(): number;
  /** The audience changed: somebody asked, left, or caught up. */
  reconsider(): void;
  /** Ends the market; no event and no timer follows. */
  close(): void;
}

/** What {@link Market.acknowledge} and {@link Market.requestBook} give when all was done within the call: its disposal does nothing. */
export const settled: Disposable = { [Symbol.dispose]: () => undefined };
