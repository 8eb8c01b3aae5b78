import type { Decimal, DepthUpdate, StreamName } from '@venuekit/connector-core';
import type { MarketSessions } from '../../src/market-data/market-sessions.ts';
import type { TopicObserver } from '../../src/stream/subscriptions.ts';
import type { ManualRuntime } from '../../src/testing/manual-runtime.ts';

/** A price with what rests there, as text. */
export type Level = readonly [price: string, amount: string];

/** What the venue has to say to its client. */
export interface VenueTongue {
  depth(update: DepthUpdate): void;
  ticker(bid: Level | undefined, ask: Level | undefined): void;
  trade(tradeId: string, venueTimeMs: number): void;
  snapshot(update: DepthUpdate): void;
  newestTrades(tradeIds: readonly string[]): void;
}

/** What ends the muteness of a stream: nothing but the venue itself, a new connection, or a new subscription. */
export type Cure = 'none' | 'connection' | 'subscription';

/** Somebody asked for a stream anew. */
export interface Marking {
  readonly stream: StreamName;
  readonly atMs: number;
  readonly by: 'renewal' | 'connection';
  readonly reason: string;
  readonly sinceMs: number;
  /** What the venue had to say on it and did not, since the stream was confirmed. */
  readonly owed: number;
}

interface Topic {
  readonly observer: TopicObserver;
  confirmed: boolean;
  /** Rises with each time that it is asked for. */
  times: number;
  confirmedAt: number;
  /** Something was said since it was confirmed. */
  heard: boolean;
  owed: number;
  /** Since when something is owed that a client can know of, and nothing was said. */
  owedSince: number | undefined;
}

/** How long anything is on its way, in milliseconds. */
const wayMs = 30;
const publishMs = 300;
/** A client of a stream that has said nothing yet knows after so long what there was before it. */
const learningMs = 3_200;

/**
 * A venue with one market that can fall silent on one stream: books every 300 ms if they have changed, best prices and trades at once.
 * It knows what it has said and what it owes.
 */
