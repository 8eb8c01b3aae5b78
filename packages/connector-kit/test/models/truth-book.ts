import type { DepthUpdate, PriceLevelText } from '../../src/book/order-book.ts';

/** An independent book: two maps from price text to amount text, and sorting by the numbers as integers of 20 decimals. */
export interface TruthBook {
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

export function emptyTruth(): TruthBook {
  return { bids: new Map(), asks: new Map() };
}

export function applyToTruth(book: TruthBook, update: Pick<DepthUpdate, 'bids' | 'asks'>): TruthBook {
  const next: TruthBook = { bids: new Map(book.bids), asks: new Map(book.asks) };
  for (const side of ['bids', 'asks'] as const) {
    for (const [price, amount] of update[side]) {
      const key = canonical(price);
      if (/^0+(\.0+)?$/.test(amount)) next[side].delete(key);
      else next[side].set(key, canonical(amount));
    }
  }
  return next;
}

/** Levels from the best on, as canonical text. */
export function truthLevels(book: TruthBook, side: 'bids' | 'asks'): PriceLevelText[] {
  const sign = side === 'bids' ? -1 : 1;
  return [...book[side]].sort(
    ([a], [b]) => sign * (scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0),
  );
}

function canonical(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  const integer = whole.replace(/^0+(?=\d)/, '');
  return digits === '' ? integer : `${integer}.${digits}`;
}

function scaled(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(20, '0'));
}
