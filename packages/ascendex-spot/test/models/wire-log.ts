import { bestText, toPair } from './exchange-truth.ts';

/** When and how something arrived. */
export interface Arrival {
  /** Place among all frames that arrived at the process. */
  readonly frame: number;
  /** The connection on which it came. */
  readonly connection: number;
  /** Local time of the process, in milliseconds since the epoch. */
  readonly localMs: number;
}

/** A trade as it first arrived. */
export interface WireTrade extends Arrival {
  /** Local time of every arrival. */
  readonly times: number[];
}

/** A depth message or a snapshot that arrived. */
export interface WireDepth extends Arrival {
  readonly kind: 'change' | 'snapshot';
  readonly sequence: bigint;
  readonly venueTimeMs: number;
}

/** Best prices that arrived. */
export interface WireBest extends Arrival {
  readonly text: string;
}

/** A frame, as far as it can be read. */
export interface WireFrame extends Arrival {
  /** `unreadable`: not even its market is known. */
  readonly kind: 'depth' | 'depth-snapshot' | 'trades' | 'bbo' | 'other' | 'unreadable';
  readonly pair: string;
  /** The trades in it that can be read. */
  readonly tradeIds: readonly string[];
  /** It cannot be read whole. */
  readonly broken: boolean;
}

const head = /^\{"m":"(depth|depth-snapshot|trades|bbo)","symbol":"([^"]+)","data":/;
const depthHead = /"data":\{"ts":(\d+),"seqnum":(\d+),/;
const tradeRow = /\{"p":"[\d.]+","q":"[\d.]+","ts":\d+,"bm":(?:true|false),"seqnum":(\d+)\}/g;
const bestData = /"data":\{"ts":(\d+),"bid":\["([\d.]+)","([\d.]+)"\],"ask":\["([\d.]+)","([\d.]+)"\]\}\}$/;
const confirmation = /^\{"m":"sub",.*"ch":"(\w+):([^"]+)","code":0\}$/;

/** What arrived at one life of a process, read without the connector's code. */
export class WireLog {
  readonly #trades = new Map<string, Map<string, WireTrade>>();
  /** Frames of trades that cannot be read whole, by market. */
  readonly #broken = new Map<string, number[]>();
  /** Frames of which not even the market can be read: each may have held trades of any. */
  readonly #unreadable: number[] = [];
  readonly #bests = new Map<string, WireBest>();
  readonly #bestTimes = new Map<string, number[]>();
  readonly #confirmed = new Map<string, Arrival>();
  #depth = new Map<string, WireDepth[]>();
  #depthConnection = 0;
  /** The newest frame. */
  newest: WireFrame = {
    ...{ frame: 0, connection: 0, localMs: 0 },
    ...{ kind: 'other', pair: '', tradeIds: [], broken: false },
  };
  /** The latest local time of any frame, as clocks may be set back. */
  latestLocalMs: number = Number.NEGATIVE_INFINITY;
  /** When the newest frame arrived, in virtual milliseconds. */
  lastFrameAtMs: number = Number.NEGATIVE_INFINITY;

  /** A frame arrived. */
  take(connection: number, text: string, atMs: number, localMs: number): void {
    this.lastFrameAtMs = atMs;
    this.latestLocalMs = Math.max(this.latestLocalMs, localMs);
    this.newest = this.#read(text, { frame: this.newest.frame + 1, connection, localMs });
  }

  /** The first arrival of a trade. */
  trade(pair: string, tradeId: string): WireTrade | undefined {
    return this.#trades.get(pair)?.get(tradeId);
  }

  /** Every trade of a market that arrived, in the order of the first arrivals. */
  trades(pair: string): ReadonlyMap<string, WireTrade> {
    return this.#trades.get(pair) ?? new Map();
  }

  /** The newest confirmation of a subscription. */
  confirmed(channel: string, pair: string): Arrival | undefined {
    return this.#confirmed.get(`${channel} ${pair}`);
  }

  /** The newest best prices of a market. */
  best(pair: string): WireBest | undefined {
    return this.#bests.get(pair);
  }

