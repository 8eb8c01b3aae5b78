import type { ParsedFrame, SubjectLevel } from '../depth/subject.ts';
import type { NumberSide as ToldSide } from '../depth/subjects/parsed-book.ts';
import { type BookSubject, topLevels } from './subject.ts';

/** One side of a book that is told numbers, and read from. */
export interface NumberSide extends ToldSide {
  /** Fills in prices and amounts of the best levels from `at` on, best first. */
  read(into: Float64Array, at: number): void;
}

/** A message in numbers. */
export interface NumberUpdate {
  readonly asks: readonly SubjectLevel[];
  readonly bids: readonly SubjectLevel[];
}

/** A book of two sides, by what makes them. */
export function numberBook(makeSide: (side: 'bids' | 'asks') => NumberSide): BookSubject<NumberUpdate> {
  return {
    unit: 'decimals',
    prepare: toNumbers,
    open(snapshot) {
      const [bids, asks] = [makeSide('bids'), makeSide('asks')];
      const apply = (update: NumberUpdate): void => {
        for (const level of update.asks) asks.set(level[0], level[1]);
        for (const level of update.bids) bids.set(level[0], level[1]);
      };
      apply(toNumbers(snapshot));
      return {
        apply,
        bestBid: () => bids.best(),
        bestAsk: () => asks.best(),
        readTop(into) {
          bids.read(into, 0);
          asks.read(into, 2 * topLevels);
        },
        levels: () => ({ bids: bids.levels(), asks: asks.levels() }),
      };
    },
  };
}

function toNumbers({ data: { asks, bids } }: ParsedFrame): NumberUpdate {
  return { asks: asks.map(toLevel), bids: bids.map(toLevel) };
}

function toLevel(level: readonly [price: string, amount: string]): SubjectLevel {
  return [Number(level[0]), Number(level[1])];
}
