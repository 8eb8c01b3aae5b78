import { createKeptBook, type KeptBook } from '../book/kept-book.ts';
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
import type { RecordedReceived, RecordedSession } from '../recording/recorded-session.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { createFeedRestarts, type FeedRestarts } from './feed-restarts.ts';
import { createGathering, type Gathering } from './gathering.ts';
import { createPlayer, type Player } from './player.ts';
import { readBest } from './recorded-best.ts';
import { createReplayClock, type ReplayClock, type ReplaySpeed } from './replay-clock.ts';
import { type DepthFilter, findContents, type SessionContents } from './session-contents.ts';
import { createTimeline, type TimelineFrame, unplayable } from './timeline.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

/** A recorded session as a market. */
export interface ReplayOptions {
  readonly session: RecordedSession;
  readonly products: readonly ProductRecord[];
  /** Times real time, or `max` for as fast as the readers read. */
  readonly speed: ReplaySpeed;
  /** Depth messages that nobody is given; the simulator's own book contains them all the same. */
  readonly removeDepth?: DepthFilter;
}

/** How long the recorded clock waits at the place of a book for the request, in real milliseconds. */
const longestWaitMs = 2_000;

/**
 * Makes a market of a recorded session.
 * @throws VenueError `invalid-options` if the session has no depth subscription, no received frame, or no book.
 */
export function createReplayMarket(options: ReplayOptions, runtime: MarketRuntime): Market {
  return new ReplayMarket(options, runtime);
}

class ReplayMarket implements Market {
  readonly products: readonly ProductRecord[];
  readonly symbols: readonly string[];
  readonly #runtime: MarketRuntime;
  readonly #contents: SessionContents;
  readonly #clock: ReplayClock;
  readonly #agenda: Agenda = createAgenda();
  readonly #player: Player;
  readonly #books: ReadonlyMap<string, KeptBook>;
  readonly #restarts: FeedRestarts = createFeedRestarts();
  readonly #trades: TradeLog = createTradeLog();
  readonly #requests: WaitingRoom<BookAnswer> = createWaitingRoom();
  readonly #confirmations: WaitingRoom<undefined> = createWaitingRoom();
  /** `channel:symbol` whose recorded confirmation has gone by. */
  readonly #confirmed = new Set<string>();
  /** Symbols whose recorded book has gone by. */
  readonly #answered = new Set<string>();
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();
  #audience: Audience | undefined;
  /** Waits for the rest of the subscriptions at speed `max`, where nothing else gives clients time. */
  readonly #gathering: Gathering | undefined;
  /** Since when the recorded clock waits for a request. */
  #heldSince: number | undefined;

  constructor(options: ReplayOptions, runtime: MarketRuntime) {
    const frames = createTimeline(options.session);
    this.products = options.products;
    this.#runtime = runtime;
    this.#contents = findContents(frames, options.removeDepth ?? (() => false));
    const { firstBooks, openings } = this.#contents;
    if (firstBooks.size === 0)
      throw unplayable(options.session, 'expected a received depth-snapshot, which opens a market, got none');
    if (options.speed === 'max') this.#gathering = createGathering(openings, runtime.clock);
    this.#books = new Map([...firstBooks].map(([symbol, { book }]) => [symbol, createKeptBook(book)]));
    this.symbols = [...this.#books.keys()];
    for (const symbol of this.symbols) this.#tellBook(symbol);
    this.#clock = createReplayClock(runtime.clock, options.speed);
    this.#player = createPlayer({
      frames,
      agenda: this.#agenda,
      clock: this.#clock,
      timers: runtime.timers,
      crowded: () => options.speed === 'max' && this.#audience?.crowded() === true,
      hold: (frame) => this.#hold(frame),
      emit: ({ frame }) => this.#emit(frame),
      finish: this.#finished.resolve,
    });
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  get pingsAhead(): boolean {
    return this.#clock.started && this.#player.position <= this.#contents.lastPing;
  }

  book(symbol: string, depth: number): BookImage | undefined {
    return this.#books.get(symbol)?.image(depth);
  }

  trades(symbol: string): readonly PublicTrade[] {
    return this.#trades.of(symbol);
  }

  /** Half a minute cannot tell a day: only the last price is known. */
  summary(symbol: string): TradeSummary {
    const last = this.#trades.of(symbol).at(-1);
    return last === undefined ? {} : { close: last.price };
  }

  admit(channel: string, symbol: string): Admission {
    const { channels, symbols } = this.#contents;
    const missing =
      channel === 'depth' ? !this.#books.has(symbol) : channels.has(channel) && !symbols.has(symbol);
    if (!missing) return { admitted: true };
    return { admitted: false, reason: `the recorded session has no market ${symbol}` };
  }

  open(audience: Audience): void {
    this.#audience = audience;
  }

