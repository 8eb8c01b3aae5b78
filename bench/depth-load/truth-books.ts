import type { BookTruth } from '../../packages/exchange-simulator/src/index.ts';
import { digestOf, isSampled, type LevelText } from './book-digest.ts';
import type { Audit } from './load-plan.ts';

/** Amounts by price, both as text. */
type Side = Map<string, string>;

interface TrueBook {
  readonly bids: Side;
  readonly asks: Side;
  sequence: bigint;
}

/** The books as a server's truth log has them, kept apart from whatever made them. */
export interface TruthBooks {
  /** Takes an entry of the log. */
  take(change: Pick<BookTruth, 'symbol' | 'seqnum' | 'bids' | 'asks' | 'whole'>): void;
  /** How many changes there were. */
  readonly made: number;
  /** What the books were at their sampled numbers. */
  readonly audits: readonly Audit[];
  /** What they are now. */
  last(): readonly Audit[];
}

/** Makes a log that has no books. */
export function createTruthBooks(): TruthBooks {
  const books = new Map<string, TrueBook>();
  const audits: Audit[] = [];
  let made = 0;
  return {
    take({ symbol, seqnum, bids, asks, whole }) {
      const known = whole ? undefined : books.get(symbol);
      const book: TrueBook = known ?? { bids: new Map(), asks: new Map(), sequence: seqnum };
      if (known === undefined) books.set(symbol, book);
      book.sequence = seqnum;
      change(book.bids, bids);
      change(book.asks, asks);
      if (!whole) made += 1;
      if (isSampled(seqnum)) audits.push(auditOf(symbol, book));
    },
    get made() {
      return made;
    },
    audits,
    last: () => [...books].map(([symbol, book]) => auditOf(symbol, book)),
  };
}

function change(side: Side, levels: readonly LevelText[]): void {
  for (const [price, amount] of levels) {
    if (amount === '0') side.delete(price);
    else side.set(price, amount);
  }
}

function auditOf(symbol: string, { bids, asks, sequence }: TrueBook): Audit {
  return [symbol, `${sequence}`, digestOf(sorted(bids, -1), sorted(asks, 1))];
}

/** Best first. Prices have far fewer digits than a float holds. */
function sorted(side: Side, direction: 1 | -1): readonly LevelText[] {
  return [...side].sort(([one], [other]) => (Number(one) - Number(other)) * direction);
}
