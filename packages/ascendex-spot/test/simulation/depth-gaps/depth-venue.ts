import type { Random, Timers } from '@venuekit/connector-core';
import type { VirtualServer, VirtualStream, VirtualStreamSink } from '@venuekit/connector-kit/testing';
import { product } from '../../manual-venue.ts';
import type { DepthLosses } from './depth-losses.ts';
import { DepthMarket, type MarketDepth } from './depth-market.ts';

/** What a venue is made of. */
export interface DepthVenueOptions {
  readonly timers: Timers;
  readonly random: Random;
  /** Venue time, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly losses: DepthLosses;
  readonly frames: 'usual' | 'other';
  readonly lateMs: number;
  /** Markets take back levels that nobody was told of. */
  readonly isOdd: boolean;
  /** A book was asked for. */
  readonly asked: (symbol: string) => void;
}

/** How a market goes. */
export interface MarketTerms {
  readonly symbol: string;
  readonly firstSequence: bigint;
  /** From one message to the next, on average. */
  readonly everyMs: number;
  readonly isDeep: boolean;
  /** From a subscription to its confirmation. */
  readonly ackMs: number;
}

/** A book takes so long from the request to the answer; the way there and back takes the last two milliseconds. */
const [fastestMs, slowestMs] = [998, 1_998];

interface Listed extends MarketTerms {
  readonly market: DepthMarket;
  readonly next: () => number;
  best: string;
  timer?: Disposable;
}

/** A venue that publishes books and gives them when it is asked, each in one to two seconds. */
export class DepthVenue {
  readonly #options: DepthVenueOptions;
  readonly #listed = new Map<string, Listed>();
  readonly #sessions = new Set<Session>();

  constructor(options: DepthVenueOptions) {
    this.#options = options;
  }