  /** Local times at which these best prices arrived. */
  bestTimes(pair: string, text: string): readonly number[] {
    return this.#bestTimes.get(`${pair} ${text}`) ?? [];
  }

  /** True if a frame that cannot be read, and may have held trades of this market, arrived between two frames, both excluded. */
  brokeBetween(pair: string, after: number, before: number): boolean {
    const isBetween = (frame: number) => frame > after && frame < before;
    return this.#unreadable.some(isBetween) || (this.#broken.get(pair)?.some(isBetween) ?? false);
  }

  /** What arrived of a book since its subscription was last confirmed, on the newest connection that brought anything of any book. */
  depth(pair: string): readonly WireDepth[] {
    return this.#depth.get(pair) ?? [];
  }

  #read(text: string, arrival: Arrival): WireFrame {
    const nothing = { ...arrival, pair: '', tradeIds: [], broken: false } as const;
    if (!(text.startsWith('{') && text.endsWith('}'))) {
      this.#unreadable.push(arrival.frame);
      return { ...nothing, kind: 'unreadable', broken: true };
    }
    const [, kind, symbol = ''] = head.exec(text) ?? [];
    const pair = toPair(symbol);
    if (kind === undefined) this.#takeConfirmation(text, arrival);
    else if (kind === 'trades') return this.#takeTrades(pair, text, arrival);
    else if (kind === 'bbo') return { ...nothing, pair, kind: this.#takeBest(pair, text, arrival) };
    else if (text.endsWith('}}')) {
      const broken = !this.#takeDepth(pair, kind === 'depth' ? 'change' : 'snapshot', text, arrival);
      return { ...nothing, broken, pair, kind: kind === 'depth' ? 'depth' : 'depth-snapshot' };
    }
    return { ...nothing, kind: 'other' };
  }

  #takeTrades(pair: string, text: string, arrival: Arrival): WireFrame {
    const tradeIds = [...text.matchAll(tradeRow)].map(([, id]) => id as string);
    const trades = this.#trades.get(pair) ?? new Map<string, WireTrade>();
    this.#trades.set(pair, trades);
    for (const id of tradeIds) {
      const known = trades.get(id);
      if (known === undefined) trades.set(id, { ...arrival, times: [arrival.localMs] });
      else known.times.push(arrival.localMs);
    }
    const whole = text.endsWith(']}') && tradeIds.length === text.split('"p":').length - 1;
    if (!whole) this.#broken.set(pair, [...(this.#broken.get(pair) ?? []), arrival.frame]);
    return { ...arrival, kind: 'trades', pair, tradeIds, broken: !whole };
  }

  #takeBest(pair: string, data: string, arrival: Arrival): 'bbo' | 'other' {
    const [, timeMs, bid = '', bidAmount = '', ask = '', askAmount = ''] = bestData.exec(data) ?? [];
    if (timeMs === undefined) return 'other';
    const text = bestText(Number(timeMs), [bid, bidAmount], [ask, askAmount]);
    this.#bests.set(pair, { ...arrival, text });
    const key = `${pair} ${text}`;
    this.#bestTimes.set(key, [...(this.#bestTimes.get(key) ?? []), arrival.localMs]);
    return 'bbo';
  }

  #takeDepth(pair: string, kind: WireDepth['kind'], text: string, arrival: Arrival): boolean {
    const [, timeMs, sequence] = depthHead.exec(text) ?? [];
    if (timeMs === undefined || sequence === undefined) return false;
    if (arrival.connection !== this.#depthConnection) this.#depth = new Map();
    this.#depthConnection = arrival.connection;
    const known = this.#depth.get(pair) ?? [];
    this.#depth.set(pair, known);
    known.push({ ...arrival, kind, sequence: BigInt(sequence), venueTimeMs: Number(timeMs) });
    return true;
  }

  #takeConfirmation(text: string, arrival: Arrival): void {
    const [, channel = '', symbols = ''] = confirmation.exec(text) ?? [];
    for (const symbol of symbols.split(',')) {
      const pair = toPair(symbol);
      this.#confirmed.set(`${channel} ${pair}`, arrival);
      // What came before answered somebody else.
      if (channel === 'depth') this.#depth.delete(pair);
    }
  }
}
