import type {
  BookEvent,
  MarketHandle,
  StreamName,
  TickerEvent,
  TradeEvent,
  VenueError,
} from '@venuekit/connector-core';
import type { Judge } from './judge.ts';
import type { LineWatch } from './line-watch.ts';

/** Channels of the venue. */
const channels: Readonly<Record<StreamName, string>> = {
  book: 'depth',
  trades: 'trades',
  ticker: 'bbo',
};

/** Twice five seconds to be confirmed, and then a moment. */
const confirmedMs = 11_500;
const lookEveryMs = 500;

/** What a watch of handles needs. */
export interface HandleWatchOptions {
  readonly judge: Judge;
  readonly line: LineWatch;
  /** True while the connector is live. */
  readonly isLive: () => boolean;
  readonly busySince: (atMs: number) => number;
  /** True once the connector is being closed. */
  readonly isClosing: () => boolean;
}

interface Watched {
  readonly pair: string;
  readonly streams: readonly StreamName[];
  isClosed: boolean;
}

/**
 * Handles and their subscriptions, held against what went over the line: what a handle was opened with is confirmed, and stays
 * so (`recovery`) unless the venue refuses it; a closed handle tells nothing more (I14); in the end the client is subscribed to
 * what is wanted and no more.
 */
export class HandleWatch {
  readonly #options: HandleWatchOptions;
  readonly #handles = new Map<MarketHandle, Watched>();
  /** How many calls that open a pair are under way. */
  readonly #opening = new Map<string, number>();
  /** Since when wanted topics are not confirmed, on the connection that was dialled then. */
  readonly #missing = new Map<string, { readonly atMs: number; readonly connection: number }>();
  #lookedAtMs = 0;

  constructor(options: HandleWatchOptions) {
    this.#options = options;
  }

  /** Somebody opens a pair: until that is done, its topics may be wanted. */
  async opening<T>(pair: string, call: Promise<T>): Promise<T> {
    this.#opening.set(pair, (this.#opening.get(pair) ?? 0) + 1);
    try {
      return await call;
    } finally {
      this.#opening.set(pair, (this.#opening.get(pair) ?? 0) - 1);
    }
  }

  /** A pair was opened with streams, which listeners of this watch hear from now on. */
  opened(handle: MarketHandle, streams: readonly StreamName[]): void {
    const watched: Watched = { pair: handle.pair, streams, isClosed: false };
    this.#handles.set(handle, watched);
    if (this.#options.isClosing()) return;
    for (const stream of streams) {
      const topic = topicOf(handle.pair, stream);
      if (!this.#options.line.topics.wasConfirmed(topic))
        this.#violate(
          'I14',
          `${topic}: expected to be confirmed when its handle was there, got no word of it`,
        );
      // Whoever hears trades first is told more than others: that is judged elsewhere.
      if (stream !== 'trades') this.#listen(handle, stream, watched);
    }
  }

  /** A handle was closed. */
  closed(handle: MarketHandle): void {
    const watched = this.#handles.get(handle);
    if (watched !== undefined) watched.isClosed = true;
    // Nobody may be there any more who hears when its book is live again.
    this.#options.line.retries.told(handle.pair, 'closed', this.#options.judge.now());
  }

  /** What is wanted is confirmed again on each connection, or there is soon another one. */
  check(): void {
    const { isLive, judge, line } = this.#options;
    const nowMs = judge.now();
    if (nowMs - this.#lookedAtMs < lookEveryMs) return;
    this.#lookedAtMs = nowMs;
    if (!isLive()) line.retries.postpone(nowMs);
    for (const pair of line.overdueSnapshots())
      this.#violate('recovery', `${pair}: expected a snapshot to be asked for again, got no request`);
    if (!isLive() || line.isWaitingForRoom) this.#missing.clear();
    else for (const topic of this.#wanted()) this.#look(topic, nowMs);
  }

  /** Looks at what is subscribed when nothing has been wrong for long and the connector is live. */
  checkEnd(): void {
    const { judge } = this.#options;
    const { topics } = this.#options.line;
    for (const topic of topics.confirmed) {
      if (this.#isHeld(pairOf(topic))) continue;
      this.#violate('recovery', `${topic}: expected to be left in the end, got it subscribed`);
    }
    for (const topic of this.#wanted()) {
      if (topics.wasRefused(topic)) judge.count('topic that the venue refused');
      else if (topics.confirmed.has(topic)) judge.count('topic confirmed in the end');
      else this.#violate('recovery', `${topic}: expected to be confirmed in the end, got no word of it`);
    }
  }

  #look(topic: string, nowMs: number): void {
    const { busySince, line } = this.#options;
    const { connection } = line.topics;
    if (line.topics.confirmed.has(topic) || line.topics.wasRefused(topic)) {
      this.#missing.delete(topic);
      return;
    }
    const since = this.#missing.get(topic);
    if (since?.connection !== connection) this.#missing.set(topic, { atMs: nowMs, connection });
    else if (nowMs - since.atMs > confirmedMs + busySince(since.atMs)) {
      this.#violate(
        'recovery',
        `${topic}: expected to be confirmed within ${confirmedMs} ms, got no word of it`,
      );
      this.#missing.delete(topic);
    }
  }

  #wanted(): ReadonlySet<string> {
    const open = [...this.#handles.values()].filter(({ isClosed }) => !isClosed);
    return new Set(open.flatMap(({ pair, streams }) => streams.map((each) => topicOf(pair, each))));
  }

  /** True if somebody has a handle of the pair, or is about to have one. */
  #isHeld(pair: string): boolean {
    if ((this.#opening.get(pair) ?? 0) > 0) return true;
    return [...this.#handles.values()].some((watched) => watched.pair === pair && !watched.isClosed);
  }

  #listen(handle: MarketHandle, stream: StreamName, watched: Watched): void {
    const topic = topicOf(handle.pair, stream);
    const { judge, line } = this.#options;
    const hear = (event: BookEvent | TradeEvent | TickerEvent): void => {
      if (event.kind === 'book') line.retries.told(handle.pair, event.state, judge.now());
      if (watched.isClosed)
        this.#violate('I14', `${topic}: expected nothing of a closed handle, got ${event.kind}`);
    };
    const onEnd = (error?: VenueError): void => this.#ended(topic, watched, error);
    try {
      if (stream === 'book') handle.book.subscribe(hear, { onEnd });
      else if (stream === 'trades') handle.trades.subscribe(hear, { onEnd });
      else if (stream === 'ticker') handle.ticker.subscribe(hear, { onEnd });
    } catch (error) {
      this.#violate('I12', `${topic}: expected to be heard, got ${String(error)}`);
    }
  }

  /** The closing itself tells of the end, before the call is over. */
  #ended(topic: string, watched: Watched, error: VenueError | undefined): void {
    const { isClosing, judge, line } = this.#options;
    if (error === undefined || isClosing() || watched.isClosed) return;
    if (line.topics.wasRefused(topic)) judge.count('stream that the venue refused');
    else this.#violate('recovery', `${topic}: expected a wanted stream to go on, got its end: ${error.code}`);
  }

  #violate(invariant: string, message: string): void {
    this.#options.judge.violate(invariant, message);
  }
}

function topicOf(pair: string, stream: StreamName): string {
  return `${channels[stream]}:${pair.replace('-', '/')}`;
}

function pairOf(topic: string): string {
  return topic.slice(topic.indexOf(':') + 1).replace('/', '-');
}
