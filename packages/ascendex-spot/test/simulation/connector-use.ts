import type { MarketHandle, StreamName, Trade } from '@venuekit/connector-core';
import type { SimulationStep } from '@venuekit/connector-testkit/simulation';
import type { AscendexSpot } from '../../src/index.ts';
import { tradeText } from '../models/exchange-truth.ts';
import type { WireLog } from '../models/wire-log.ts';
import { BookWatch } from './book-watch.ts';
import { type CallTerms, CallWatch, type CallWatchOptions } from './call-watch.ts';
import { type AnyEvent, type FeedContext, judgedFeed } from './feed-use.ts';
import type { Judge } from './judge.ts';

/** What the use of a connector is made of. */
export interface ConnectorUseOptions extends FeedContext {
  readonly busySince: CallWatchOptions['busySince'];
}

/** A handle that is open. */
interface OpenHandle {
  readonly handle: MarketHandle;
  /** Somebody asked for its book, so that it is subscribed. */
  usesBook: boolean;
}

type Fields = NonNullable<SimulationStep['with']>;

/** Time that closing may take: the session gives its peer a second. A slow reader of ours wakes up meanwhile. */
const closingMs = 2_500;
const slowMs = 700;
const untilMs = 8_000;

/** One connector and everything that one program does with it. */
export class ConnectorUse {
  readonly connector: AscendexSpot;
  readonly #context: FeedContext;
  readonly #judge: Judge;
  readonly #wire: WireLog;
  readonly #calls: CallWatch;
  readonly #books: BookWatch;
  readonly #handles: OpenHandle[] = [];
  /** Nothing is asked of it any more but to close. */
  isClosing = false;

