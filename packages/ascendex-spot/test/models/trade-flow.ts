import type { TradeEvent } from '@venuekit/connector-core';
import { type ExchangeTruth, tradeText } from './exchange-truth.ts';
import { GapBounds, type Manner } from './gap-bounds.ts';
import type { Arrival, WireFrame, WireLog } from './wire-log.ts';

/** What a flow is judged by. */
export interface TradeFlowOptions {
  readonly pair: string;
  readonly truth: ExchangeTruth;
  readonly wire: WireLog;
  /** True if the venue may have left trades out, or changed their order, without a sign on the wire, since a time of its own. */
  readonly venueLies: (sinceMs: number) => boolean;
  readonly violate: (message: string) => void;
  readonly count: (name: string) => void;
  /** Local time of the process. */
  readonly localNow: () => number;
  /** The newest frame when the confirmation was known, if nobody else has heard the flow: it is complete from there on. */
  readonly openedAt: Arrival | undefined;
}

/** How far before the first trade of a flow one is looked for that was left out. */
const mostBeforeFirst = 30;

/**
 * The rule of one consumer's trades.
 *
 * Trades have numbers that rise with holes, so a trade that never came shows nowhere. TCP loses nothing within a connection and
 * everything behind its end; so of a connection's trades all must be told that arrived, and what may be missing between two
 * connections, or in a frame that could not be read, must be announced by a gap before the next trade. A venue that leaves out
 * a frame in mid-stream (silence, mute, a frame that vanishes) cannot be found out: such holes are counted, and are a violation
 * in a run without such faults. The order is that of the wire, and that of the venue unless frames changed places.
 */
export class TradeFlow {
  readonly #options: TradeFlowOptions;
  readonly #told = new Set<string>();
  /** Anything was told. */
  #begun = false;
  #started = false;
  /** The newest frame when the flow was said to be complete. */
  #startFrame = 0;
  /** The connection on which it is complete; `undefined` if that is not known. */
  #startConnection: number | undefined;
  /** The connection in use when it was said to be complete. */
  #freshConnection = 0;
  readonly #bounds: GapBounds;
  #gaps = 0;
  /** What the frames that arrived since the last look must have brought. */
  #owed: string[] = [];
  #owesGap = false;
  /** The newest trade since the last gap. */
  #last: (Arrival & { readonly place: number; readonly atMs: number }) | undefined;
  #highest = -1;
  #newestFrame = 0;

  constructor(options: TradeFlowOptions) {
    this.#options = options;
    this.#bounds = new GapBounds(options.wire);
  }

  /** True if it was said to be complete while a connection was in use. */
  isFresh(connection: number): boolean {
    return this.#started && this.#freshConnection === connection;
  }

  /** An event was told. */
  take(event: TradeEvent, manner: Manner): void {
    if (event.kind === 'start') this.#start(manner);
    else if (event.kind === 'gap') this.#gap(event, manner);
    else this.#trade(event, manner);
    this.#begun = true;
  }

