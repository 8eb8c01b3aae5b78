import { createKeptBook, type KeptBook } from '../book/kept-book.ts';
import { guardAudience } from '../market/guarded-audience.ts';
import {
  type Admission,
  type Audience,
  type BookAnswer,
  type BookImage,
  type Market,
  type MarketBar,
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
import { createPlaces, type Places } from './places.ts';
import { createPlayer, type Player } from './player.ts';
import { readBest } from './recorded-best.ts';
import { createReplayClock, type ReplayClock, type ReplaySpeed } from './replay-clock.ts';
import { type DepthFilter, findContents, type SessionContents } from './session-contents.ts';
import {
  createTimeline,
  type TimelineConnection,
  type TimelineEnd,
  type TimelineEntry,
  type TimelineFrame,
  unplayable,
} from './timeline.ts';

/** A recorded session as a market. */
export interface ReplayOptions {
  readonly session: RecordedSession;
  readonly products: readonly ProductRecord[];
  /** Times real time, or `max` for as fast as the readers read. */
  readonly speed: ReplaySpeed;
  /** Depth messages that nobody is given; the simulator's own book contains them all the same. */
  readonly removeDepth?: DepthFilter;
}

/** The streams on which a recording is played. */
export interface ReplayStreams {
  /** Cuts every stream without a closing handshake. */
  cutAll(): void;
  /** Starts the closing handshake of every stream. */
  closeAll(code: number, reason: string): void;
}

/** What a replay takes from the runtime. */
export interface ReplayRuntime extends MarketRuntime {
  /** Ended where a recorded connection ended; left out, nobody is. */
  readonly streams?: ReplayStreams;
}

/** How long the recorded clock waits at the place of a book for the request, in real milliseconds. */
const longestWaitMs = 2_000;
/** At speed `max`, how long what was sent has to leave before an end, which takes along what has not; in real milliseconds. */
const settleMs = 50;
/** With this the streams are closed where the recorded client left of itself and came back. */
const normalClosure = 1_000;

/**
 * Makes a market of a recorded session. Where a recorded connection ended, every stream is ended in the same way, and the recorded
 * clock stands still until a client has subscribed again.
 * @throws VenueError `invalid-options` if the session has no depth subscription, no received frame, or no book.
 */
export function createReplayMarket(options: ReplayOptions, runtime: ReplayRuntime): Market {
  return new RecordedMarket(options, runtime);
}

class RecordedMarket implements Market {
  readonly isRecorded = true;
  readonly products: readonly ProductRecord[];
  readonly symbols: readonly string[];
  readonly #runtime: ReplayRuntime;
  readonly #speed: ReplaySpeed;
  readonly #connections: readonly TimelineConnection[];
  /** Of the whole session. */
  readonly #contents: SessionContents;
  /** Index of the last recorded frame to everybody, or -1. */
  readonly #lastPing: number;
  readonly #clock: ReplayClock;
  readonly #agenda: Agenda = createAgenda();
  readonly #player: Player;
  readonly #books: ReadonlyMap<string, KeptBook>;
  readonly #restarts: FeedRestarts = createFeedRestarts();
  readonly #trades: TradeLog = createTradeLog();
  readonly #finished: PromiseWithResolvers<void> = Promise.withResolvers();
  #audience: Audience | undefined;
  /** How many connections have ended. */
  #ended = 0;
  /** Of the connection that is played, or will be when somebody subscribes. */
  #places: Places;
  /** True until the first subscription on each connection: the recorded clock stands still. */
  #waiting = true;
  /** Waits for the rest of the subscriptions at speed `max`, where nothing else gives clients time. */
  #gathering: Gathering | undefined;
  /** Since when the recorded clock waits for a request. */
  #heldSince: number | undefined;

  constructor(options: ReplayOptions, runtime: MarketRuntime) {
    this.#connections = createTimeline(options.session);
    this.products = options.products;
    this.#runtime = runtime;
    this.#speed = options.speed;
    const frames = this.#connections.flatMap((connection) => connection.frames);
    this.#contents = findContents(frames, options.removeDepth ?? (() => false));
    const { firstBooks } = this.#contents;
    if (firstBooks.size === 0)
      throw unplayable(options.session, 'expected a received depth-snapshot, which opens a market, got none');
    this.#books = new Map([...firstBooks].map(([symbol, { book }]) => [symbol, createKeptBook(book)]));
    this.symbols = [...this.#books.keys()];
    for (const symbol of this.symbols) this.#tellBook(symbol);
    this.#places = this.#enter();
    this.#clock = createReplayClock(runtime.clock, options.speed);
    const entries = this.#connections.flatMap(entriesOf);
    this.#lastPing = entries.findLastIndex((entry) => 'frame' in entry && entry.toAll);
    this.#player = createPlayer({
      entries,
      agenda: this.#agenda,
      clock: this.#clock,
      timers: runtime.timers,
      waiting: () => this.#waiting,
      crowded: () => options.speed === 'max' && this.#audience?.crowded() === true,
      hold: (entry) => this.#hold(entry),
      emit: (entry) => ('end' in entry ? this.#end(entry) : this.#emit(entry)),
      finish: this.#finished.resolve,
    });
  }

  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  get pingsAhead(): boolean {
    return !this.#waiting && this.#player.position <= this.#lastPing;
  }

  book(symbol: string, depth: number): BookImage | undefined {
    return this.#books.get(symbol)?.image(depth);
  }

  /** A recording has what its products say. */
  status(): undefined {
    return undefined;
  }

  /** A recording knows no more than what it published. */
  liveBook(symbol: string, depth: number): BookImage | undefined {
    return this.book(symbol, depth);
  }

  /** Recorded bars come as frames; nothing is known of others. */
  bars(): readonly MarketBar[] {
    return [];
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
    this.#audience = guardAudience(audience, this.#runtime.onFailure);
  }

  start(): void {
    const connection = this.#connections[this.#ended];
    if (!this.#waiting || connection === undefined) return;
    this.#waiting = false;
    this.#clock.start();
    this.#clock.resumeFrom(connection.startMs);
    this.#gathering?.start();
    this.#player.reconsider();
  }

  acknowledge(channel: string, symbol: string, confirm: () => void): Disposable {
    const key = `${channel}:${symbol}`;
    if (this.#connections[this.#ended]?.startsWithDepth === false) this.start();
    this.#gathering?.add(key);
    this.#player.reconsider();
    const pending = this.#waiting ? undefined : this.#places.awaitConfirmation(key, confirm);
    if (pending === undefined) confirm();
    return pending ?? settled;
  }

  requestBook(symbol: string, answer: (reply: BookAnswer) => void): Disposable {
    const kept = this.#books.get(symbol);
    if (kept !== undefined && this.#places.isPast(symbol)) {
      answer({ book: kept.image(Number.POSITIVE_INFINITY) });
      return settled;
    }
    const places = this.#places;
    const request = places.awaitBook(symbol, answer);
    const giveEarly = (): void => this.#answerWithoutClock(symbol, places);
    if (this.#waiting) this.#runtime.timers.setTimer(longestWaitMs, giveEarly, 'early book');
    else this.#player.reconsider();
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

  /** The recorded clock waits for a client that follows a book and has not asked for it yet, once per symbol and connection. */
  #hold(entry: TimelineEntry): number {
    if ('end' in entry) return this.#speed === 'max' ? Math.max(0, this.#leftOf(settleMs)) : 0;
    const { frame, offsetMs } = entry;
    if (this.#isAwaited(frame)) {
      const leftMs = this.#leftOf(longestWaitMs);
      this.#clock.stop(offsetMs);
      if (leftMs > 0) return leftMs;
    }
    this.#heldSince = undefined;
    this.#clock.resume();
    return this.#gathering?.holdMs(frame) ?? 0;
  }

  /** Real milliseconds that are left of a wait of `longestMs`, which begins with the first call. */
  #leftOf(longestMs: number): number {
    const now = this.#runtime.clock.monotonic();
    this.#heldSince ??= now;
    return this.#heldSince + longestMs - now;
  }

  /** Ends every stream. First comes the next connection: a client may be back before the call returns. */
  #end({ end, offsetMs }: TimelineEnd): void {
    const { streams } = this.#runtime;
    this.#heldSince = undefined;
    this.#ended += 1;
    const goesOn = this.#ended < this.#connections.length;
    if (goesOn) {
      this.#clock.stop(offsetMs);
      this.#waiting = true;
      this.#places = this.#enter();
    }
    if (end.how === 'cut') streams?.cutAll();
    else if (end.how === 'close') streams?.closeAll(end.code, '');
    else if (goesOn) streams?.closeAll(normalClosure, '');
  }

  /** Gets ready for the next connection, whose books are those that were recorded there: its feed may have begun anew. */
  #enter(): Places {
    const here = findContents(this.#connections[this.#ended]?.frames ?? [], () => false);
    if (this.#speed === 'max') this.#gathering = createGathering(here.openings, this.#runtime.clock);
    for (const [symbol, { book }] of this.#ended === 0 ? [] : here.firstBooks) {
      this.#books.get(symbol)?.load(this.#restarts.renumber(symbol, book));
      this.#tellBook(symbol);
    }
    return createPlaces(here, this.symbols);
  }

  #isAwaited({ message }: RecordedReceived): boolean {
    if (message.kind !== 'snapshot' || this.#places.isPast(message.symbol)) return false;
    return this.#audience?.follows(message.symbol) === true && !this.#places.isAsked(message.symbol);
  }

  #emit({ frame, toAll }: TimelineFrame): void {
    const { message, text } = frame;
    if (toAll) this.#audience?.deliver({ kind: 'ping', text });
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
        this.#places.confirm(`${message.channel}:${message.symbol}`);
        return;
      case 'ping':
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
    this.#places.meetBook(symbol, recorded);
  }

  /** A client that asks for a book and never subscribes to one would wait for a clock that never starts. */
  #answerWithoutClock(symbol: string, places: Places): void {
    const recorded = places.books.get(symbol);
    if (!this.#waiting || recorded === undefined) return;
    const answer = { book: recorded.book, text: recorded.frame.text };
    places.answerEarly(symbol, this.#restarts.renumberAnswer(symbol, answer));
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

function entriesOf({ frames, end }: TimelineConnection): readonly TimelineEntry[] {
  return end === undefined ? frames : [...frames, end];
}
