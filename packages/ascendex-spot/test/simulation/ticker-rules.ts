import type { TickerChanged, TickerEvent } from '@venuekit/connector-core';
import { bestText } from '../models/exchange-truth.ts';
import { GapBounds, type Manner } from '../models/gap-bounds.ts';
import type { WireFrame } from '../models/wire-log.ts';
import { type AnyEvent, expectLive, type FeedContext, type FeedRules } from './feed-rules.ts';

/** What a consumer of a ticker is told: the venue's best prices as they come, none of an old connection, and a gap for each loss. */
export class TickerRules implements FeedRules {
  readonly #pair: string;
  readonly #context: FeedContext;
  readonly #bounds: GapBounds;
  /** The newest best prices that were told. */
  #told: string | undefined;
  /** The newest frame when it came. */
  readonly #startFrame: number;
  #owed: string | undefined;
  /** The connection of the newest ticker since the last gap. */
  #connection: number | undefined;

  constructor(pair: string, context: FeedContext) {
    this.#pair = pair;
    this.#context = context;
    this.#bounds = new GapBounds(context.wire);
    this.#startFrame = context.wire.newest.frame;
  }

  take(event: AnyEvent, manner: Manner): void {
    if (event.kind === 'ticker') this.#ticker(event, manner);
    else this.#gap(event as Extract<TickerEvent, { kind: 'gap' }>, manner);
  }

  arriving({ connection, kind, pair }: WireFrame): void {
    if (connection === this.#connection) this.#bounds.good(kind === 'bbo' && pair === this.#pair);
  }

  arrived({ kind, pair }: WireFrame): void {
    if (kind === 'bbo' && pair === this.#pair && this.#isPromised)
      this.#owed = this.#context.wire.best(pair)?.text;
  }

  /**
   * Before the confirmation nothing is promised. One from before this consumer came may have been that of a handle which was closed
   * since, so that the topic has to be asked for anew: then nothing was told yet.
   */
  get #isPromised(): boolean {
    const { line, wire } = this.#context;
    if (!line.topics.confirmed.has(`bbo:${this.#pair.replace('-', '/')}`)) return false;
    return this.#told !== undefined || (wire.confirmed('bbo', this.#pair)?.frame ?? 0) > this.#startFrame;
  }

  settle(): void {
    if (this.#owed !== undefined && this.#told !== this.#owed)
      this.#violate('I14', `expected to be told ${this.#owed}, last got ${this.#told}`);
    this.#owed = undefined;
  }

  isFresh(connection: number): boolean {
    return this.#connection === connection;
  }

  #ticker(event: TickerChanged, manner: Manner): void {
    const { connector, judge, wire } = this.#context;
    const { ask, bid, pair, receivedAtMs, venueTimeMs } = event;
    judge.count('ticker told');
    if (manner === 'told') expectLive(this.#pair, 'ticker', connector, judge);
    const texts = [bid, ask].map((level) => level && [`${level.price}`, `${level.amount}`]);
    const text = bestText(venueTimeMs, texts[0], texts[1]);
    this.#told = text;
    if (pair !== this.#pair) this.#violate('I14', `expected prices of this pair, got some of ${pair}`);
    if (!judge.truth.wasBest(this.#pair, text))
      this.#violate('I5', `expected best prices of the venue, got ${text}`);
    if (!wire.bestTimes(this.#pair, text).includes(receivedAtMs))
      this.#violate('I14', `expected prices at the time of their arrival, got ${receivedAtMs} for ${text}`);
    const newest = wire.best(this.#pair);
    if (manner === 'read') this.#connection = newest?.connection;
    else this.#expectNewest(text, newest?.text, newest?.connection);
  }

  #expectNewest(text: string, newest: string | undefined, connection: number | undefined): void {
    if (text !== newest) this.#violate('I14', `expected the newest prices, ${newest}, got ${text}`);
    if (connection !== this.#context.wire.newest.connection)
      this.#violate('I14', `epoch: expected no prices of an old connection, got ${text}`);
    if (this.#connection !== undefined && connection !== this.#connection)
      this.#violate('I14', 'expected a gap after the loss of the connection, got none');
    this.#connection = connection;
    this.#bounds.good(true);
  }

  #gap(event: Extract<TickerEvent, { kind: 'gap' }>, manner: Manner): void {
    const { judge, localNow } = this.#context;
    judge.count('gap in ticker');
    const problem = manner === 'told' ? this.#bounds.problemOf(event, localNow()) : undefined;
    if (problem !== undefined) this.#violate('I14', problem);
    this.#connection = undefined;
  }

  #violate(invariant: string, message: string): void {
    this.#context.judge.violate(invariant, `${this.#pair} ticker: ${message}`);
  }
}