  start(): void {
    if (this.#clock.started) return;
    this.#clock.start();
    this.#gathering?.start();
    this.#player.reconsider();
  }

  acknowledge(channel: string, symbol: string, confirm: () => void): Disposable {
    const key = `${channel}:${symbol}`;
    this.#gathering?.add(key);
    this.#player.reconsider();
    if (this.#clock.started && this.#contents.confirmed.has(key) && !this.#confirmed.has(key)) {
      return this.#confirmations.add(key, confirm);
    }
    confirm();
    return settled;
  }

  requestBook(symbol: string, answer: (reply: BookAnswer) => void): Disposable {
    const kept = this.#books.get(symbol);
    if (kept !== undefined && this.#answered.has(symbol)) {
      answer({ book: kept.image(Number.POSITIVE_INFINITY) });
      return settled;
    }
    const request = this.#requests.add(symbol, answer);
    if (this.#clock.started) this.#player.reconsider();
    else this.#runtime.timers.setTimer(longestWaitMs, () => this.#answerWithoutClock(symbol), 'early book');
    return request;
  }

  restart(symbol: string, backBy: bigint): void {
    const kept = this.#books.get(symbol);
    if (kept === undefined) return;
    const back = backBy < kept.seqnum ? backBy : kept.seqnum;
    this.#restarts.add(symbol, back);
    kept.load({ ...kept.image(Number.POSITIVE_INFINITY), seqnum: kept.seqnum - back });
    this.#tellBook(symbol);
  }

  schedule(atSeconds: number, run: () => void): void {
    this.#agenda.add(atSeconds * 1_000, run);
    this.#player.reconsider();
  }

  elapsedSeconds(): number {
    return this.#clock.nowMs / 1_000;
  }

  reconsider(): void {
    this.#player.reconsider();
  }

  close(): void {
    this.#finished.resolve();
  }

  /** The recorded clock waits for a client that follows a book and has not asked for it yet, once per symbol. */
  #hold({ frame, offsetMs }: TimelineFrame): number {
    if (this.#isAwaited(frame)) {
      const now = this.#runtime.clock.monotonic();
      this.#heldSince ??= now;
      this.#clock.stop(offsetMs);
      const leftMs = this.#heldSince + longestWaitMs - now;
      if (leftMs > 0) return leftMs;
    }
    this.#heldSince = undefined;
    this.#clock.resume();
    return this.#gathering?.holdMs(frame) ?? 0;
  }

  #isAwaited({ message }: RecordedReceived): boolean {
    if (message.kind !== 'snapshot' || this.#answered.has(message.symbol)) return false;
    return this.#audience?.follows(message.symbol) === true && !this.#requests.has(message.symbol);
  }

  #emit(frame: RecordedReceived): void {
    const { message, text } = frame;
    switch (message.kind) {
      case 'depth':
        this.#emitDepth(frame, message.symbol, message.change);
        return;
      case 'snapshot':
        this.#meetBook(message.symbol, { book: message.book, text });
        return;
      case 'trades':
        this.#runtime.truth?.traded(message.symbol, message.trades);
        this.#trades.add(message.symbol, message.trades);
        this.#audience?.deliver({ ...message, text });
        return;
      case 'publication':
        if (message.channel === 'bbo') this.#tellBest(message.symbol, text);
        this.#audience?.deliver({ ...message, kind: 'frame', text });
        return;
      case 'subscribed':
        this.#confirm(`${message.channel}:${message.symbol}`);
        return;
      case 'ping':
        this.#audience?.deliver({ kind: 'ping', text });
        return;
      case 'session':
        return;
    }
  }

  #emitDepth(frame: RecordedReceived, symbol: string, recorded: BookImage): void {
    const change = this.#restarts.renumber(symbol, recorded);
    const kept = this.#books.get(symbol);
    if (kept !== undefined && change.seqnum > kept.seqnum) {
      kept.apply(change);
      this.#runtime.truth?.changed(symbol, change);
    }
    if (this.#contents.removed.has(frame)) {
      this.#audience?.leftOut(symbol);
      return;
    }
    const last = this.#contents.lastDepth.get(symbol) === frame;
    const asRecorded = change === recorded ? { text: frame.text } : {};
    this.#audience?.deliver({ kind: 'depth', symbol, ...change, last, ...asRecorded });
  }

  #meetBook(symbol: string, frame: BookAnswer): void {
    const recorded = this.#restarts.renumberAnswer(symbol, frame);
    const kept = this.#books.get(symbol);
    // A later book of the same symbol matters only if the recording has lost differences before it.
    if (kept !== undefined && recorded.book.seqnum > kept.seqnum) {
      kept.load(recorded.book);
      this.#tellBook(symbol);
    }
    if (this.#answered.has(symbol)) return;
    this.#answered.add(symbol);
    this.#requests.release(symbol, recorded);
  }

  #confirm(key: string): void {
    this.#confirmed.add(key);
    this.#confirmations.release(key, undefined);
  }

  /** A client that asks for a book and never subscribes to one would wait for a clock that never starts. */
  #answerWithoutClock(symbol: string): void {
    const recorded = this.#contents.firstBooks.get(symbol);
    if (this.#clock.started || recorded === undefined) return;
    const answer = { book: recorded.book, text: recorded.frame.text };
    this.#requests.release(symbol, this.#restarts.renumberAnswer(symbol, answer));
  }

  #tellBook(symbol: string): void {
    const kept = this.#books.get(symbol);
    if (kept !== undefined) this.#runtime.truth?.replaced(symbol, kept.image(Number.POSITIVE_INFINITY));
  }

  #tellBest(symbol: string, text: string): void {
    const { truth } = this.#runtime;
    const best = truth === undefined ? undefined : readBest(symbol, text);
    if (best !== undefined) truth?.moved(best);
  }
}