export class SilentVenue {
  readonly sessions: MarketSessions;
  readonly markings: Marking[] = [];
  /** When snapshots and newest trades were asked for, in milliseconds of the forward clock. */
  readonly asked = { snapshots: [] as number[], trades: [] as number[] };
  connections = 1;
  readonly #runtime: ManualRuntime;
  readonly #tongue: VenueTongue;
  readonly #topics = new Map<StreamName, Topic>();
  readonly #mute = new Map<StreamName, Cure>();
  readonly #bids = new Map<string, string>([
    ['90', '1'],
    ['80', '1'],
  ]);
  readonly #asks = new Map<string, string>([
    ['110', '1'],
    ['120', '1'],
  ]);
  #published: DepthUpdate = this.#image(100n, 0);
  #toldBest = '';
  readonly #trades: string[] = ['1'];
  #publishing: Disposable | undefined;
  #lastFrameMs = 0;

  constructor(runtime: ManualRuntime, tongue: VenueTongue) {
    this.#runtime = runtime;
    this.#tongue = tongue;
    this.#toldBest = JSON.stringify(this.best());
    this.sessions = {
      epoch: () => this.connections,
      reconnect: (_symbol, reason) => this.#reconnect(reason),
      subscribe: ({ channel }, observer) => this.#subscribe(channel as StreamName, observer),
    };
  }

  /** The best levels at this moment. */
  best(): { readonly bid: Level | undefined; readonly ask: Level | undefined } {
    const best = (levels: ReadonlyMap<string, string>, sign: number): Level | undefined =>
      [...levels].sort(([a], [b]) => sign * (Number(a) - Number(b)))[0];
    return { bid: best(this.#bids, -1), ask: best(this.#asks, 1) };
  }

  /** The book as it was published last. */
  get published(): DepthUpdate {
    return this.#published;
  }

  /** True while the stream is confirmed. */
  isConfirmed(stream: StreamName): boolean {
    return this.#topics.get(stream)?.confirmed ?? false;
  }

  /** Something rests at a price, or nothing with amount 0. */
  rest(side: 'bid' | 'ask', price: string, amount: string): void {
    const levels = side === 'bid' ? this.#bids : this.#asks;
    if (amount === '0') levels.delete(price);
    else levels.set(price, amount);
    this.#publishing ??= this.#runtime.timers.setTimer(publishMs, () => this.#publish(), 'venue-publish');
    const best = JSON.stringify(this.best());
    if (best === this.#toldBest) return;
    this.#toldBest = best;
    const { bid, ask } = this.best();
    this.#say('ticker', () => this.#tongue.ticker(bid, ask));
  }

  /** A trade happens. */
  trade(): void {
    const id = `${this.#trades.length + 1}`;
    this.#trades.push(id);
    const at = this.#runtime.clock.now();
    this.#say('trades', () => this.#tongue.trade(id, at));
  }

  /** From now on nothing is said on a stream. */
  mute(stream: StreamName, cure: Cure = 'none'): void {
    this.#mute.set(stream, cure);
  }

  unmute(stream: StreamName): void {
    this.#mute.delete(stream);
  }

  isMute(stream: StreamName): boolean {
    return this.#mute.has(stream);
  }

  /** The client stands still, in which time it learns nothing. */
  stall(ms: number): void {
    this.#runtime.stall(ms);
    for (const topic of this.#topics.values()) topic.confirmedAt += ms;
  }

  /** Since when a stream owes something of which its client can know, on the forward clock; `undefined` while it does not. */
  owedSince(stream: StreamName): number | undefined {
    return this.#topics.get(stream)?.owedSince;
  }

  requestSnapshot(): boolean {
    this.asked.snapshots.push(this.#runtime.clock.monotonic());
    this.#answer(() => {
      const update = this.#published;
      return () => this.#tongue.snapshot(update);
    });
    return true;
  }

  requestTrades(): void {
    this.asked.trades.push(this.#runtime.clock.monotonic());
    this.#answer(() => {
      const newest = this.#trades.slice(-10);
      return () => this.#tongue.newestTrades(newest);
    });
  }

  #answer(prepare: () => () => void): void {
    const connection = this.connections;
    this.#later(wayMs, () => {
      const give = prepare();
      this.#later(wayMs, () => connection === this.connections && give());
    });
  }

  #image(sequence: bigint, venueTimeMs: number): DepthUpdate {
    return { sequence, venueTimeMs, bids: [...this.#bids], asks: [...this.#asks] };
  }

  #publish(): void {
    this.#publishing = undefined;
    const before = this.#published;
    const now = this.#image(before.sequence + 1n, this.#runtime.clock.now());
    const bids = changes(before.bids, now.bids);
    const asks = changes(before.asks, now.asks);
    if (bids.length + asks.length === 0) return;
    this.#published = now;
    this.#say('book', () => this.#tongue.depth({ ...now, bids, asks }));
  }

  #say(stream: StreamName, give: () => void): void {
    const topic = this.#topics.get(stream);
    if (topic === undefined || !topic.confirmed) return;
    if (this.#mute.has(stream)) {
      const now = this.#runtime.clock.monotonic();
      topic.owed += 1;
      if (topic.heard || now - topic.confirmedAt > learningMs) topic.owedSince ??= now;
      return;
    }
    topic.owedSince = undefined;
    const { times } = topic;
    this.#later(wayMs, () => {
      if (topic.times !== times || !topic.confirmed) return;
      this.#lastFrameMs = this.#runtime.clock.now();
      topic.heard = true;
      give();
    });
  }

  #subscribe(stream: StreamName, observer: TopicObserver): ReturnType<MarketSessions['subscribe']> {
    const topic: Topic = {
      ...{ observer, confirmed: false, times: 0, confirmedAt: 0, heard: false, owed: 0 },
      owedSince: undefined,
    };
    this.#topics.set(stream, topic);
    this.#confirm(topic, 2 * wayMs);
    return {
      get confirmed() {
        return topic.confirmed;
      },
      unsubscribe: () => {
        topic.times += 1;
        this.#topics.delete(stream);
      },
      renew: (reason, sinceMs = 0) => {
        if (!topic.confirmed) return;
        this.#mark(stream, topic, { by: 'renewal', reason, sinceMs });
        if (this.#mute.get(stream) === 'subscription') this.#mute.delete(stream);
        topic.confirmed = false;
        this.#confirm(topic, 2 * wayMs);
        topic.observer.lost(reason, sinceMs);
      },
    };
  }

  #mark(
    stream: StreamName,
    { owed }: Topic,
    { by, reason, sinceMs }: Pick<Marking, 'by' | 'reason' | 'sinceMs'>,
  ): void {
    this.markings.push({ stream, atMs: this.#runtime.clock.monotonic(), by, reason, sinceMs, owed });
  }

  #confirm(topic: Topic, afterMs: number): void {
    topic.times += 1;
    topic.owedSince = undefined;
    const { times } = topic;
    this.#later(afterMs, () => {
      if (topic.times !== times) return;
      const confirmedAt = this.#runtime.clock.monotonic();
      const fresh = { confirmed: true, owed: 0, heard: false, owedSince: undefined };
      Object.assign(topic, { ...fresh, confirmedAt });
      topic.observer.confirmed();
    });
  }

  #reconnect(reason: string): void {
    this.connections += 1;
    for (const [stream, cure] of this.#mute) if (cure !== 'none') this.#mute.delete(stream);
    for (const topic of [...this.#topics.values()]) {
      const { confirmed } = topic;
      topic.confirmed = false;
      this.#confirm(topic, 500);
      if (confirmed) topic.observer.lost(reason, this.#lastFrameMs);
    }
  }

  #later(ms: number, act: () => void): void {
    this.#runtime.timers.setTimer(ms, act, 'venue');
  }
}

/** What changed from one list of levels to the next; amount 0 for what is gone. */
function changes(before: readonly Level[], after: readonly Level[]): Level[] {
  const left = new Map(before);
  const changed: Level[] = [];
  for (const [price, amount] of after) {
    if (left.get(price) !== amount) changed.push([price, amount]);
    left.delete(price);
  }
  return [...changed, ...[...left.keys()].map((price): Level => [price, '0'])];
}

/** Reads a decimal of the code under test as text. */
export function textOf(value: { readonly price: Decimal; readonly amount: Decimal } | undefined): string {
  return value === undefined ? 'none' : `${value.price} ${value.amount}`;
}