  constructor(options: ConnectorUseOptions) {
    const { busySince, connector, judge, wire } = options;
    const { count, now, violate } = judge;
    this.connector = connector;
    this.#context = options;
    this.#judge = judge;
    this.#wire = wire;
    this.#calls = new CallWatch({ busySince, count, now, violate });
    this.#books = new BookWatch(judge, wire);
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
    const opened = await this.#calls.later('open', terms, () =>
      this.connector.marketData.open(pair, { ...terms.options, streams }),
    );
    if (opened === undefined) return undefined;
    const open: OpenHandle = { handle: opened.value, usesBook: streams.includes('book') };
    this.#handles.push(open);
    return open;
  }

  /** Closes it. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.#calls.closing(closingMs);
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
    else if (kind === 'fetch-book') {
      await fetch(async (options) => this.#books.checkFetched(await marketData.fetchBook(pair, options)));
    } else if (kind === 'fetch-trades') {
      await fetch(async (options) => this.#checkTrades(await marketData.fetchTrades(pair, options)));
    } else if (kind === 'fetch-tickers')
      await fetch((options) => marketData.fetchTickers(undefined, options));
    else if (kind === 'fetch-clock') await fetch((options) => this.connector.fetchClockOffset(options));
    else await this.#actOnHandle(kind, fields);
  }

  /** Looks at everything that must hold now; `silentTooLong`: nothing may be live. */
  check(silentTooLong: boolean): void {
    this.#calls.check();
    // While it is being closed it says its last state until the peer has answered, or a second is over.
    const saysLive = this.connector.state === 'live' && !this.isClosing;
    if (silentTooLong && saysLive) this.#stale('the connector');
    for (let at = 0; at < this.#handles.length; at += 1) {
      const { handle, usesBook } = this.#handles[at]!;
      if (!usesBook) continue;
      const { state } = this.#books.check(handle);
      if (silentTooLong && state === 'live') this.#stale(`the book of ${handle.pair}`);
    }
  }

  /** States of the books that somebody wants, and that the venue did not refuse. */
  bookStates(): readonly string[] {
    return this.#handles
      .filter(({ usesBook }) => usesBook)
      .map(({ handle }) => handle.book.read().state)
      .filter((state) => state !== 'closed');
  }

  /** Hears a feed of a handle. */
  listen({ handle }: OpenHandle, feedName: string, manner: string): void {
    const { judge: judgeEvent, feed } = judgedFeed(feedName, handle, this.#context);
    let opening = true;
    let heard = 0;
    let left = false;
    const leave = () => {
      left = true;
      subscription?.[Symbol.dispose]();
    };
    const hear = (event: AnyEvent) => {
      if (left)
        this.#judge.violate(
          'I14',
          `${handle.pair} ${feedName}: expected nothing after dispose, got ${event.kind}`,
        );
      heard += 1;
      judgeEvent(event, opening);
      if (manner === 'once' && !opening) leave();
      if (manner === 'closing' && heard === 3) this.#closeHandle(handle);
      if (manner === 'meddling') void this.#meddle(handle, feedName, heard);
    };
    if (manner === 'throwing') this.#listenAndThrow(feedName, handle);
    const subscription = this.#calls.now(`listen ${feedName}`, () => feed.subscribe(hear));
    opening = false;
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

  /** A listener that throws is alone with that: the one behind it hears as much. What each is told on arrival is its own affair. */
  #listenAndThrow(feedName: string, handle: MarketHandle): void {
    const { feed } = judgedFeed(feedName, handle, this.#context);
    const { count, violate } = this.#judge;
    let [opening, thrown, heard] = [true, 0, 0];
    const hearAndThrow = () => {
      if (thrown !== heard)
        violate('I12', `${feedName}: expected ${thrown} events behind a listener that throws, got ${heard}`);
      if (!opening) thrown += 1;
      count('listener threw');
      throw new Error('a listener of the simulation throws');
    };
    const hear = () => {
      if (!opening) heard += 1;
    };
    this.#calls.now(`listen ${feedName}`, () => feed.subscribe(hearAndThrow));
    this.#calls.now(`listen ${feedName}`, () => feed.subscribe(hear));
    opening = false;
  }

  #checkTrades(trades: readonly Trade[]): void {
    for (const { amount, pair, price, side, tradeId, venueTimeMs } of trades) {
      const text = tradeText(`${price}`, `${amount}`, side, venueTimeMs);
      const known = this.#judge.truth.trade(pair, tradeId)?.text;
      if (known !== text)
        this.#judge.violate('I5', `${pair}: expected trade ${tradeId} as ${known}, got ${text}`);
    }
  }

  async #actOnHandle(kind: string, fields: Fields): Promise<void> {
    const open = this.#handles[Number(fields.nth) % Math.max(1, this.#handles.length)];
    if (open === undefined) return;
    const { book } = open.handle;
    const feed = String(fields.feed);
    if (kind === 'close-handle') this.#closeHandle(open.handle);
    else if (kind === 'listen') this.#use(open, feed, () => this.listen(open, feed, String(fields.manner)));
    else if (kind === 'read')
      await this.#use(open, feed, () => this.#read(open.handle, feed, String(fields.manner)));
    else if (kind === 'look') this.#use(open, 'book', () => this.#look(open.handle));
    else if (kind === 'audit') {
      const terms = this.#terms(fields, 15_000);
      const found = await this.#use(open, 'book', () =>
        this.#calls.later('audit', terms, () => book.audit(terms.options)),
      );
      if (found !== undefined) this.#judgeAudit(open.handle.pair, found.value.outcome);
    } else if (kind === 'when-live') {
      const terms = this.#terms(fields, undefined);
      const live = await this.#use(open, 'book', () =>
        this.#calls.later('when-live', terms, () => book.whenLive(terms.options)),
      );
      if (live !== undefined) this.#books.checkView(open.handle.pair, live.value, () => undefined);
    } else throw new Error(`the plan has an unknown action: ${kind}`);
  }

  /** An audit finds nothing wrong where nothing can be wrong. */
  #judgeAudit(pair: string, outcome: string): void {
    const { count, hidesDepth, violate } = this.#judge;
    count(`audit: ${outcome}`);
    if (outcome === 'repaired' && !hidesDepth)
      violate('I5', `${pair}: expected an audit to agree, got ${outcome}`);
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

  #closeHandle(handle: MarketHandle): void {
    this.#calls.now('close-handle', () => handle.close());
    const at = this.#handles.findIndex((open) => open.handle === handle);
    if (at >= 0) this.#handles.splice(at, 1);
    const { state } = handle.book.read();
    if (state !== 'closed')
      this.#judge.violate(
        'I14',
        `${handle.pair}: expected a closed handle’s book to be closed, got ${state}`,
      );
  }

  async #read(handle: MarketHandle, feedName: string, manner: string): Promise<void> {
    const { judge: judgeEvent, feed } = judgedFeed(feedName, handle, this.#context);
    const ending = new AbortController();
    if (manner === 'until') void this.#judge.sleep(untilMs).then(() => ending.abort());
    await this.#calls.later(`read ${feedName}`, {}, async () => {
      let read = 0;
      for await (const event of manner === 'until' ? feed.until(ending.signal) : feed) {
        judgeEvent(event, true);
        read += 1;
        if (manner === 'leaving' && read === 5) break;
        if (manner === 'slow') await this.#judge.sleep(slowMs);
        // What it has not read would still come after the end, one by one.
        if (manner === 'slow' && this.isClosing) break;
      }
    });
  }

  #terms(fields: Fields, defaultMs: number | undefined): CallTerms & { readonly options: object } {
    const { abortAfterMs, timeoutMs } = fields;
    const withinMs = timeoutMs === undefined ? defaultMs : Number(timeoutMs);
    const options = timeoutMs === undefined ? {} : { timeoutMs: Number(timeoutMs) };
    if (abortAfterMs === undefined) return { withinMs, options };
    const abort = new AbortController();
    const reason = new Error('the simulation has no more time');
    void this.#judge.sleep(Number(abortAfterMs)).then(() => abort.abort(reason));
    const soonest = Math.min(withinMs ?? Number.POSITIVE_INFINITY, Number(abortAfterMs));
    return { withinMs: soonest, reason, options: { ...options, signal: abort.signal } };
  }

  #stale(what: string): void {
    const silentMs = this.#judge.now() - this.#wire.lastFrameAtMs;
    this.#judge.violate('I6', `expected nothing live after ${silentMs} ms of silence, got ${what}`);
  }
}
