import type { Clock, Random, Timers } from '@venuekit/connector-core';
import type { OrderEvent } from '../engine/engine-types.ts';
import type { Floor } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import { FairPrice } from './fair-price.ts';
import { MarketMaker } from './market-maker.ts';
import { MarketTaker } from './market-taker.ts';
import { createPairDraws, type PairDraws } from './pair-draws.ts';
import { createPairManner, type PairManner } from './pair-manner.ts';
import { PairSeat } from './pair-seat.ts';
import type { ReferencePrice, TraderPair } from './trader-pair.ts';
import { TradingPace, tradeShare } from './trading-pace.ts';

/** What the traders of a pair are made of. */
export interface PairTraderOptions {
  readonly floor: Floor;
  readonly pair: TraderPair;
  readonly listing: Listing;
  readonly reference: ReferencePrice;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

/** Makers and takers of one pair. They act when their timer fires, one pair one timer. */
export class PairTrader {
  readonly #clock: Clock;
  /** How far the clock was ahead of the monotonic one at the opening, in milliseconds. */
  readonly #aheadMs: number;
  readonly #timers: Timers;
  readonly #draws: PairDraws;
  readonly #manner: PairManner;
  readonly #seat: PairSeat;
  readonly #fair: FairPrice;
  readonly #pace: TradingPace;
  readonly #maker: MarketMaker;
  readonly #taker: MarketTaker;
  #timer: Disposable | undefined;
  #wakesAtMs: number = Number.POSITIVE_INFINITY;
  #started = false;

  constructor({ floor, pair, listing, reference, clock, timers, random }: PairTraderOptions) {
    this.#clock = clock;
    this.#aheadMs = clock.now() - clock.monotonic();
    this.#timers = timers;
    this.#draws = createPairDraws(random, pair.symbol);
    this.#manner = createPairManner(pair);
    this.#seat = new PairSeat(floor, listing.rules);
    this.#fair = new FairPrice(reference, pair.homeTicks, clock);
    this.#pace = new TradingPace(pair.activity, this.#draws);
    this.#maker = new MarketMaker(this.#seat, this.#manner, this.#draws);
    this.#taker = new MarketTaker(this.#seat, this.#manner, this.#draws);
  }

  /** Puts in the first orders. */
  open(): void {
    if (this.#seat.isTrading) this.#maker.open(this.#fair.ticks);
  }

  /** Begins to trade; doing it again does nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const nowMs = this.#nowMs;
    this.#pace.isDue(nowMs);
    this.#wakeIn(this.#pace.delay(nowMs));
  }

  /** Ends trading; what is in the book stays there. */
  close(): void {
    this.#started = false;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Something happened to an order of this pair, whoever's it is. */
  hear({ order, fill }: OrderEvent): void {
    if (order.status !== 'open') this.#seat.own[order.side].remove(order);
    if (fill?.role !== 'taker' || this.#seat.has(order.account)) return;
    // Somebody else takes: the makers come back soon, and think again if it went far.
    const ticks = this.#fair.ticks;
    if (Math.abs(fill.priceTicks - ticks) > this.#slackTicks) this.#fair.pull(fill.priceTicks);
    if (this.#started) this.#hurry();
  }

  #wake(): void {
    const nowMs = this.#nowMs;
    this.#fair.move();
    const isSettled = !this.#seat.isTrading || this.#act(nowMs);
    this.#wakeIn(this.#pace.delay(nowMs));
    if (!isSettled) this.#hurry();
  }

  /** True if nothing is left to be done soon. */
  #act(nowMs: number): boolean {
    const { ticks } = this.#fair;
    this.#taker.pickOff(ticks);
    const isBehind = this.#maker.follow(ticks);
    const clears = this.#taker.clear(ticks, nowMs);
    if (this.#pace.isDue(nowMs)) {
      if (this.#draws.choice() < tradeShare) this.#taker.trade();
      this.#maker.churn(ticks);
    }
    return !isBehind && !clears && this.#fair.behind <= this.#slackTicks;
  }

  /** The time, as if the clock had never been set since the opening. */
  get #nowMs(): number {
    return this.#aheadMs + this.#clock.monotonic();
  }

  get #slackTicks(): number {
    return this.#manner.slack * this.#fair.ticks;
  }

  /** Looks again within a second. */
  #hurry(): void {
    const delayMs = Math.round(200 + 500 * this.#draws.pace());
    if (this.#nowMs + delayMs < this.#wakesAtMs) this.#wakeIn(delayMs);
  }

  #wakeIn(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#wakesAtMs = this.#nowMs + delayMs;
    this.#timer = this.#timers.setTimer(delayMs, () => this.#wake(), 'traders');
  }
}
