import type { Level, TruthEntry } from '../../src/index.ts';

/** What a simulator says is true, in plain code: books by number, trades and best prices as lines of text. */
export class TruthModel {
  readonly entries: TruthEntry[] = [];
  /** The books of a symbol by `EPOCH NUMBER`, each as one text. */
  readonly #books = new Map<string, Map<string, string>>();
  readonly #now = new Map<
    string,
    { epoch: number; seqnum: bigint; sides: Record<'asks' | 'bids', Map<string, string>> }
  >();
  /** Numbers that did not follow the one before. */
  gaps = 0;

  readonly take = (entry: TruthEntry): void => {
    this.entries.push(entry);
    if (entry.kind !== 'book') return;
    const { symbol, seqnum, whole } = entry;
    const before = this.#now.get(symbol);
    const now =
      before === undefined || whole
        ? { epoch: (before?.epoch ?? -1) + 1, seqnum, sides: { asks: new Map(), bids: new Map() } }
        : before;
    if (!whole && seqnum !== now.seqnum + 1n) this.gaps += 1;
    now.seqnum = seqnum;
    for (const side of ['asks', 'bids'] as const) change(now.sides[side], entry[side]);
    this.#now.set(symbol, now);
    const books = this.#books.get(symbol) ?? new Map<string, string>();
    this.#books.set(symbol, books.set(`${now.epoch} ${seqnum}`, shown(now.sides)));
  };

  /** The book of a symbol after a change of an epoch; `undefined` if it never was. */
  bookAt(symbol: string, epoch: number, seqnum: bigint): string | undefined {
    return this.#books.get(symbol)?.get(`${epoch} ${seqnum}`);
  }

  /** Number of the present book. */
  seqnum(symbol: string): bigint | undefined {
    return this.#now.get(symbol)?.seqnum;
  }

  of<Kind extends TruthEntry['kind']>(kind: Kind): Extract<TruthEntry, { kind: Kind }>[] {
    return this.entries.filter((entry): entry is Extract<TruthEntry, { kind: Kind }> => entry.kind === kind);
  }
}

function change(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, amount] of levels) {
    if (amount === '0') side.delete(plain(price));
    else side.set(plain(price), plain(amount));
  }
}

function shown(sides: Record<'asks' | 'bids', Map<string, string>>): string {
  const lines = (side: Map<string, string>): string[] =>
    [...side].map(([price, amount]) => `${price} x ${amount}`).sort();
  return bookText(lines(sides.asks), lines(sides.bids));
}

/** A book as text: levels in the order of their texts, without zeros that say nothing. */
export function bookText(asks: readonly string[], bids: readonly string[]): string {
  return `${asks.join('\n')}\n--\n${bids.join('\n')}`;
}

/** Decimal text without zeros at the end. */
export function plain(decimalText: string): string {
  return decimalText.includes('.') ? decimalText.replace(/\.?0+$/, '') : decimalText;
}
