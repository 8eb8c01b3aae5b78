import type { TradeEvent } from '@venuekit/connector-core';
import { type ExchangeTruth, tradeText } from './exchange-truth.ts';
import type { WireLog } from './wire-log.ts';

/** What a flow is judged by. */
export interface TradeFlowOptions {
  readonly pair: string;
  readonly truth: ExchangeTruth;
  readonly wire: WireLog;
  /** True if the venue may have left trades out, or changed their order, without a sign on the wire. */
  readonly venueLies: () => boolean;
  readonly violate: (message: string) => void;
  readonly count: (name: string) => void;
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
  /** The newest trade since the last gap. */
  #last: { readonly place: number; readonly frame: number; readonly connection: number } | undefined;
  #highest = -1;
  #newestFrame = 0;

  constructor(options: TradeFlowOptions) {
    this.#options = options;
  }

  /** An event was told. */
  take(event: TradeEvent): void {
    if (event.kind === 'start') {
      this.#started = true;
      this.#startFrame = this.#options.wire.frames;
    } else if (event.kind === 'gap') {
      this.#options.count('gap in trades');
      // Whoever comes during an outage hears of it first, and then from when the flow is complete.
      if (!this.#begun) this.#options.count('flow of trades that began with a gap');
      this.#started = false;
      this.#last = undefined;
      if (event.fromMs > event.toMs) this.#options.count('gap across a clock that went back');
    } else this.#trade(event);
    this.#begun = true;
  }

  #trade(event: Extract<TradeEvent, { kind: 'trade' }>): void {
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
    this.#order(tradeId, known.place, arrival.frame);
    this.#complete(tradeId, known.place, arrival);
    this.#last = { place: known.place, ...arrival };
  }

  #order(tradeId: string, place: number, frame: number): void {
    const { venueLies } = this.#options;
    if (frame < this.#newestFrame) this.#complain(tradeId, 'behind one that arrived later');
    if (place < this.#highest && !venueLies()) this.#complain(tradeId, 'out of the venue’s order');
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
      else if (venueLies()) count('trade that the venue withheld');
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
