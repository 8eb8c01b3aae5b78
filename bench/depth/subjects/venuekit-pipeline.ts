import { createDepthPipeline } from '../../../packages/ascendex-spot/src/index.ts';
import type { ScaledBook } from '../../../packages/connector-kit/src/book/index.ts';
import type { DepthSubject } from '../subject.ts';
import { market } from '../workloads.ts';
import { scaledLevels } from './venuekit-parts.ts';

/** The pipeline as users have it: sequence, crossing and depth are looked at, and whatever deviates takes the exact way. */
export const subject: DepthSubject = {
  unit: 'units',
  open(snapshot) {
    const depth = createDepthPipeline(market);
    if (!depth.take(snapshot).joined) throw new Error('expected a snapshot that can be joined');
    return {
      apply(frame) {
        if (!depth.take(frame).changed) throw new Error(`expected the next message, got ${frame.toString()}`);
      },
      bestBid: () => scaledOf(depth.book.scaled).bestBidPriceUnits,
      bestAsk: () => scaledOf(depth.book.scaled).bestAskPriceUnits,
      levels: () => scaledLevels(scaledOf(depth.book.scaled)),
    };
  },
};

function scaledOf(book: ScaledBook | undefined): ScaledBook {
  if (book === undefined) throw new Error('expected a book of whole numbers, got one of texts');
  return book;
}
