import { VenueError } from '@venuekit/connector-core';
import {
  type Admission,
  type Audience,
  type BookAnswer,
  type BookImage,
  type Market,
  type PublicTrade,
  settled,
  type TradeSummary,
} from '../market/market.ts';
import type { MarketRuntime } from '../market/market-runtime.ts';
import type { ProductRecord } from '../market/product.ts';
import { createTradeLog, type TradeLog } from '../market/trade-log.ts';
import { createSeededRandom, drawInteger } from '../seeded-random.ts';
import { selectPairs, toProduct } from './pair-catalogue.ts';
import { createSyntheticSymbol, type SyntheticEvent, type SyntheticSymbol } from './synthetic-symbol.ts';

/** A market that a seed makes up. */
export interface SyntheticOptions {
  /** Decides everything that happens. */
  readonly seed: string | number;
  /** How many pairs, from 1 to 60; 8 if left out. */
  readonly pairs?: number;
  /** Time between two changes of a busy book, in milliseconds; 300 if left out, as on the venue. */
  readonly depthIntervalMs?: number;
}

/**
 * Opens a market. It moves from now on, whether somebody listens or not; the same seed gives the same market at the same pace.
 * @throws VenueError `invalid-options` for a number of pairs or an interval that cannot be.
 */
export function createSyntheticMarket(options: SyntheticOptions, runtime: MarketRuntime): Market {
  return new SyntheticMarket(options, runtime);
}

class SyntheticMarket implements Market {
  readonly products: readonly ProductRecord[];
  readonly symbols: readonly string[];
  readonly pingsAhead = false;
  readonly #runtime: MarketRuntime;
  readonly #states = new Map<string, SyntheticSymbol>();
  readonly #trades: TradeLog = createTradeLog();
  readonly #random: ReturnType<typeof createSeededRandom>;
  readonly #intervalMs: number;
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();
  /** What was scheduled before the clock started. */
  readonly #scheduled: (readonly [atSeconds: number, run: () => void])[] = [];
  #audience: Audience | undefined;
  #startedAt: number | undefined;
  #closed = false;

  constructor({ seed, pairs = 8, depthIntervalMs = 300 }: SyntheticOptions, runtime: MarketRuntime) {
    const chosen = selectPairs(pairs);
    this.#runtime = runtime;
    this.#random = createSeededRandom(seed);
    this.#intervalMs = checkedInterval(depthIntervalMs);
    this.products = chosen.map(toProduct);
    this.symbols = chosen.map(({ symbol }) => symbol);
    const nowMs = runtime.clock.now();
    for (const pair of chosen) {
      const state = createSyntheticSymbol(pair, this.#random, nowMs);
      this.#states.set(pair.symbol, state);
      runtime.truth?.replaced(pair.symbol, state.book(Number.POSITIVE_INFINITY));
    }
    this.#arm();
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  book(symbol: string, depth: number): BookImage | undefined {
    return this.#states.get(symbol)?.book(depth);
  }

  trades(symbol: string): readonly PublicTrade[] {
    return this.#trades.of(symbol);
  }

  summary(symbol: string): TradeSummary {
    return this.#states.get(symbol)?.summary() ?? {};
  }

  /** Every listed symbol has a market. */
  admit(): Admission {
    return { admitted: true };
  }

  open(audience: Audience): void {
    this.#audience = audience;
  }

  start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = this.#runtime.clock.monotonic();
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
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    state.restart(backBy);
    this.#runtime.truth?.replaced(symbol, state.book(Number.POSITIVE_INFINITY));
  }

  schedule(atSeconds: number, run: () => void): void {
    if (this.#startedAt === undefined) {
      this.#scheduled.push([atSeconds, run]);
      return;
    }
    const delayMs = Math.max(0, (atSeconds - this.elapsedSeconds()) * 1_000);
    this.#runtime.timers.setTimer(delayMs, run, 'scheduled');
  }

  elapsedSeconds(): number {
    if (this.#startedAt === undefined) return 0;
    return (this.#runtime.clock.monotonic() - this.#startedAt) / 1_000;
  }

  /** A synthetic market waits for nobody. */
  reconsider(): void {}

  close(): void {
    this.#closed = true;
    this.#finished.resolve();
  }

  #arm(): void {
    this.#runtime.timers.setTimer(this.#intervalMs, () => this.#playRound(), 'synthetic market');
  }

  #playRound(): void {
    if (this.#closed) return;
    const nowMs = this.#runtime.clock.now();
    for (const state of this.#states.values()) {
      if (this.#isActive(state)) this.#play(state, nowMs);
    }
    this.#arm();
  }

  /** A busy symbol rests in one round of eight, a quiet one is active once in its pace on average. */
  #isActive({ pair }: SyntheticSymbol): boolean {
    const draw = drawInteger(this.#random, `${pair.symbol} activity`, 8 * pair.pace);
    return draw < 7;
  }

  #play(state: SyntheticSymbol, nowMs: number): void {
    const events = state.step(nowMs);
    this.#tell(events);
    for (const event of events) {
      if (event.kind === 'trades') this.#trades.add(event.symbol, event.trades);
      this.#audience?.deliver(event);
    }
  }

  /** The whole step is true before its first event is delivered: whoever then asks for the book gets the new one. */
  #tell(events: readonly SyntheticEvent[]): void {
    const { truth } = this.#runtime;
    if (truth === undefined) return;
    for (const event of events) {
      if (event.kind === 'trades') truth.traded(event.symbol, event.trades);
      else if (event.kind === 'depth') truth.changed(event.symbol, event);
      else truth.moved(event);
    }
  }
}

function checkedInterval(depthIntervalMs: number): number {
  if (Number.isFinite(depthIntervalMs) && depthIntervalMs >= 1) return depthIntervalMs;
  throw new VenueError({
    code: 'invalid-options',
    operation: 'synthetic market',
    message: `expected depthIntervalMs to be a number from 1 up, got ${depthIntervalMs}`,
  });
}
