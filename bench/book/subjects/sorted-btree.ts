import { createRequire } from 'node:module';
import { type NumberSide, type NumberUpdate, numberBook } from '../number-book.ts';
import { type BookSubject, topLevels } from '../subject.ts';

interface Tree {
  set(key: number, value: number): boolean;
  delete(key: number): boolean;
  minKey(): number | undefined;
  maxKey(): number | undefined;
  entries(): IterableIterator<[number, number]>;
  entriesReversed(): IterableIterator<[number, number]>;
  toArray(): [number, number][];
}

type TreeClass = new (entries: undefined, compare: (one: number, other: number) => number) => Tree;

const { default: BTree } = createRequire(import.meta.url)('sorted-btree') as { readonly default: TreeClass };

/** One side as a tree. */
export function treeSide(side: 'bids' | 'asks'): NumberSide {
  // Its own comparison is for keys of every type; one of numbers is what its documentation asks for.
  const tree = new BTree(undefined, (one, other) => one - other);
  return {
    set(price, amount) {
      if (amount === 0) tree.delete(price);
      else tree.set(price, amount);
    },
    best: side === 'bids' ? () => tree.maxKey() ?? -1 : () => tree.minKey() ?? -1,
    read(into, at) {
      let slot = at;
      for (const [price, amount] of side === 'bids' ? tree.entriesReversed() : tree.entries()) {
        into[slot] = price;
        into[slot + 1] = amount;
        slot += 2;
        if (slot === at + 2 * topLevels) break;
      }
    },
    levels: () => tree.toArray(),
  };
}

export const subject: BookSubject<NumberUpdate> = numberBook(treeSide);
