import { createDepthScanner } from '../../../packages/ascendex-wire/src/index.ts';
import { type DepthSubject, requireNext } from '../subject.ts';
import { market } from '../workloads.ts';
import { openScaledBook, requireNoFault, scaledLevels } from './venuekit-parts.ts';

/** From the bytes to the book; a frame that would need the exact decoder ends the run. */
export const subject: DepthSubject = {
  unit: 'units',
  open(snapshot) {
    const { book, stage } = openScaledBook(snapshot);
    const scanner = createDepthScanner([market.symbol]);
    let last = stage.sequence;
    return {
      apply(frame) {
        if (scanner.symbolOf(frame) !== 0 || !scanner.stage(frame, stage))
          throw new Error(`expected a frame that can be scanned, got ${frame.toString()}`);
        requireNext(stage.sequence, last);
        last = stage.sequence;
        requireNoFault(book.apply(stage));
      },
      bestBid: () => book.bestBidPriceUnits,
      bestAsk: () => book.bestAskPriceUnits,
      levels: () => scaledLevels(book),
    };
  },
};
