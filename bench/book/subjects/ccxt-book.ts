import type { SubjectLevel } from '../../depth/subject.ts';
import type { CcxtRelease, CcxtSide } from '../../depth/subjects/ccxt-library.ts';
import { type NumberSide, type NumberUpdate, numberBook } from '../number-book.ts';
import type { BookSubject } from '../subject.ts';
import { topLevels } from '../subject.ts';

/** The book of a release, as its exchanges use it: `store` for each level, rows for the reader. */
export function ccxtBook({ Exchange }: CcxtRelease): BookSubject<NumberUpdate> {
  const exchange = new Exchange();
  return numberBook((name) => toSide(exchange.orderBook({})[name]));
}

function toSide(side: CcxtSide): NumberSide {
  return {
    set: (price, amount) => side.store(price, amount),
    best: () => side[0]?.[0] ?? -1,
    read(into, at) {
      for (let rank = 0; rank < topLevels; rank += 1) {
        const row = side[rank];
        into[at + 2 * rank] = row?.[0] ?? -1;
        into[at + 2 * rank + 1] = row?.[1] ?? -1;
      }
    },
    levels: (): readonly SubjectLevel[] =>
      Array.from({ length: side.length }, (_, at) => side[at] ?? [-1, -1]),
  };
}
