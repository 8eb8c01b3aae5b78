import type { Clock, Timers } from '@venuekit/connector-core';
import type { BarInterval, Market, MarketBar } from '../../market/market.ts';
import { barSpan, intervalOf } from './bar-calendar.ts';

/** Bars for those who are subscribed to them; nothing happens for a channel that nobody wants. */
export interface BarFeed {
  /** Somebody wants the bars that the venue calls `name`; until it is disposed of. */
  join(name: string, symbol: string): Disposable;
  /** Trades of a symbol have happened, and its bars contain them. */
  traded(symbol: string): void;
  /** No timer is left. */
  close(): void;
}

/** What bars are published from. */
export interface BarFeedOptions {
  readonly market: Pick<Market, 'bars'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A changing bar is published no more often than this, in milliseconds. */
  readonly intervalMs: number;
  readonly publish: (name: string, symbol: string, bar: MarketBar) => void;
}

/** Makes a feed that nobody listens to. */
export function createBarFeed(options: BarFeedOptions): BarFeed {
  const bySymbol = new Map<string, Map<string, Channel>>();

  function leave(channel: Channel): void {
    channel.members -= 1;
    if (channel.members > 0) return;
    channel.close();
    const channels = bySymbol.get(channel.symbol);
    channels?.delete(channel.name);
    if (channels?.size === 0) bySymbol.delete(channel.symbol);
  }

  function channelOf(name: string, symbol: string, interval: BarInterval): Channel {
    const channels = bySymbol.get(symbol) ?? new Map<string, Channel>();
    bySymbol.set(symbol, channels);
    const channel = channels.get(name) ?? new Channel(name, symbol, interval, options);
    channels.set(name, channel);
    return channel;
  }

  return {
    join(name, symbol) {
      const interval = intervalOf(name);
      if (interval === undefined) return { [Symbol.dispose]: () => undefined };
      const channel = channelOf(name, symbol, interval);
      channel.members += 1;
      let left = false;
      return {
        [Symbol.dispose]: () => {
          if (!left) leave(channel);
          left = true;
        },
      };
    },
    traded(symbol) {
      for (const channel of bySymbol.get(symbol)?.values() ?? []) channel.traded();
    },
    close() {
      for (const channels of bySymbol.values()) for (const channel of channels.values()) channel.close();
      bySymbol.clear();
    },
  };
}

/** Less than this is nothing, in milliseconds: a timer may be that early. */
const leastWaitMs = 1;

/** Bars of one length and symbol. */
class Channel {
  readonly name: string;
  readonly symbol: string;
  members = 0;
  readonly #interval: BarInterval;
  readonly #options: BarFeedOptions;
  /** When a changed bar was published last, by the clock that only goes forward. */
  #publishedMs = Number.NEGATIVE_INFINITY;
  #startMs: number;
  #closing: Disposable;
  #late: Disposable | undefined;

  constructor(name: string, symbol: string, interval: BarInterval, options: BarFeedOptions) {
    this.name = name;
    this.symbol = symbol;
    this.#interval = interval;
    this.#options = options;
    this.#startMs = barSpan(interval, options.clock.now()).startMs;
    this.#closing = this.#awaitEnd();
  }

  /** Publishes the bar, at once or when enough time has passed. */
  traded(): void {
    this.#turn();
    if (this.#late !== undefined) return;
    const { clock, timers, intervalMs } = this.#options;
    const waitMs = this.#publishedMs + intervalMs - clock.monotonic();
    if (waitMs <= 0) this.#publishNow();
    else this.#late = timers.setTimer(waitMs, () => this.#publishNow(), 'bar');
  }

  close(): void {
    this.#closing[Symbol.dispose]();
    this.#late?.[Symbol.dispose]();
    this.#late = undefined;
  }

  #publishNow(): void {
    this.#late = undefined;
    this.#turn();
    this.#publishedMs = this.#options.clock.monotonic();
    this.#publishBar(this.#startMs);
  }

  #awaitEnd(): Disposable {
    const { clock, timers } = this.#options;
    const { endMs } = barSpan(this.#interval, this.#startMs);
    const end = (): void => {
      this.#closing = this.#awaitEnd();
      this.#turn();
    };
    return timers.setTimer(Math.max(leastWaitMs, endMs - clock.now()), end, 'bar end');
  }

  /**
   * Publishes the bar that is over, if it is, as it stays. What was still to be published of it is contained. A clock that was ahead and
   * is set right has no such bar: what comes next is of the time that it shows now.
   */
  #turn(): void {
    const past = this.#startMs;
    const { startMs } = barSpan(this.#interval, this.#options.clock.now());
    if (startMs === past) return;
    this.#startMs = startMs;
    this.#closing[Symbol.dispose]();
    this.#closing = this.#awaitEnd();
    this.#late?.[Symbol.dispose]();
    this.#late = undefined;
    this.#publishBar(past);
  }

  #publishBar(startMs: number): void {
    const { market, publish } = this.#options;
    const query = { interval: this.#interval, fromMs: startMs, toMs: startMs, limit: 1 };
    const [bar] = market.bars(this.symbol, query);
    if (bar !== undefined) publish(this.name, this.symbol, bar);
  }
}
