import { type Clock, type Random, type Timers, VenueError } from '@venuekit/connector-core';
import type { EngineEvent, TradeEvent, TradingStatus } from '../engine/engine-types.ts';
import type { Floor } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import { guardAudience } from '../market/guarded-audience.ts';
import {
  type Admission,
  type Audience,
  type BarQuery,
  type BookAnswer,
  type BookImage,
  type LevelsEvent,
  type Market,
  type MarketBar,
  type PublicTrade,
  settled,
  type TopEvent,
  type TradeSummary,
} from '../market/market.ts';
import type { ProductRecord } from '../market/product.ts';
import { createTradeLog, type TradeLog } from '../market/trade-log.ts';
import { createTimerGroup, type TimerGroup } from '../timer-group.ts';
import type { MarketTruth } from '../truth/market-truth.ts';
import type { MarketBars } from './market-bars.ts';
import { SymbolFeed } from './symbol-feed.ts';

/** What a market over a floor is made of. */
export interface EngineMarketOptions {
  readonly floor: Floor;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly products: readonly ProductRecord[];
  /** Time between two publications of a book, in milliseconds. */
  readonly depthIntervalMs: number;
  readonly bars: MarketBars;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly truth?: MarketTruth | undefined;
  /** Told what the audience threw, with which the market goes on; nobody is if left out. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** The public side of a floor: its books are published at intervals, trades and best prices at once. */
export interface EngineMarket extends Market {
  /** Takes the books as they are now for the first ones. Called once, when the traders have put their first orders in. */
  begin(): void;
}

/** @throws VenueError `invalid-options` for an interval that cannot be. */
export function createEngineMarket(options: EngineMarketOptions): EngineMarket {
  return new FloorMarket(options);
}

const none: ReadonlyMap<string, readonly PublicTrade[]> = new Map();

class FloorMarket implements EngineMarket {
  readonly products: readonly ProductRecord[];
  readonly symbols: readonly string[];
  readonly isRecorded = false;
  readonly pingsAhead = false;
  readonly #options: EngineMarketOptions;
  /** Its own, to end with it. */
  readonly #timers: TimerGroup;
  readonly #feeds = new Map<string, SymbolFeed>();
  readonly #log: TradeLog = createTradeLog();
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();
  /** What the operation that is going on has touched. */
  #touched: SymbolFeed[] = [];
  readonly #trades: TradeEvent[] = [];
  /** What was scheduled before the clock started. */
  readonly #scheduled: (readonly [atSeconds: number, run: () => void])[] = [];
  #audience: Audience | undefined;
  #startedAt: number | undefined;
  #begun = false;

