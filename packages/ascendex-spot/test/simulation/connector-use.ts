import type { AuditResult, MarketHandle, StreamName } from '@venuekit/connector-core';
import type { SimulationStep } from '@venuekit/connector-testkit/simulation';
import type { AscendexSpot } from '../../src/index.ts';
import { hasOvertaken } from '../models/book-numbers.ts';
import type { WireFrame, WireLog } from '../models/wire-log.ts';
import { BookWatch } from './book-watch.ts';
import { auditStorm, type BusyUse, churn } from './busy-use.ts';
import { type CallTerms, CallWatch, type CallWatchOptions } from './call-watch.ts';
import { Ears } from './ears.ts';
import type { FeedContext } from './feed-rules.ts';
import { FetchWatch } from './fetch-watch.ts';
import { HandleWatch } from './handle-watch.ts';
import type { Judge } from './judge.ts';
import type { LineWatch } from './line-watch.ts';
import type { OpenHandle } from './open-handle.ts';

/** What the use of a connector is made of. */
export interface ConnectorUseOptions extends Omit<FeedContext, 'handles' | 'bookBounds'> {
  readonly busySince: CallWatchOptions['busySince'];
  readonly line: LineWatch;
}

type Fields = NonNullable<SimulationStep['with']>;

/** Time that closing may take: the session gives its peer a second. A slow reader of ours wakes up meanwhile. */
const closingMs = 2_500;

/** One connector and everything that one program does with it. */
export class ConnectorUse {
  readonly connector: AscendexSpot;
  readonly #ears: Ears;
  readonly #fetches: FetchWatch;
  readonly #judge: Judge;
  readonly #wire: WireLog;
  readonly #calls: CallWatch;
  readonly #books: BookWatch;
  readonly #watch: HandleWatch;
  readonly #handles: OpenHandle[] = [];
  /** Pairs that are being opened. */
  readonly #opening: string[] = [];
  /** Nothing is asked of it any more but to close. */
  isClosing = false;

