import { createRequire } from 'node:module';
import type { DepthSubject } from '../subject.ts';
import { openParsedBook } from './parsed-book.ts';

interface Tree {
  set(key: number, value: number): boolean;
  delete(key: number): boolean;
  minKey(): number | undefined;
  maxKey(): number | undefined;
  toArray(): [number, number][];
}

type TreeClass = new (entries: undefined, compare: (one: number, other: number) => number) => Tree;

const { default: BTree } = createRequire(import.meta.url)('sorted-btree') as { readonly default: TreeClass };

export const subject: DepthSubject = {
  unit: 'decimals',
  open: (snapshot) =>
    openParsedBook(snapshot, (side) => {
      // Its own comparison is for keys of every type; one of numbers is what its documentation asks for.
      const tree = new BTree(undefined, (one, other) => one - other);
      return {
        set(price, amount) {
          if (amount === 0) tree.delete(price);
          else tree.set(price, amount);
        },
        best: side === 'bids' ? () => tree.maxKey() ?? -1 : () => tree.minKey() ?? -1,
        levels: () => tree.toArray(),
      };
    }),
};
