import { bookText, plain } from './truth-model.ts';

type Sides = Readonly<Record<'asks' | 'bids', readonly (readonly [string, string])[]>>;

/** The book of one symbol as a careful client builds it from its frames, in order, from the first snapshot on. */
export class WireBook {
  readonly #asks = new Map<string, string>();
  readonly #bids = new Map<string, string>();
  seqnum: bigint | undefined;
  /** How often a lower number has begun the sequence anew. */
  epoch = 0;

  /** Takes a frame; true if the book is known and has just changed. */
  take(text: string): boolean {
    const message = JSON.parse(text) as { readonly m: string; readonly data: Sides };
    const seqnum = BigInt(/"seqnum":(\d+)/.exec(text)?.[1] ?? '0');
    if (message.m === 'depth-snapshot') {
      this.#asks.clear();
      this.#bids.clear();
    } else if (this.seqnum === undefined || seqnum === this.seqnum) {
      return false;
    } else if (seqnum < this.seqnum) {
      this.epoch += 1;
    }
    this.seqnum = seqnum;
    for (const [price, amount] of message.data.asks) set(this.#asks, price, amount);
    for (const [price, amount] of message.data.bids) set(this.#bids, price, amount);
    return true;
  }

  get text(): string {
    const lines = (side: ReadonlyMap<string, string>): string[] =>
      [...side].map(([price, amount]) => `${price} x ${amount}`).sort();
    return bookText(lines(this.#asks), lines(this.#bids));
  }
}

function set(side: Map<string, string>, price: string, amount: string): void {
  if (plain(amount) === '0') side.delete(plain(price));
  else side.set(plain(price), plain(amount));
}
