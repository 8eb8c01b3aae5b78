import type { Random } from '@venuekit/connector-core';
import type { LevelEvent, TradeEvent } from '../engine/engine-types.ts';
import type { EngineView } from '../floor/floor.ts';
import type { Listing } from '../floor/listing.ts';
import type { BookImage, DepthEvent, Level, LevelsEvent, PublicTrade, TopEvent } from '../market/market.ts';
import { drawInteger } from '../seeded-random.ts';
import { type LevelChange, PublishedSide } from './published-side.ts';

/** Where trade numbers begin: far beyond 2^53, like those of the venue. */
const firstTrade = 144_115_188_075_855_872n;

/** What is published of one symbol, with its sequences. */
export class SymbolFeed {
  readonly listing: Listing;
  readonly #engine: EngineView;
  readonly #random: Random;
  readonly #asks = new PublishedSide('sell');
  readonly #bids = new PublishedSide('buy');
  #seqnum: bigint;
  #tradeSeqnum: bigint;
  /** Time of the newest change of the published book. */
  #tsMs: number;
  /** Best levels as they were told last. */
  #top: readonly [askTicks: number, askLots: number, bidTicks: number, bidLots: number] = [0, 0, 0, 0];
  /** False if everything that has changed since then stands behind them. */
  #mayDiffer = false;
  /** What the operation that is going on has changed. */
  #changed = { asks: new Map<number, number>(), bids: new Map<number, number>() };

  constructor(listing: Listing, engine: EngineView, random: Random, nowMs: number) {
    this.listing = listing;
    this.#engine = engine;
    this.#random = random;
    this.#tsMs = nowMs;
    this.#seqnum = 20_000_000_000n + BigInt(this.#draw(1_000_000_000));
    this.#tradeSeqnum = firstTrade + BigInt(this.#draw(1_000_000_000));
  }

  /** Takes the book as it is for the published one, without telling anybody. */
  open(): void {
    for (const [side, published] of [
      ['sell', this.#asks],
      ['buy', this.#bids],
    ] as const) {
      for (const { priceTicks, sizeLots } of this.#engine.levels(this.listing.symbol, side))
        published.change(priceTicks, sizeLots);
      published.publish();
    }
    this.#top = this.#best();
  }

  changed({ side, priceTicks, sizeLots }: LevelEvent): void {
    (side === 'sell' ? this.#asks : this.#bids).change(priceTicks, sizeLots);
    (side === 'sell' ? this.#changed.asks : this.#changed.bids).set(priceTicks, sizeLots);
    const [askTicks, , bidTicks] = this.#top;
    this.#mayDiffer ||= side === 'sell' ? askTicks === 0 || priceTicks <= askTicks : priceTicks >= bidTicks;
  }

  /** Numbers rise with gaps: a venue's other symbols take some in between. */
  traded({ priceTicks, sizeLots, atMs, buyerIsMaker }: TradeEvent): PublicTrade {
    this.#tradeSeqnum += BigInt(1 + this.#draw(3));
    const [price, size] = this.#level([priceTicks, sizeLots]);
    return { price, size, tsMs: atMs, buyerIsMaker, seqnum: this.#tradeSeqnum };
  }

  /** The best prices, if they are others than before. */
  topChange(tsMs: number): TopEvent | undefined {
    if (!this.#mayDiffer) return undefined;
    this.#mayDiffer = false;
    const [askTicks, askLots, bidTicks, bidLots] = this.#best();
    const [ask0, askLots0, bid0, bidLots0] = this.#top;
    if (askTicks === ask0 && askLots === askLots0 && bidTicks === bid0 && bidLots === bidLots0)
      return undefined;
    this.#top = [askTicks, askLots, bidTicks, bidLots];
    return {
      ...{ kind: 'top', symbol: this.listing.symbol, tsMs },
      ...(askLots === 0 ? {} : { ask: this.#level([askTicks, askLots]) }),
      ...(bidLots === 0 ? {} : { bid: this.#level([bidTicks, bidLots]) }),
    };
  }

  /** Forgets what the operation has changed, and tells it if somebody wants it. */
  takeLevels(tsMs: number, isWanted: boolean): LevelsEvent | undefined {
    const { asks, bids } = this.#changed;
    if (asks.size + bids.size === 0) return undefined;
    const event: LevelsEvent | undefined = isWanted
      ? {
          kind: 'levels',
          symbol: this.listing.symbol,
          tsMs,
          asks: this.#levels([...asks]),
          bids: this.#levels([...bids]),
        }
      : undefined;
    asks.clear();
    bids.clear();
    return event;
  }

  /** Publishes what has changed since it was last called; nothing if nothing differs. */
  publish(tsMs: number): DepthEvent | undefined {
    const [asks, bids] = [this.#asks.publish(), this.#bids.publish()];
    if (asks.length + bids.length === 0) return undefined;
    this.#seqnum += 1n;
    this.#tsMs = tsMs;
    const texts = (changes: readonly LevelChange[]): readonly Level[] => this.#levels(changes);
    let [askTexts, bidTexts]: (readonly Level[] | undefined)[] = [];
    return {
      ...{ kind: 'depth', symbol: this.listing.symbol, seqnum: this.#seqnum, tsMs, last: false },
      // Texts are made when somebody reads them: most books of a large world have no reader.
      get asks() {
        askTexts ??= texts(asks);
        return askTexts;
      },
      get bids() {
        bidTexts ??= texts(bids);
        return bidTexts;
      },
    };
  }

  /** The next change has a number that is lower by `backBy` than it would have been, though never below zero. */
  restart(backBy: bigint): void {
    this.#seqnum = backBy < this.#seqnum ? this.#seqnum - backBy : 0n;
  }

  /** The book as it was published last. */
  book(depth: number): BookImage {
    const { asks, bids } = { asks: this.#asks.top(depth), bids: this.#bids.top(depth) };
    return { seqnum: this.#seqnum, tsMs: this.#tsMs, asks: this.#levels(asks), bids: this.#levels(bids) };
  }

  /** The book at this moment. */
  liveBook(depth: number, nowMs: number): BookImage {
    const side = (name: 'buy' | 'sell'): readonly Level[] =>
      this.#engine
        .levels(this.listing.symbol, name, depth)
        .map(({ priceTicks, sizeLots }) => this.#level([priceTicks, sizeLots]));
    return { seqnum: 0n, tsMs: nowMs, asks: side('sell'), bids: side('buy') };
  }

  #best(): readonly [number, number, number, number] {
    const { symbol } = this.listing;
    const [ask] = this.#engine.levels(symbol, 'sell', 1);
    const [bid] = this.#engine.levels(symbol, 'buy', 1);
    return [ask?.priceTicks ?? 0, ask?.sizeLots ?? 0, bid?.priceTicks ?? 0, bid?.sizeLots ?? 0];
  }

  #draw(below: number): number {
    return drawInteger(this.#random, `${this.listing.symbol} sequence`, below);
  }

  #levels(changes: readonly LevelChange[]): readonly Level[] {
    return changes.map((change) => this.#level(change));
  }

  #level([priceTicks, sizeLots]: LevelChange): Level {
    return [this.listing.priceText(priceTicks), this.listing.sizeText(sizeLots)];
  }
}