  /** A frame arrived and is about to be handled: what is in it must be told. */
  arriving({ broken, connection, kind, pair, tradeIds }: WireFrame): void {
    if (!this.#started || this.#startConnection !== connection) return;
    const isOurs = kind === 'trades' && pair === this.#options.pair;
    if (isOurs) this.#owed.push(...tradeIds);
    if (broken && (isOurs || kind === 'unreadable')) this.#owesGap = true;
    else this.#bounds.good(isOurs);
  }

  /** Everything that arrived has been told. */
  settle(): void {
    if (this.#owesGap && this.#gaps === 0)
      this.#options.violate(
        `${this.#options.pair}: expected a gap for a frame that cannot be read, got none`,
      );
    for (const id of this.#owed) if (!this.#told.has(id)) this.#complain(id, 'never, though it arrived');
    this.#owed = [];
    this.#owesGap = false;
    this.#gaps = 0;
  }

  #start(manner: Manner): void {
    const { openedAt, pair, wire } = this.#options;
    const { connection, frame } = wire.newest;
    this.#started = true;
    this.#startFrame = frame;
    this.#startConnection = connection;
    this.#freshConnection = connection;
    if (manner !== 'opening') this.#bounds.good(true);
    if (manner !== 'opening') return;
    this.#startConnection = openedAt?.connection === connection ? connection : undefined;
    if (this.#startConnection === undefined || openedAt === undefined) return;
    this.#bounds.opened();
    this.#startFrame = openedAt.frame;
    for (const [id, arrival] of wire.trades(pair)) if (arrival.frame > openedAt.frame) this.#owed.push(id);
  }

  #gap(event: Extract<TradeEvent, { kind: 'gap' }>, manner: Manner): void {
    const { count, localNow, pair, violate } = this.#options;
    count('gap in trades');
    // Whoever comes during an outage hears of it first, and then from when the flow is complete.
    if (!this.#begun) count('flow of trades that began with a gap');
    if (event.fromMs > event.toMs) count('gap across a clock that went back');
    const problem = manner === 'told' ? this.#bounds.problemOf(event, localNow()) : undefined;
    if (problem !== undefined) violate(`${pair} trades: ${problem}`);
    this.#started = false;
    this.#last = undefined;
    this.#gaps += 1;
  }

  #trade(event: Extract<TradeEvent, { kind: 'trade' }>, manner: Manner): void {
    const { count, pair, truth, wire } = this.#options;
    const { tradeId, price, amount, side, venueTimeMs } = event;
    count('trade told');
    if (!this.#started) this.#complain(tradeId, 'before a start');
    if (this.#told.has(tradeId)) this.#complain(tradeId, 'twice');
    this.#told.add(tradeId);
    const text = tradeText(`${price}`, `${amount}`, side, venueTimeMs);
    const known = truth.trade(pair, tradeId);
    const arrival = wire.trade(pair, tradeId);
    if (known?.text !== text) this.#complain(tradeId, `which the venue knows as ${known?.text}, as ${text}`);
    if (arrival === undefined) this.#complain(tradeId, 'that never arrived');
    if (known === undefined || arrival === undefined) return;
    if (event.pair !== pair) this.#complain(tradeId, `as one of ${event.pair}`);
    const isNow = manner !== 'told' || event.receivedAtMs === wire.newest.localMs;
    if (!isNow || !arrival.times.includes(event.receivedAtMs))
      this.#complain(
        tradeId,
        `as if it had arrived at ${event.receivedAtMs}, not ${arrival.times.join(', ')}`,
      );
    const atMs = venueTimeMs ?? 0;
    this.#order(tradeId, known.place, arrival.frame, atMs);
    this.#complete(tradeId, known.place, arrival);
    this.#last = { place: known.place, atMs, ...arrival };
  }

  #order(tradeId: string, place: number, frame: number, atMs: number): void {
    const { venueLies } = this.#options;
    if (frame < this.#newestFrame) this.#complain(tradeId, 'behind one that arrived later');
    if (place < this.#highest && !venueLies(atMs)) this.#complain(tradeId, 'out of the venue’s order');
    this.#newestFrame = Math.max(frame, this.#newestFrame);
    this.#highest = Math.max(place, this.#highest);
  }

  /** Nothing that is known to be missing lies between the last trade and this one. */
  #complete(
    tradeId: string,
    place: number,
    { frame, connection }: { frame: number; connection: number },
  ): void {
    const last = this.#last;
    if (last === undefined) {
      this.#completeSinceStart(place, frame);
      return;
    }
    const { count, pair, truth, venueLies, wire } = this.#options;
    if (wire.brokeBetween(pair, last.frame, frame))
      this.#complain(tradeId, 'without a gap for an unreadable frame');
    for (const missing of truth.tradesBetween(pair, last.place, place)) {
      if (this.#told.has(missing)) continue;
      const arrival = wire.trade(pair, missing);
      const arrived = arrival !== undefined && arrival.frame < frame;
      if (arrived) this.#complain(missing, 'never, though it arrived');
      else if (last.connection !== connection)
        this.#complain(tradeId, `without a gap for ${missing}, lost between connections`);
      else if (venueLies(last.atMs)) count('trade that the venue withheld');
      else this.#complain(missing, 'never, and the venue withheld nothing');
    }
  }

  /** Of what arrived since the start, nothing is missing before the first trade. */
  #completeSinceStart(place: number, frame: number): void {
    const { pair, truth, wire } = this.#options;
    for (const missing of truth.tradesBetween(pair, Math.max(-1, place - mostBeforeFirst), place)) {
      const arrival = wire.trade(pair, missing);
      if (arrival === undefined || arrival.frame <= this.#startFrame || arrival.frame >= frame) continue;
      if (!this.#told.has(missing)) this.#complain(missing, 'never, though it arrived after the start');
    }
  }

  #complain(tradeId: string, what: string): void {
    this.#options.violate(`${this.#options.pair}: trade ${tradeId} was told ${what}`);
  }
}
