import type { Audience, DepthEvent, LevelsEvent, MarketBar, MarketEvent } from '../../market/market.ts';
import { count } from '../../stats.ts';
import type { StreamConnection, StreamRequest, StreamSink } from '../dialect.ts';
import { type BarFeed, createBarFeed } from './bar-feed.ts';
import { groupInPath, judgeHeaders } from './login.ts';
import { encodeBar, encodeDepth, encodeSides, encodeTop, encodeTrades } from './messages.ts';
import type { SessionContext } from './session-context.ts';
import { createStallWatch, type StallWatch } from './stall-watch.ts';
import { createStreamGate, type StreamGate } from './stream-gate.ts';
import { createHubSessions } from './stream-hub-sessions.ts';
import { openStreamSession, type SessionGround } from './stream-session.ts';

/** All clients of the stream: they are the market's audience. */
export interface StreamHub extends Audience {
  /**
   * The HTTP status with which a stream is refused; `undefined` if it may be opened. It counts as an attempt to connect, so it is asked once
   * for each stream.
   */
  refuse(request: StreamRequest): number | undefined;
  /** Opens a session that was not refused. */
  open(request: StreamRequest, sink: StreamSink): StreamConnection;
}

/** A subscriber with more unread bytes than this is behind. */
const crowdedBytes = 1 << 20;

/** Makes a hub without clients. */
export function createStreamHub(context: SessionContext): StreamHub {
  return new Hub(context);
}

class Hub implements StreamHub {
  readonly #context: SessionContext;
  readonly #ground: SessionGround;
  readonly #sessions = createHubSessions();
  readonly #stalls: StallWatch;
  readonly #bars: BarFeed;
  readonly #gate: StreamGate;
  /** True if the market was told to wait for a reader. */
  #keptWaiting = false;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#stalls = createStallWatch(context);
    this.#gate = createStreamGate(context.timers);
    this.#bars = createBarFeed({
      ...context,
      intervalMs: context.options.barIntervalMs,
      publish: (name, symbol, bar) => this.#publishBar(name, symbol, bar),
    });
    this.#ground = {
      ...{ context, bars: this.#bars, gate: this.#gate },
      changeTopics: (act) => this.#sessions.change(act),
    };
  }

  refuse(request: StreamRequest): number | undefined {
    const { limits, options } = this.#context;
    const { address, path } = request;
    const status = limits.connect(address, groupInPath(path));
    if (status !== undefined) return status;
    const verified = judgeHeaders(this.#context, request);
    if (verified === undefined) return undefined;
    if (limits.mayNotLogIn(address)) return options.limits.crowdedStatus;
    if (verified.refusal === undefined) return undefined;
    limits.failedLogin(address);
    return 401;
  }

  open(request: StreamRequest, sink: StreamSink): StreamConnection {
    const session = openStreamSession(this.#ground, request, sink, (gone) => {
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
    this.#gate.tell(() => this.#deliver(event));
  }

  wantsLevels(symbol: string): boolean {
    return this.#sessions.following('depth-realtime', symbol).length > 0;
  }

  #deliver(event: MarketEvent): void {
    if (event.kind === 'ping') {
      for (const session of [...this.#sessions]) session.push(event.text, { channel: 'ping' });
      return;
    }
    this.#deliverOf(event);
    if (event.kind === 'trades') this.#bars.traded(event.symbol);
  }

  #deliverOf(event: SymbolEvent): void {
    const { symbol } = event;
    const channel = channelOf(event);
    const isMuted = this.#isMuted(channel, symbol);
    if (event.kind === 'levels') this.#tellLevels(event, isMuted);
    else if (isMuted && event.kind === 'depth') this.leftOut(symbol);
    else if (event.kind === 'depth') this.#deliverDepth(event);
    else if (!isMuted) this.#publish(channel, symbol, () => textOf(event));
  }

  /** What falls into a mute is lost, and counts as lost. */
  #isMuted(channel: string, symbol: string): boolean {
    const { faults, counters } = this.#context;
    if (!faults.mutes(symbol, wordOf(channel))) return false;
    counters.withheld += this.#sessions.following(channel, symbol).length;
    return true;
  }

  #publishBar(name: string, symbol: string, bar: MarketBar): void {
    const channel = `bar:${name}`;
    this.#gate.tell(() => {
      if (!this.#isMuted(channel, symbol)) this.#publish(channel, symbol, () => encodeBar(name, symbol, bar));
    });
  }

  /** Each session counts the changes by itself. */
  #tellLevels(event: LevelsEvent, isMuted: boolean): void {
    let sides: string | undefined;
    this.#sessions.tell('depth-realtime', event.symbol, (session) => {
      if (!isMuted) sides ??= encodeSides(event);
      session.tellLevels(event, sides);
    });
  }

  leftOut(symbol: string): void {
    count(this.#context.counters.leftOut, symbol);
  }

  /** In a silence nobody can be waited for: what a client would ask for does not reach it. */
  follows(symbol: string): boolean {
    if (this.#context.faults.silent) return false;
    return this.#sessions.following('depth', symbol).length > 0;
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
      this.#publish('depth', sent.symbol, () => {
        const text = sent.text ?? encodeDepth(sent);
        return cut ? text.slice(0, text.length >> 1) : text;
      });
    }
  }

  /** A client notices a fault of a book if it has the book. */
  #canNotice(symbol: string): boolean {
    if (this.#context.faults.silent) return false;
    return this.#sessions.following('depth', symbol).some((session) => session.hasBook(symbol));
  }

  /** Sends one text to everybody who is subscribed; it is made only if there is somebody. */
  #publish(channel: string, symbol: string, encode: () => string): void {
    const label = { channel: wordOf(channel), symbol };
    let text: string | undefined;
    this.#sessions.tell(channel, symbol, (session) => {
      text ??= encode();
      session.push(text, label);
    });
  }
}

type SymbolEvent = Exclude<MarketEvent, { readonly kind: 'ping' }>;

function channelOf(event: SymbolEvent): string {
  if (event.kind === 'frame') return event.channel;
  if (event.kind === 'levels') return 'depth-realtime';
  return event.kind === 'top' ? 'bbo' : event.kind;
}

/** Without the length of bars. */
function wordOf(channel: string): string {
  return channel.split(':')[0] ?? channel;
}

function textOf(event: Exclude<SymbolEvent, DepthEvent | LevelsEvent>): string {
  if (event.kind === 'trades') return event.text ?? encodeTrades(event.symbol, event.trades);
  return event.kind === 'top' ? encodeTop(event) : event.text;
}
