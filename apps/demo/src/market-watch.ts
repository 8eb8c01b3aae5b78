import {
  type ConnectorEvent,
  isVenueError,
  type MarketDataConnector,
  type MarketHandle,
  type Pair,
  type VenueErrorCode,
} from '@venuekit/connector-core';
import type { EventLog } from './event-log.ts';
import { messageOf } from './input-error.ts';
import { PairWatch } from './pair-watch.ts';
import { TradeTape } from './trade-tape.ts';
import type { PairRow } from './view-model.ts';

/** A pair that the venue would not open. */
export interface RefusedPair {
  readonly pair: Pair;
  readonly reason: string;
}

/** What is opened for every pair. */
const streams = ['book', 'trades', 'ticker'] as const;

/** Errors that concern one pair and leave the others alone. */
const ofOnePair: ReadonlySet<VenueErrorCode> = new Set(['market-unavailable', 'unsupported', 'timeout']);

/** Follows a connector and all pairs that are opened on it. */
export class MarketWatch {
  readonly tape: TradeTape = new TradeTape();
  readonly #connector: MarketDataConnector;
  readonly #log: EventLog;
  readonly #events: Disposable;
  #pairs: readonly Pair[] = [];
  readonly #watches = new Map<Pair, PairWatch>();
  readonly #confirmed = new Set<Pair>();
  readonly #refused = new Map<Pair, RefusedPair>();
  #wasLive = false;
  #live = 0;

  constructor(connector: MarketDataConnector, log: EventLog) {
    this.#connector = connector;
    this.#log = log;
    this.#events = connector.events.subscribe((event) => this.#onConnector(event));
  }

  /** Pairs of which the venue has confirmed every stream. */
  get open(): readonly MarketHandle[] {
    return this.#pairs.flatMap((pair) =>
      this.#confirmed.has(pair) ? (this.#watches.get(pair)?.handle ?? []) : [],
    );
  }

  /** Pairs that the venue refused, or has not confirmed so far. */
  get missing(): readonly RefusedPair[] {
    const unanswered = this.#pairs.filter((pair) => !this.#confirmed.has(pair) && !this.#refused.has(pair));
    return [
      ...this.#refused.values(),
      ...unanswered.map((pair) => ({ pair, reason: 'the venue did not confirm it' })),
    ];
  }

  /**
   * Opens all pairs in one tick, so that they share their subscribe messages. Resolves when each is open or refused.
   * @throws VenueError if the connection fails meanwhile, or the reason of `signal`.
   */
  async openAll(pairs: readonly Pair[], signal: AbortSignal): Promise<void> {
    this.#pairs = pairs;
    await Promise.all(pairs.map((pair) => this.#open(pair, signal)));
  }

  /** All pairs at this moment, in the order in which they were asked for. */
  rows(): readonly PairRow[] {
    return this.#pairs.map(
      (pair) => this.#watches.get(pair)?.row() ?? emptyRow(pair, this.#refused.has(pair)),
    );
  }

  /** Stops listening and ends all handles. */
  close(): void {
    this.#events[Symbol.dispose]();
    for (const watch of this.#watches.values()) watch.close();
  }

  async #open(pair: Pair, signal: AbortSignal): Promise<void> {
    const { marketData } = this.#connector;
    try {
      // Listening first: at full speed, trades come in the same packet as the confirmation that `open` waits for.
      this.#watchPair(await marketData.open(pair, { signal }));
      const confirmed = await marketData.open(pair, { streams, signal });
      confirmed.close();
      this.#confirmed.add(pair);
    } catch (error) {
      if (!isVenueError(error) || !ofOnePair.has(error.code)) throw error;
      this.#watches.get(pair)?.close();
      this.#watches.delete(pair);
      this.#refused.set(pair, { pair, reason: messageOf(error) });
      // Of a refusal, the connector itself has told.
      if (error.code === 'timeout') this.#log.note('bad', error.message, pair);
    }
  }

  #watchPair(handle: MarketHandle): void {
    const onFirstLive = (): void => {
      this.#live += 1;
      if (this.#live === this.#pairs.length)
        this.#log.note('good', `every book is live, ${this.#live} in all`);
    };
    this.#watches.set(handle.pair, new PairWatch(handle, this.#log, this.tape, onFirstLive));
  }

  #onConnector(event: ConnectorEvent): void {
    if (event.kind === 'connection') {
      const reason = event.reason === undefined ? '' : `: ${event.reason}`;
      if (event.state === 'live') {
        if (this.#wasLive) this.#log.note('good', 'connection live again');
        this.#wasLive = true;
      } else if (this.#wasLive && event.state !== 'closed') {
        this.#log.note(event.state === 'down' ? 'bad' : 'note', `connection ${event.state}${reason}`);
      }
    } else if (event.kind === 'subscription-refused') {
      this.#log.note('bad', `${event.stream} refused: ${event.error.message}`, event.pair);
    } else if (event.kind !== 'gap') {
      // A gap of the whole connection is told by the connection itself and by every book.
      this.#log.note('bad', event.error.message);
    }
  }
}

function emptyRow(pair: Pair, refused: boolean): PairRow {
  const counts = { applied: 0, dropped: 0, gaps: 0, resyncs: 0, trades: 0 };
  const prices = { bid: undefined, ask: undefined, lastTrade: undefined, priceDecimals: 0 };
  return { pair, state: refused ? 'refused' : 'opening', ...prices, ...counts };
}