  constructor(options: ConnectorUseOptions) {
    const { busySince, connector, judge, wire } = options;
    const { count, now, violate } = judge;
    this.connector = connector;
    this.#judge = judge;
    this.#wire = wire;
    this.#calls = new CallWatch({ busySince, count, now, violate });
    this.#books = new BookWatch(judge, wire);
    this.#fetches = new FetchWatch(judge, options.localNow);
    this.#ears = new Ears({
      ...options,
      calls: this.#calls,
      handles: () => this.#handles,
      bookBounds: (pair) => this.#books.bounds(pair),
      isClosing: () => this.isClosing,
      closeHandle: (handle) => this.#closeHandle(handle),
      meddle: (handle, feedName, heard) => void this.#meddle(handle, feedName, heard),
    });
    this.#watch = new HandleWatch({
      ...options,
      isClosing: () => this.isClosing,
      isLive: () => connector.state === 'live',
    });
  }

  /** Connects; true if that worked. */
  async connect(fields: Fields): Promise<boolean> {
    const terms = this.#terms(fields, 20_000);
    const done = await this.#calls.later('connect', terms, () => this.connector.connect(terms.options));
    return done !== undefined;
  }

  /** Opens a pair. */
  async open(pair: string, fields: Fields): Promise<OpenHandle | undefined> {
    const text = String(fields.streams ?? '');
    const streams = (text === '' ? [] : text.split(',')) as StreamName[];
    const terms = this.#terms(fields, undefined);
    if (this.#isUnopened(pair)) this.#ears.opening(pair);
    this.#opening.push(pair);
    const opened = await this.#calls.later('open', terms, () =>
      this.#watch.opening(pair, this.connector.marketData.open(pair, { ...terms.options, streams })),
    );
    this.#opening.splice(this.#opening.indexOf(pair), 1);
    if (opened === undefined) return undefined;
    const open: OpenHandle = {
      ...{ handle: opened.value, streams, openedAt: this.#wire.newest },
      ...{ usesBook: streams.includes('book'), usesTicker: false },
    };
    this.#handles.push(open);
    this.#watch.opened(open.handle, streams);
    return open;
  }

  /** Closes it. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.#calls.closing(closingMs);
    this.#books.checkKept();
    await this.#calls.later('close', { withinMs: closingMs }, () => this.connector.close());
  }

  /** Does one thing of the plan with it. */
  async act(kind: string, fields: Fields): Promise<void> {
    const { marketData } = this.connector;
    const pair = String(fields.pair);
    const terms = this.#terms(fields, 10_000);
    const fetch = (call: (options: typeof terms.options) => Promise<unknown>) =>
      this.#calls.later(kind, terms, () => call(terms.options));
    if (kind === 'connect') await this.connect(fields);
    else if (kind === 'open') await this.open(pair, fields);
    else if (kind === 'churn') await churn(this.#busyUse(), pair, fields.leaves === true);
    else if (kind === 'audit-storm') await auditStorm(this.#busyUse());
    else if (kind === 'fetch-book') {
      await fetch(async (options) => this.#books.checkFetched(await marketData.fetchBook(pair, options)));
    } else if (kind === 'fetch-trades') {
      await fetch((options) => this.#fetches.trades(pair, () => marketData.fetchTrades(pair, options)));
    } else if (kind === 'fetch-tickers') {
      await fetch((options) => this.#fetches.tickers(() => marketData.fetchTickers(undefined, options)));
    } else if (kind === 'fetch-clock')
      await fetch((options) => this.#fetches.clock(() => this.connector.fetchClockOffset(options)));
    else await this.#actOnHandle(kind, fields);
  }

  /** Looks at everything that must hold now; `silentTooLong`: nothing may be live. */
  check(silentTooLong: boolean): void {
    this.#calls.check();
    this.#ears.check();
    if (!this.isClosing) this.#watch.check();
    // While it is being closed it says its last state until the peer has answered, or a second is over.
    const saysLive = this.connector.state === 'live' && !this.isClosing;
    if (silentTooLong && saysLive) this.#stale('the connector');
    for (let at = 0; at < this.#handles.length; at += 1) {
      const { handle, usesBook } = this.#handles[at]!;
      if (!usesBook) continue;
      const { state } = this.#books.check(handle);
      if (silentTooLong && state === 'live') this.#stale(`the book of ${handle.pair}`);
      if (state === 'live' && !saysLive)
        this.#judge.violate('I6', `${handle.pair}: expected no live book without a connection, got one`);
    }
  }

  /** A frame of the connection in use arrived and is about to be handled. */
  arriving(frame: WireFrame): void {
    this.#books.arriving(frame, this.#handles);
    this.#ears.arriving(frame);
  }

  /** It was handled. */
  arrived(frame: WireFrame): void {
    if (this.isClosing || this.connector.state !== 'live') return;
    this.#books.arrived(frame, this.#handles);
    this.#ears.arrived(frame);
  }

  /** Looks at what everybody was told when nothing has been wrong for long. */
  checkTold(): void {
    this.#ears.checkEnd();
  }

  /** Looks at what is subscribed when nothing has been wrong for long. */
  checkTopics(): void {
    this.#watch.checkEnd();
  }

  /** States of the books that somebody wants, and that the venue did not refuse. */
  bookStates(): readonly string[] {
    return this.#handles
      .filter(({ usesBook }) => usesBook)
      .map(({ handle }) => handle.book.read().state)
      .filter((state) => state !== 'closed');
  }

  /** Hears a feed of a handle. */
  listen(open: OpenHandle, feedName: string, manner: string): void {
    this.#ears.listen(open, feedName, manner);
  }

  /** What a listener asks of the connector while it is called. */
  async #meddle(handle: MarketHandle, feedName: string, heard: number): Promise<void> {
    const { pair } = handle;
    if (heard === 2) await this.act('audit', { nth: heard });
    else if (heard === 4) await this.act('open', { pair, streams: 'book', timeoutMs: 9_000 });
    else if (heard === 6) await this.act('close-handle', { nth: heard });
    else if (heard === 8) await this.act('listen', { nth: heard, feed: 'trades', manner: 'once' });
    else if (heard === 10) await this.act('when-live', { nth: heard, timeoutMs: 9_000 });
    else if (heard === (feedName === 'connection' ? 5 : 40)) await this.close();
  }

  async #actOnHandle(kind: string, fields: Fields): Promise<void> {
    const open = this.#handles[Number(fields.nth) % Math.max(1, this.#handles.length)];
    if (open === undefined) return;
    const { book } = open.handle;
    const feed = String(fields.feed);
    if (kind === 'close-handle') this.#closeHandle(open.handle);
    else if (kind === 'listen') this.#use(open, feed, () => this.listen(open, feed, String(fields.manner)));
    else if (kind === 'read')
      await this.#use(open, feed, () => this.#ears.read(open, feed, String(fields.manner)));
    else if (kind === 'look') this.#use(open, 'book', () => this.#look(open.handle));
    else if (kind === 'audit') {
      const terms = this.#terms(fields, 15_000);
      const gaps = this.#ears.bookGaps(open.handle.pair);
      const found = await this.#use(open, 'book', () =>
        this.#calls.later('audit', { ...terms, isDue: () => this.connector.state === 'down' }, () =>
          book.audit(terms.options),
        ),
      );
      if (found !== undefined) this.#judgeAudit(open.handle.pair, found.value, gaps);
    } else if (kind === 'when-live') {
      const terms = this.#terms(fields, undefined);
      const live = await this.#use(open, 'book', () =>
        this.#calls.later('when-live', { ...terms, isDue: () => book.read().state === 'live' }, () =>
          book.whenLive(terms.options),
        ),
      );
      if (live !== undefined) this.#books.checkView(open.handle.pair, live.value);
    } else throw new Error(`the plan has an unknown action: ${kind}`);
  }

  /** An audit finds nothing wrong where nothing can be wrong. */
  #judgeAudit(pair: string, { outcome, sequence }: AuditResult, gaps: ReadonlyMap<object, number>): void {
    const { count, hides, violate } = this.#judge;
    count(`audit: ${outcome}`);
    if (outcome !== 'repaired') return;
    const after = this.#ears.bookGaps(pair);
    if ([...gaps].some(([ear, before]) => after.get(ear) === before))
      violate('I14', `${pair}: expected a gap when an audit repaired the book, got none`);
    if (hasOvertaken(this.#wire.depth(pair), sequence)) count('audit that overtook a change');
    else if (!hides('depth', pair, 0)) violate('I5', `${pair}: expected an audit to agree, got ${outcome}`);
  }

  /** Nobody has the pair open, or is about to. */
  #isUnopened(pair: string): boolean {
    return !this.#opening.includes(pair) && this.#handles.every(({ handle }) => handle.pair !== pair);
  }

  #use<T>(open: OpenHandle, feed: string, act: () => T): T {
    if (feed === 'book') open.usesBook = true;
    return act();
  }

  #look({ book }: MarketHandle): void {
    // A book that is not live throws: that is typed, or a violation.
    this.#calls.now('look', () => book.bestBid());
    this.#calls.now('look', () => book.bestAsk());
    this.#calls.now('look', () => book.stats);
  }

  #busyUse(): BusyUse<OpenHandle> {
    const streams = 'book,trades,ticker';
    return {
      open: (pair, timeoutMs) =>
        this.open(pair, { streams, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
      leave: (pair) => {
        for (const { handle } of this.#handles.filter((open) => open.handle.pair === pair))
          this.#closeHandle(handle);
      },
      audit: (nth) => this.#audit(nth),
      isOver: () => this.isClosing,
    };
  }

  async #audit(nth: number): Promise<boolean> {
    const open = this.#handles[nth];
    if (open === undefined) return false;
    open.usesBook = true;
    const options = { timeoutMs: 3_000 };
    const gaps = this.#ears.bookGaps(open.handle.pair);
    const found = await this.#calls.later('audit', { withinMs: 3_000 }, () =>
      open.handle.book.audit(options),
    );
    if (found !== undefined) this.#judgeAudit(open.handle.pair, found.value, gaps);
    return found !== undefined;
  }

  #closeHandle(handle: MarketHandle): void {
    this.#calls.now('close-handle', () => handle.close());
    this.#watch.closed(handle);
    const at = this.#handles.findIndex((open) => open.handle === handle);
    if (at >= 0) this.#handles.splice(at, 1);
    const { state } = handle.book.read();
    if (state !== 'closed')
      this.#judge.violate(
        'I14',
        `${handle.pair}: expected a closed handle’s book to be closed, got ${state}`,
      );
  }

  #terms(fields: Fields, defaultMs: number | undefined): CallTerms & { readonly options: object } {
    const { abortAfterMs, timeoutMs } = fields;
    const withinMs = timeoutMs === undefined ? defaultMs : Number(timeoutMs);
    const options = timeoutMs === undefined ? {} : { timeoutMs: Number(timeoutMs) };
    const idle = this.#calls.idleSignal();
    if (abortAfterMs === undefined) return { withinMs, ...idle, options: { ...options, ...idle } };
    const abort = new AbortController();
    const reason = new Error('the simulation has no more time');
    void this.#judge.sleep(Number(abortAfterMs)).then(() => abort.abort(reason));
    const soonest = Math.min(withinMs ?? Number.POSITIVE_INFINITY, Number(abortAfterMs));
    const { signal } = abort;
    return { withinMs: soonest, reason, signal, options: { ...options, signal } };
  }

  #stale(what: string): void {
    const silentMs = this.#judge.now() - this.#wire.lastFrameAtMs;
    this.#judge.violate('I6', `expected nothing live after ${silentMs} ms of silence, got ${what}`);
  }
}
