import { toPair } from './exchange-truth.ts';

/** A trade as it first arrived. */
export interface WireTrade {
  /** Place among all frames that arrived at the process. */
  readonly frame: number;
  /** The connection on which it came. */
  readonly connection: number;
}

/** A depth message or a snapshot that arrived. */
export interface WireDepth {
  readonly kind: 'change' | 'snapshot';
  readonly sequence: bigint;
  readonly venueTimeMs: number;
}

const head = /^\{"m":"(depth|depth-snapshot|trades)","symbol":"([^"]+)","data":/;
const depthHead = /"data":\{"ts":(\d+),"seqnum":(\d+),/;
const tradeRow = /\{"p":"[\d.]+","q":"[\d.]+","ts":\d+,"bm":(?:true|false),"seqnum":(\d+)\}/g;

/** What arrived at one life of a process, read without the connector's code. */
export class WireLog {
  readonly #trades = new Map<string, Map<string, WireTrade>>();
  /** Frames of trades that cannot be read whole, by market. */
  readonly #broken = new Map<string, number[]>();
  /** Frames of which not even the market can be read: each may have held trades of any. */
  readonly #unreadable: number[] = [];
  #depth = new Map<string, WireDepth[]>();
  #depthConnection = 0;
  /** Frames so far. */
  frames = 0;
  /** When the newest frame arrived, in virtual milliseconds. */
  lastFrameAtMs: number = Number.NEGATIVE_INFINITY;

  /** A frame arrived. */
  take(connection: number, text: string, atMs: number): void {
    this.frames += 1;
    this.lastFrameAtMs = atMs;
    if (!(text.startsWith('{') && text.endsWith('}'))) this.#unreadable.push(this.frames);
    const [, kind, symbol = ''] = head.exec(text) ?? [];
    if (kind === undefined) return;
    const pair = toPair(symbol);
    if (kind === 'trades') this.#takeTrades(pair, text, { frame: this.frames, connection });
    else if (text.endsWith('}}'))
      this.#takeDepth(pair, kind === 'depth' ? 'change' : 'snapshot', text, connection);
  }

  /** The first arrival of a trade. */
  trade(pair: string, tradeId: string): WireTrade | undefined {
    return this.#trades.get(pair)?.get(tradeId);
  }

  /** True if a frame that cannot be read, and may have held trades of this market, arrived between two frames, both excluded. */
  brokeBetween(pair: string, after: number, before: number): boolean {
    const isBetween = (frame: number) => frame > after && frame < before;
    return this.#unreadable.some(isBetween) || (this.#broken.get(pair)?.some(isBetween) ?? false);
  }

  /** What arrived of a book on the newest connection that brought anything of any book. */
  depth(pair: string): readonly WireDepth[] {
    return this.#depth.get(pair) ?? [];
  }

  #takeTrades(pair: string, text: string, arrival: WireTrade): void {
    const ids = [...text.matchAll(tradeRow)].map(([, id]) => id as string);
    const trades = this.#trades.get(pair) ?? new Map<string, WireTrade>();
    this.#trades.set(pair, trades);
    for (const id of ids) if (!trades.has(id)) trades.set(id, arrival);
    const whole = text.endsWith(']}') && ids.length === text.split('"p":').length - 1;
    if (!whole) this.#broken.set(pair, [...(this.#broken.get(pair) ?? []), arrival.frame]);
  }

  #takeDepth(pair: string, kind: WireDepth['kind'], text: string, connection: number): void {
    const [, timeMs, sequence] = depthHead.exec(text) ?? [];
    if (timeMs === undefined || sequence === undefined) return;
    if (connection !== this.#depthConnection) this.#depth = new Map();
    this.#depthConnection = connection;
    const known = this.#depth.get(pair) ?? [];
    this.#depth.set(pair, known);
    known.push({ kind, sequence: BigInt(sequence), venueTimeMs: Number(timeMs) });
  }
}

/**
 * True if numbers of two counts of the venue's feed fit together by chance in what arrived on a connection: then no client can
 * tell from the numbers that messages are missing. `feedOf` says to which count a message belongs.
 */
export function countsCoincide(
  arrived: readonly WireDepth[],
  feedOf: (message: WireDepth) => number | undefined,
): boolean {
  const messages = arrived.map((message) => ({ ...message, feed: feedOf(message) ?? -1 }));
  const changes = messages.flatMap((message, at) => (message.kind === 'change' ? [{ ...message, at }] : []));
  return messages.some(({ feed, kind, sequence }, at) => {
    const behind = changes.filter((change) => change.at > at);
    const next = sequence + 1n;
    // A change is followed by the next one that comes; a snapshot by whatever has the next number, also if it came before.
    if (kind === 'change') return behind[0]?.sequence === next && behind[0].feed !== feed;
    const later = behind.find((change) => change.sequence === next);
    if (later !== undefined && later.feed !== feed) return true;
    const earlier = changes.findLast((change) => change.at < at && change.sequence === next);
    return earlier !== undefined && earlier.feed > feed;
  });
}
