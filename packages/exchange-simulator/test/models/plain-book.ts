/** A book in plain code, kept apart from the simulator's: prices are keys of a map, compared as padded text. */
export class PlainBook {
  readonly #sides = { asks: new Map<string, string>(), bids: new Map<string, string>() };
  /** Number of the last message; undefined before the snapshot. */
  seqnum: bigint | undefined;
  /** Deletes of prices that were not there. */
  unknownDeletes = 0;
  /** Messages that did not follow the one before. */
  gaps = 0;

  snapshot(text: string): void {
    const { seqnum, asks, bids } = takeApart(text);
    this.seqnum = seqnum;
    this.#sides.asks = new Map(asks.map(([price, size]) => [key(price), size]));
    this.#sides.bids = new Map(bids.map(([price, size]) => [key(price), size]));
  }

  /** Applies a difference; true if it was new. */
  difference(text: string): boolean {
    const { seqnum, asks, bids } = takeApart(text);
    if (this.seqnum === undefined || seqnum <= this.seqnum) return false;
    if (seqnum !== this.seqnum + 1n) this.gaps += 1;
    this.seqnum = seqnum;
    this.#change(this.#sides.asks, asks);
    this.#change(this.#sides.bids, bids);
    return true;
  }

  /** Price and size by side, the best first. */
  levels(): { asks: string[]; bids: string[] } {
    const texts = (side: Map<string, string>): string[] =>
      [...side]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([price, size]) => `${shown(price)} ${Number(size)}`);
    return { asks: texts(this.#sides.asks), bids: texts(this.#sides.bids).reverse() };
  }

  best(): { bid: string | undefined; ask: string | undefined } {
    const { asks, bids } = this.levels();
    return { bid: bids[0]?.split(' ')[0], ask: asks[0]?.split(' ')[0] };
  }

  /** True if the best bid is not below the best ask. */
  get crossed(): boolean {
    const bid = [...this.#sides.bids.keys()].sort().at(-1);
    const ask = [...this.#sides.asks.keys()].sort()[0];
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  #change(side: Map<string, string>, levels: readonly (readonly [string, string])[]): void {
    for (const [price, size] of levels) {
      if (Number(size) > 0) side.set(key(price), size);
      else if (!side.delete(key(price))) this.unknownDeletes += 1;
    }
  }
}

interface Parts {
  readonly seqnum: bigint;
  readonly asks: readonly (readonly [string, string])[];
  readonly bids: readonly (readonly [string, string])[];
}

function takeApart(text: string): Parts {
  const message = JSON.parse(text) as { data: Omit<Parts, 'seqnum'> };
  return { ...message.data, seqnum: BigInt(/"seqnum":(\d+)/.exec(text)?.[1] ?? '0') };
}

/** Fixed width, so that text order is number order. */
function key(price: string): string {
  const [whole = '', fraction = ''] = price.split('.');
  return `${whole.padStart(12, '0')}.${fraction.padEnd(18, '0')}`;
}

function shown(price: string): string {
  return price.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '');
}
