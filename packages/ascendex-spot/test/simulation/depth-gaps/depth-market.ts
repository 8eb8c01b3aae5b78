/** A row of a message: price and amount, in the digits of the market. */
export type DepthRow = readonly [price: string, amount: string];

/** A message or a snapshot of a market. */
export interface MarketDepth {
  readonly sequence: bigint;
  readonly bids: readonly DepthRow[];
  readonly asks: readonly DepthRow[];
}

/** Levels of a side at first, and ticks from the middle beyond which nobody has an order: of a usual market, and of a deep one. */
const extents = { usual: { levels: 8, widest: 16 }, deep: { levels: 560, widest: 600 } } as const;
/** Changes are this near to the middle, but for one in four. */
const nearTicks = 16;
/** Levels of a side that the venue's snapshots hold at most. */
export const snapshotLevels = 500;
const [priceDigits, amountDigits] = [2, 4];
const mostLots = 99_999;

/** What a market is made of. */
export interface DepthMarketOptions {
  readonly symbol: string;
  readonly firstSequence: bigint;
  readonly extent: keyof typeof extents;
  /** Levels are taken back now and then that nobody was told of. */
  readonly isOdd: boolean;
  /** Chance, from 0 to 1. */
  readonly next: () => number;
}

type Side = 'bids' | 'asks';

/** One market of the venue: a book that changes, message by message, and what it was after each of them. */
export class DepthMarket {
  readonly symbol: string;
  readonly #next: () => number;
  readonly #widest: number;
  readonly #isOdd: boolean;
  readonly #levels: Record<Side, Map<number, number>> = { bids: new Map(), asks: new Map() };
  readonly #images = new Map<bigint, readonly [bids: string, asks: string]>();
  #middle: number;
  #sequence: bigint;

  constructor({ extent, firstSequence, isOdd, next, symbol }: DepthMarketOptions) {
    const { levels, widest } = extents[extent];
    this.#widest = widest;
    this.#isOdd = isOdd;
    this.symbol = symbol;
    this.#sequence = firstSequence;
    this.#next = next;
    this.#middle = 1_000 + this.#below(9_000);
    for (let ticks = 1; ticks <= levels; ticks += 1) {
      this.#levels.bids.set(this.#middle - ticks, 1 + this.#below(mostLots));
      this.#levels.asks.set(this.#middle + ticks, 1 + this.#below(mostLots));
    }
    this.#keepImage();
  }

  /** Number of the newest message. */
  get sequence(): bigint {
    return this.#sequence;
  }

  /** The best rows. */
  get best(): readonly [bid: DepthRow, ask: DepthRow] {
    const [bids, asks] = [this.#rows('bids'), this.#rows('asks')];
    return [bids[0] as DepthRow, asks[0] as DepthRow];
  }

  /** The book of this moment, as far as the venue gives it. */
  snapshot(): MarketDepth {
    const [bids, asks] = [this.#rows('bids'), this.#rows('asks')].map((rows) =>
      rows.slice(0, snapshotLevels),
    );
    return { sequence: this.#sequence, bids: bids ?? [], asks: asks ?? [] };
  }

  /**
   * Every level after the message of this number, best first, as plain numbers, a text for each side; `undefined` if there never was
   * such a message.
   */
  image(sequence: bigint): readonly [bids: string, asks: string] | undefined {
    return this.#images.get(sequence);
  }

  /** Something changes, which is the next message. */
  change(): MarketDepth {
    const changed: Record<Side, Map<number, number>> = { bids: new Map(), asks: new Map() };
    const fresh: Record<Side, Set<number>> = { bids: new Set(), asks: new Set() };
    const set = (side: Side, price: number, lots: number): void => {
      const levels = this.#levels[side];
      if (lots > 0 && !levels.has(price) && !changed[side].has(price)) fresh[side].add(price);
      if (lots === 0 && !levels.delete(price)) return;
      if (lots > 0) levels.set(price, lots);
      // What came and went in one message was never there for anybody else.
      if (lots === 0 && fresh[side].has(price) && !this.#isOdd) changed[side].delete(price);
      else changed[side].set(price, lots);
    };
    if (this.#next() < 0.25) this.#move(this.#below(5) - 2, set);
    for (let left = 1 + this.#below(4); left > 0; left -= 1) this.#order(set);
    this.#sequence += 1n;
    this.#keepImage();
    return { sequence: this.#sequence, bids: texts(changed.bids), asks: texts(changed.asks) };
  }

  /** The middle moves: what is in its way goes, and so does what is too far off. */
  #move(ticks: number, set: (side: Side, price: number, lots: number) => void): void {
    this.#middle = Math.max(this.#widest + 1, this.#middle + ticks);
    for (const [side, sign] of [['bids', -1] as const, ['asks', 1] as const]) {
      set(side, this.#middle + sign, 1 + this.#below(mostLots));
      for (const price of [...this.#levels[side].keys()]) {
        const distance = sign * (price - this.#middle);
        if (distance < 1 || distance > this.#widest) set(side, price, 0);
      }
    }
  }

  /** An order comes or goes. The level beside the middle stays, so that no side is ever empty. */
  #order(set: (side: Side, price: number, lots: number) => void): void {
    const [side, sign] = this.#next() < 0.5 ? (['bids', -1] as const) : (['asks', 1] as const);
    const distance = 1 + this.#below(this.#next() < 0.25 ? this.#widest : nearTicks);
    const goes = distance > 1 && this.#next() < 0.4;
    if (goes && this.#levels[side].size > 1) set(side, this.#middle + sign * distance, 0);
    else set(side, this.#middle + sign * distance, 1 + this.#below(mostLots));
  }

  #rows(side: Side): readonly DepthRow[] {
    return texts(new Map(this.#sorted(side)));
  }

  #sorted(side: Side): readonly (readonly [number, number])[] {
    const sign = side === 'bids' ? -1 : 1;
    return [...this.#levels[side]].sort(([a], [b]) => sign * (a - b));
  }

  #keepImage(): void {
    const plain = (side: Side): string =>
      this.#sorted(side)
        .map(([price, lots]) => `${price / 10 ** priceDigits}:${lots / 10 ** amountDigits}`)
        .join(' ');
    this.#images.set(this.#sequence, [plain('bids'), plain('asks')]);
  }

  #below(bound: number): number {
    return Math.floor(this.#next() * bound);
  }
}

function texts(levels: ReadonlyMap<number, number>): readonly DepthRow[] {
  return [...levels].map(([price, lots]) => [scaled(price, priceDigits), scaled(lots, amountDigits)]);
}

/** Whole units in digits; no amount at all is a plain zero. */
function scaled(units: number, digits: number): string {
  return units === 0 ? '0' : (units / 10 ** digits).toFixed(digits);
}
