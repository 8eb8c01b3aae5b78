import type { Audience, DepthEvent, MarketEvent } from '../../market/market.ts';
import { count } from '../../stats.ts';
import type { StreamConnection, StreamSink } from '../dialect.ts';
import { encodeDepth, encodeTop, encodeTrades } from './messages.ts';
import type { SessionContext } from './session-context.ts';
import { createStallWatch, type StallWatch } from './stall-watch.ts';
import { openStreamSession, type StreamSession } from './stream-session.ts';

/** All clients of the stream: they are the market's audience. */
export interface StreamHub extends Audience {
  /** Opens a session. */
  open(sink: StreamSink): StreamConnection;
}

/** A subscriber with more unread bytes than this is behind. */
const crowdedBytes = 1 << 20;

/** Makes a hub without clients. */
export function createStreamHub(context: SessionContext): StreamHub {
  return new Hub(context);
}

class Hub implements StreamHub {
  readonly #context: SessionContext;
  readonly #sessions = new Set<StreamSession>();
  readonly #stalls: StallWatch;
  /** True if the market was told to wait for a reader. */
  #keptWaiting = false;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#stalls = createStallWatch(context);
  }

  open(sink: StreamSink): StreamConnection {
    const session = openStreamSession(this.#context, sink, (gone) => {
      this.#sessions.delete(gone);
      this.#context.market.reconsider();
    });
    this.#sessions.add(session);
    return {
      receive: (text) => session.receive(text),
      pinged: (data) => session.pinged(data),
      closed: () => session.closed(),
      drained: () => {
        this.#stalls.took(session);
        this.#relieve();
      },
    };
  }

  deliver(event: MarketEvent): void {
    if (this.#isMuted(event)) return;
    switch (event.kind) {
      case 'depth':
        this.#deliverDepth(event);
        return;
      case 'trades':
        this.#publish(`trades:${event.symbol}`, () => event.text ?? encodeTrades(event.symbol, event.trades));
        return;
      case 'top':
        this.#publish(`bbo:${event.symbol}`, () => encodeTop(event));
        return;
      case 'frame':
        this.#publish(`${event.channel}:${event.symbol}`, () => event.text);
        return;
      case 'ping':
        for (const session of [...this.#sessions]) session.push(event.text);
    }
  }

  /** What falls into a mute is lost, and counts as lost. */
  #isMuted(event: MarketEvent): boolean {
    if (event.kind === 'ping') return false;
    const { symbol } = event;
    const channel = channelOf(event);
    const { faults, counters } = this.#context;
    if (!faults.mutes(symbol, channel)) return false;
    if (event.kind === 'depth') this.leftOut(symbol);
    for (const session of this.#sessions) {
      if (session.follows(`${channel}:${symbol}`)) counters.withheld += 1;
    }
    return true;
  }

  leftOut(symbol: string): void {
    count(this.#context.counters.leftOut, symbol);
  }

  /** In a silence nobody can be waited for: what a client would ask for does not reach it. */
  follows(symbol: string): boolean {
    if (this.#context.faults.silent) return false;
    for (const session of this.#sessions) if (session.follows(`depth:${symbol}`)) return true;
    return false;
  }

  crowded(): boolean {
    const behind = [...this.#sessions].filter(
      ({ isSubscriber, bufferedBytes }) => isSubscriber && bufferedBytes > crowdedBytes,
    );
    this.#stalls.watch(behind);
    this.#keptWaiting = behind.length > 0;
    return this.#keptWaiting;
  }

  #relieve(): void {
    if (this.#keptWaiting && !this.crowded()) this.#context.market.reconsider();
  }

  #deliverDepth(event: DepthEvent): void {
    const { deliveries, lost } = this.#context.faults.depth.strike(event, this.#canNotice(event.symbol));
    if (lost) this.leftOut(event.symbol);
    for (const { event: sent, cut } of deliveries) {
      count(this.#context.counters.emitted, sent.symbol);
      this.#publish(`depth:${sent.symbol}`, () => {
        const text = sent.text ?? encodeDepth(sent);
        return cut ? text.slice(0, text.length >> 1) : text;
      });
    }
  }

  /** A client notices a fault of a book if it has the book. */
  #canNotice(symbol: string): boolean {
    if (this.#context.faults.silent) return false;
    for (const session of this.#sessions) {
      if (session.follows(`depth:${symbol}`) && session.hasBook(symbol)) return true;
    }
    return false;
  }

  /** Sends one text to everybody who follows `topic`; it is made only if there is somebody. */
  #publish(topic: string, encode: () => string): void {
    let text: string | undefined;
    for (const session of this.#sessions) {
      if (!session.follows(topic)) continue;
      text ??= encode();
      session.push(text);
    }
  }
}

function channelOf(event: Exclude<MarketEvent, { readonly kind: 'ping' }>): string {
  if (event.kind === 'frame') return event.channel;
  return event.kind === 'top' ? 'bbo' : event.kind;
}