  constructor(options: EngineMarketOptions) {
    requireInterval(options.depthIntervalMs);
    const { floor, listings, random, clock } = options;
    this.#options = options;
    this.#timers = createTimerGroup(options.timers);
    this.products = options.products;
    this.symbols = [...listings.keys()];
    for (const [symbol, listing] of listings)
      this.#feeds.set(symbol, new SymbolFeed(listing, floor.engine, random, clock.now()));
    floor.listen({ event: (event) => this.#hear(event), settle: (atMs) => this.#settle(atMs) });
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  begin(): void {
    this.#begun = true;
    for (const feed of this.#feeds.values()) {
      feed.open();
      this.#options.truth?.replaced(feed.listing.symbol, feed.book(Number.POSITIVE_INFINITY));
    }
    this.#arm();
  }

  status(symbol: string): TradingStatus | undefined {
    return this.#feeds.has(symbol) ? this.#options.floor.engine.status(symbol) : undefined;
  }

  book(symbol: string, depth: number): BookImage | undefined {
    return this.#feeds.get(symbol)?.book(depth);
  }

  liveBook(symbol: string, depth: number): BookImage | undefined {
    return this.#feeds.get(symbol)?.liveBook(depth, this.#options.clock.now());
  }

  trades(symbol: string): readonly PublicTrade[] {
    return this.#log.of(symbol);
  }

  bars(symbol: string, query: BarQuery): readonly MarketBar[] {
    return this.#options.bars.bars(symbol, query);
  }

  summary(symbol: string): TradeSummary {
    return this.#options.bars.lastDay(symbol);
  }

  /** Every listed symbol has a market. */
  admit(): Admission {
    return { admitted: true };
  }

  open(audience: Audience): void {
    this.#audience = guardAudience(audience, this.#options.onFailure);
  }

  start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = this.#options.clock.monotonic();
    for (const [atSeconds, run] of this.#scheduled) this.schedule(atSeconds, run);
    this.#scheduled.length = 0;
  }

  acknowledge(_channel: string, _symbol: string, confirm: () => void): Disposable {
    confirm();
    return settled;
  }

  requestBook(symbol: string, answer: (reply: BookAnswer) => void): Disposable {
    const book = this.book(symbol, Number.POSITIVE_INFINITY);
    if (book !== undefined) answer({ book });
    return settled;
  }

  restart(symbol: string, backBy: bigint): void {
    const feed = this.#feeds.get(symbol);
    if (feed === undefined) return;
    feed.restart(backBy);
    this.#options.truth?.replaced(symbol, feed.book(Number.POSITIVE_INFINITY));
  }

  schedule(atSeconds: number, run: () => void): void {
    if (this.#startedAt === undefined) {
      this.#scheduled.push([atSeconds, run]);
      return;
    }
    const delayMs = Math.max(0, (atSeconds - this.elapsedSeconds()) * 1_000);
    this.#timers.setTimer(delayMs, run, 'scheduled');
  }

  elapsedSeconds(): number {
    if (this.#startedAt === undefined) return 0;
    return (this.#options.clock.monotonic() - this.#startedAt) / 1_000;
  }

  /** A market with traders waits for nobody. */
  reconsider(): void {}

  close(): void {
    this.#timers.close();
    this.#finished.resolve();
  }

  #arm(): void {
    this.#timers.setTimer(this.#options.depthIntervalMs, () => this.#publish(), 'depth');
  }

  #publish(): void {
    const nowMs = this.#options.clock.now();
    for (const feed of this.#feeds.values()) {
      const depth = feed.publish(nowMs);
      if (depth === undefined) continue;
      this.#options.truth?.changed(depth.symbol, depth);
      this.#audience?.deliver(depth);
    }
    this.#arm();
  }

  /** What happens while the first orders are put in is nobody's business. */
  #hear(event: EngineEvent): void {
    if (!this.#begun) return;
    if (event.kind === 'level') {
      const feed = this.#feeds.get(event.symbol);
      if (feed === undefined) return;
      feed.changed(event);
      if (!this.#touched.includes(feed)) this.#touched.push(feed);
    } else if (event.kind === 'trade') this.#trades.push(event);
  }

  /** The whole operation is true before anybody is told of it: whoever then asks gets what is new. */
  #settle(atMs: number): (() => void) | undefined {
    if (this.#touched.length === 0 && this.#trades.length === 0) return undefined;
    const feeds = this.#touched;
    const trades = this.#trades.length === 0 ? none : this.#takeTrades();
    this.#touched = [];
    const tops: TopEvent[] = [];
    const levels: LevelsEvent[] = [];
    for (const feed of feeds) {
      const top = feed.topChange(atMs);
      if (top !== undefined) tops.push(top);
      const isWanted = this.#audience?.wantsLevels(feed.listing.symbol) ?? false;
      const change = feed.takeLevels(atMs, isWanted);
      if (change !== undefined) levels.push(change);
    }
    if (trades.size === 0 && tops.length === 0 && levels.length === 0) return undefined;
    return () => this.#tell(trades, levels, tops);
  }

  #tell(
    trades: ReadonlyMap<string, readonly PublicTrade[]>,
    levels: readonly LevelsEvent[],
    tops: readonly TopEvent[],
  ): void {
    const { truth } = this.#options;
    for (const [symbol, made] of trades) truth?.traded(symbol, made);
    for (const top of tops) truth?.moved(top);
    for (const [symbol, made] of trades) this.#audience?.deliver({ kind: 'trades', symbol, trades: made });
    for (const change of levels) this.#audience?.deliver(change);
    for (const top of tops) this.#audience?.deliver(top);
  }

  /** Trades of the operation by symbol, numbered and kept. */
  #takeTrades(): ReadonlyMap<string, readonly PublicTrade[]> {
    const bySymbol = new Map<string, PublicTrade[]>();
    for (const event of this.#trades) {
      const trade = this.#feeds.get(event.symbol)?.traded(event);
      if (trade === undefined) continue;
      this.#options.bars.add(event);
      const made = bySymbol.get(event.symbol);
      if (made === undefined) bySymbol.set(event.symbol, [trade]);
      else made.push(trade);
    }
    this.#trades.length = 0;
    for (const [symbol, made] of bySymbol) this.#log.add(symbol, made);
    return bySymbol;
  }
}

function requireInterval(depthIntervalMs: number): void {
  if (Number.isFinite(depthIntervalMs) && depthIntervalMs >= 1) return;
  throw new VenueError({
    code: 'invalid-options',
    operation: 'market',
    message: `expected depthIntervalMs to be a number from 1 up, got ${depthIntervalMs}`,
  });
}