  /** Lets a market begin. */
  list(terms: MarketTerms): void {
    const next = createChance(this.#options.random.next(`market ${terms.symbol}`));
    const { firstSequence, isDeep, symbol } = terms;
    const extent = isDeep ? 'deep' : 'usual';
    const market = new DepthMarket({ symbol, firstSequence, extent, isOdd: this.#options.isOdd, next });
    const listed = { ...terms, next, market, best: String(market.best) };
    this.#listed.set(terms.symbol, listed);
    this.#plan(listed);
  }

  market(symbol: string): DepthMarket | undefined {
    return this.#listed.get(symbol)?.market;
  }

  /** Nothing more changes in a market. */
  halt(symbol: string): void {
    this.#listed.get(symbol)?.timer?.[Symbol.dispose]();
  }

  /** The venue as the network sees it. */
  server(): VirtualServer {
    return {
      fetch: (request) => {
        if (!request.url.includes('products')) return new Response('not here', { status: 404 });
        const data = [...this.#listed.keys()].map((symbol) => product(symbol));
        return Response.json({ code: 0, data });
      },
      openStream: (_path, sink) => this.#open(sink),
    };
  }

  #open(sink: VirtualStreamSink): VirtualStream {
    const session = new Session(sink, this.#options, this.#listed, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }

  #plan(listed: Listed): void {
    // From a half to one and a half of the average.
    const delayMs = listed.everyMs * (0.5 + listed.next());
    listed.timer = this.#options.timers.setTimer(
      delayMs,
      () => this.#change(listed),
      `market ${listed.symbol}`,
    );
  }

  #change(listed: Listed): void {
    // A loss may end the market at this very message.
    this.#plan(listed);
    const message = listed.market.change();
    const best = String(listed.market.best);
    const isBest = best !== listed.best;
    listed.best = best;
    for (const session of this.#sessions) session.publish(listed.market, message, isBest);
  }
}

/** One stream. */
class Session implements VirtualStream {
  readonly #sink: VirtualStreamSink;
  readonly #options: DepthVenueOptions;
  readonly #listed: ReadonlyMap<string, Listed>;
  readonly #left: () => void;
  readonly #topics = new Set<string>();
  #open = true;

  constructor(
    sink: VirtualStreamSink,
    options: DepthVenueOptions,
    listed: ReadonlyMap<string, Listed>,
    left: () => void,
  ) {
    this.#sink = sink;
    this.#options = options;
    this.#listed = listed;
    this.#left = left;
    this.#say({ m: 'connected', type: 'unauth' });
  }

  receive(text: string): void {
    const { action, args, ch, id, op } = JSON.parse(text);
    if (op === 'ping') this.#say({ m: 'pong', code: 0, ts: this.#options.now(), hp: 3 });
    else if (op === 'sub' || op === 'unsub') this.#subscribe(op, id, ch);
    else if (action === 'depth-snapshot') this.#ask(args.symbol);
  }

  closed(): void {
    this.#open = false;
    this.#left();
  }

  /** A market changed. */
  publish(market: DepthMarket, message: MarketDepth, isBest: boolean): void {
    const { symbol } = market;
    const { lateMs, losses } = this.#options;
    const isLost = this.#topics.has(`depth:${symbol}`) && losses.takes(symbol, message.sequence);
    if (this.#topics.has(`depth:${symbol}`) && !isLost)
      this.#later(lateMs, this.#depthText('depth', symbol, message));
    if (isBest && this.#topics.has(`bbo:${symbol}`)) this.#later(lateMs, this.#bestText(market));
  }

  #subscribe(op: 'sub' | 'unsub', id: string, ch: string): void {
    const [channel = '', list = ''] = ch.split(':');
    for (const symbol of list.split(',')) {
      const topic = `${channel}:${symbol}`;
      if (op === 'unsub') this.#topics.delete(topic);
      else this.#topics.add(topic);
      if (op === 'sub' && channel === 'depth') this.#options.losses.at(symbol, 'subscribed');
      const { ackMs = 0, market } = this.#listed.get(symbol) ?? {};
      this.#later(ackMs, JSON.stringify({ m: op, id, ch: topic, code: 0 }));
      if (op === 'sub' && channel === 'bbo' && market !== undefined)
        this.#later(ackMs, this.#bestText(market));
    }
  }

  /** What the book is, is decided somewhere on the way. */
  #ask(symbol: string): void {
    const { asked, losses, random, timers } = this.#options;
    const market = this.#listed.get(symbol)?.market;
    if (market === undefined) return;
    const tookMs = fastestMs + Math.floor(random.next(`snapshot ${symbol}`) * (slowestMs - fastestMs));
    const fixedMs = Math.floor(random.next(`fixed ${symbol}`) * tookMs);
    asked(symbol);
    losses.at(symbol, 'asked');
    const answer = (): void => {
      const text = this.#depthText('depth-snapshot', symbol, market.snapshot());
      losses.at(symbol, 'fixed');
      const send = (): void => {
        this.#send(text);
        losses.at(symbol, 'answered');
      };
      timers.setTimer(tookMs - fixedMs, send, 'snapshot sent');
    };
    timers.setTimer(fixedMs, answer, 'snapshot fixed');
  }

  #depthText(m: string, symbol: string, { asks, bids, sequence }: MarketDepth): string {
    const rows = { asks: JSON.stringify(asks), bids: JSON.stringify(bids) };
    const sides =
      this.#options.frames === 'usual'
        ? `"asks":${rows.asks},"bids":${rows.bids}`
        : `"bids":${rows.bids},"asks":${rows.asks}`;
    // A number beyond 2^53 is written in all of its digits.
    return `{"m":"${m}","symbol":"${symbol}","data":{"ts":${this.#options.now()},"seqnum":${sequence},${sides}}}`;
  }

  #bestText({ best: [bid, ask], symbol }: DepthMarket): string {
    return JSON.stringify({ m: 'bbo', symbol, data: { ts: this.#options.now(), bid, ask } });
  }

  #later(delayMs: number, text: string): void {
    if (delayMs === 0) this.#send(text);
    else this.#options.timers.setTimer(delayMs, () => this.#send(text), 'frame sent');
  }

  #say(message: object): void {
    this.#send(JSON.stringify(message));
  }

  #send(text: string): void {
    if (this.#open) this.#sink.send(text);
  }
}

/** Chance of one's own for a market: many draws, each the next of the one before. */
function createChance(start: number): () => number {
  let state = Math.floor(start * 0x1_0000_0000);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
