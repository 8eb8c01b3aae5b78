import { createDepthStage, type DepthStage } from '../../../packages/connector-core/src/index.ts';
import { createScaledBook, type ScaledBook } from '../../../packages/connector-kit/src/book/scaled-book.ts';
import type { ParsedFrame, SubjectLevel } from '../../depth/subject.ts';
import { market } from '../../depth/workloads.ts';
import { type BookSubject, topLevels } from '../subject.ts';

export const subject: BookSubject<DepthStage> = {
  unit: 'units',
  prepare: toStage,
  open(snapshot) {
    const book = createScaledBook(market);
    requireNoFault(book.replace(toStage(snapshot)));
    return {
      apply: (stage) => requireNoFault(book.apply(stage)),
      bestBid: () => book.bestBidPriceUnits,
      bestAsk: () => book.bestAskPriceUnits,
      readTop(into) {
        read(book, 'bids', into, 0);
        read(book, 'asks', into, 2 * topLevels);
      },
      levels: () => ({
        bids: levels(book, 'bids', book.bidCount),
        asks: levels(book, 'asks', book.askCount),
      }),
    };
  },
};

function read(book: ScaledBook, side: 'bids' | 'asks', into: Float64Array, at: number): void {
  for (let rank = 0; rank < topLevels; rank += 1) {
    into[at + 2 * rank] = book.priceAt(side, rank);
    into[at + 2 * rank + 1] = book.amountAt(side, rank);
  }
}

function levels(book: ScaledBook, side: 'bids' | 'asks', count: number): readonly SubjectLevel[] {
  return Array.from({ length: count }, (_, rank) => [book.priceAt(side, rank), book.amountAt(side, rank)]);
}

function requireNoFault(fault: object | undefined): void {
  if (fault !== undefined) throw new Error(`expected no fault, got ${JSON.stringify(fault)}`);
}

/** A message in whole numbers, with no more room than it needs. */
function toStage({ data }: ParsedFrame): DepthStage {
  const stage = createDepthStage({ ...market, levels: Math.max(data.bids.length, data.asks.length) });
  for (const name of ['bids', 'asks'] as const) {
    const side = stage[name];
    for (const [at, [price, amount]] of data[name].entries()) {
      side.prices[at] = Math.round(Number(price) * 10 ** market.priceScale);
      side.amounts[at] = Math.round(Number(amount) * 10 ** market.amountScale);
    }
    side.count = data[name].length;
  }
  stage.sequence = data.seqnum;
  return stage;
}
