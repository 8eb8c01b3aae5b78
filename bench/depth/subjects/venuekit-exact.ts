import { stageDepth } from '../../../packages/ascendex-wire/src/index.ts';
import { type DepthSubject, requireNext } from '../subject.ts';
import { decodeDepthFrame } from './venuekit-decoding.ts';
import { openScaledBook, requireNoFault, scaledLevels } from './venuekit-parts.ts';

/** The way of a frame that the scanner does not take: the exact decoder, and the same book. */
export const subject: DepthSubject = {
  unit: 'units',
  open(snapshot) {
    const { book, stage } = openScaledBook(snapshot);
    let last = stage.sequence;
    return {
      apply(frame) {
        if (!stageDepth(decodeDepthFrame(frame), stage))
          throw new Error(`expected a frame that can be staged, got ${frame.toString()}`);
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
