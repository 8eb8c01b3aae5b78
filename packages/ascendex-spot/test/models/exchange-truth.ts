import type { TruthEntry } from '@venuekit/exchange-simulator';

/** A book as it was after one message. */
export interface TruthImage {
  /** Every level, best first, bids before asks. */
  readonly text: string;
  /** How often the numbers of this market had begun anew before. */
  readonly feed: number;
}

/** How much had become true at a moment. */
export interface TruthMark {
  readonly tops: number;
  readonly trades: number;
}

type Sides = Record<'bids' | 'asks', Map<string, string>>;

interface TruthMarket {
  readonly images: Map<string, TruthImage>;
  readonly bests: Set<string>;
  /** Best prices after each message of the book. */
  readonly tops: string[];
  readonly tradeIds: string[];
  /** Place in `tradeIds`, and the trade in plain words. */
  readonly trades: Map<string, { readonly place: number; readonly text: string }>;
  sides: Sides;
  feed: number;
}

/** What became true on the exchange, worked out by plain means from its truth log and nothing else. */
export class ExchangeTruth {
  readonly #markets = new Map<string, TruthMarket>();

  /** Takes one entry. */
  readonly take = (entry: TruthEntry): void => {
    if (entry.kind === 'book') this.#takeBook(entry);
    else if (entry.kind === 'trade') this.#takeTrade(entry);
    else if (entry.kind === 'best') {
      this.#market(entry.symbol).bests.add(bestText(entry.timeMs, entry.bid, entry.ask));
    }
  };

  /** The book after the message of this number and time; after a restart of the feed a number alone names two. */
  image(pair: string, sequence: bigint, venueTimeMs: number | undefined): TruthImage | undefined {
    return this.#markets.get(pair)?.images.get(`${sequence}@${venueTimeMs}`);
  }

  /** Where a trade stands among those of its market, and what it was; `undefined` if it never happened. */
  trade(pair: string, tradeId: string): { readonly place: number; readonly text: string } | undefined {
    return this.#markets.get(pair)?.trades.get(tradeId);
  }

  /** The trades of a market between two places, both excluded. */
  tradesBetween(pair: string, after: number, before: number): readonly string[] {
    return this.#markets.get(pair)?.tradeIds.slice(after + 1, before) ?? [];
  }

  /** What is known of a market so far, to ask later what became true since. */
  mark(pair: string): TruthMark {
    const { tops = [], tradeIds = [] } = this.#markets.get(pair) ?? {};
    return { tops: tops.length, trades: tradeIds.length };
  }

  /** True if a book had these best rows at a mark or later. */
  hadTop(pair: string, text: string, since: TruthMark): boolean {
    return this.#markets.get(pair)?.tops.includes(text, Math.max(0, since.tops - 1)) ?? false;
  }

  /** True if these were the best prices at that time. */
  wasBest(pair: string, text: string): boolean {
    return this.#markets.get(pair)?.bests.has(text) ?? false;
  }

  #market(symbol: string): TruthMarket {
    const pair = toPair(symbol);
    const known = this.#markets.get(pair);
    if (known !== undefined) return known;
    const market: TruthMarket = {
      images: new Map(),
      bests: new Set(),
      tops: [],
      tradeIds: [],
      trades: new Map(),
      sides: { bids: new Map(), asks: new Map() },
      feed: -1,
    };
    this.#markets.set(pair, market);
    return market;
  }

  #takeBook({ symbol, seqnum, timeMs, bids, asks, whole }: Extract<TruthEntry, { kind: 'book' }>): void {
    const market = this.#market(symbol);
    if (whole) {
      market.feed += 1;
      market.sides = { bids: new Map(), asks: new Map() };
    }
    change(market.sides.bids, bids);
    change(market.sides.asks, asks);
    const { feed, sides } = market;
    const [bidRows, askRows] = [rows(sides.bids, -1), rows(sides.asks, 1)];
    market.images.set(`${seqnum}@${timeMs}`, { feed, text: bookText(bidRows, askRows) });
    market.tops.push(topText(bidRows[0], askRows[0]));
  }

  #takeTrade(entry: Extract<TruthEntry, { kind: 'trade' }>): void {
    const { symbol, seqnum, timeMs, price, amount, buyerIsMaker } = entry;
    const { tradeIds, trades } = this.#market(symbol);
    const text = tradeText(price, amount, buyerIsMaker ? 'sell' : 'buy', timeMs);
    trades.set(seqnum, { place: tradeIds.length, text });
    tradeIds.push(seqnum);
  }
}

/** The contract's name of a symbol of the venue. */
export function toPair(symbol: string): string {
  return symbol.replace('/', '-');
}

/** A whole book in one text. */
export function bookText(bids: readonly string[], asks: readonly string[]): string {
  return `${bids.join(' ')} | ${asks.join(' ')}`;
}

/** The best rows of a book in one text. */
export function topText(bid: string | undefined, ask: string | undefined): string {
  return `${bid} ${ask}`;
}

/** A trade in one text. */
export function tradeText(
  price: string,
  amount: string,
  takerSide: string,
  timeMs: number | undefined,
): string {
  return `${takerSide} ${amount} at ${price}, ${timeMs}`;
}

/** Best prices in one text; a level is its price and its amount. */
export function bestText(
  timeMs: number | undefined,
  bid: readonly string[] | undefined,
  ask: readonly string[] | undefined,
): string {
  return `${timeMs} ${bid?.join(':') ?? '-'} ${ask?.join(':') ?? '-'}`;
}

function change(side: Map<string, string>, levels: readonly (readonly [string, string])[]): void {
  for (const [price, amount] of levels) {
    if (amount === '0') side.delete(price);
    else side.set(price, amount);
  }
}

function rows(side: Map<string, string>, sign: 1 | -1): readonly string[] {
  return [...side]
    .map(([price, amount]) => ({ at: sign * Number(price), text: `${price}:${amount}` }))
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text);
}
