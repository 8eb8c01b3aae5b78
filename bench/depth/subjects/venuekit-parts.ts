import {
  createDepthStage,
  type DepthStage,
  stageDepthUpdate,
} from '../../../packages/connector-core/src/index.ts';
import { createScaledBook, type ScaledBook } from '../../../packages/connector-kit/src/book/index.ts';
import { type DepthSubject, requireNext, type SubjectLevel, type SubjectLevels } from '../subject.ts';
import { market } from '../workloads.ts';
import { decodeDepthFrame } from './venuekit-decoding.ts';

/** A book that holds a snapshot, and the stage that its messages go through. */
function openScaledBook(snapshot: Buffer): { readonly book: ScaledBook; readonly stage: DepthStage } {
  // That of the snapshot is as large as the book; messages have one of their own, as long as the market is followed.
  const whole = createDepthStage({ ...market, levels: 4_096 });
  if (!stageDepthUpdate(decodeDepthFrame(snapshot), whole))
    throw new Error('expected a snapshot that can be staged');
  const book = createScaledBook(market);
  requireNoFault(book.replace(whole));
  const stage = createDepthStage(market);
  stage.sequence = whole.sequence;
  return { book, stage };
}

/**
 * A subject that stages frames and applies them to a scaled book.
 * @param openReader makes what puts the frames of one run into a stage; false for a frame that it cannot take, which ends the run.
 */
export function scaledSubject(openReader: (stage: DepthStage) => (frame: Buffer) => boolean): DepthSubject {
  return {
    unit: 'units',
    open(snapshot) {
      const { book, stage } = openScaledBook(snapshot);
      const read = openReader(stage);
      let last = stage.sequence;
      return {
        apply(frame) {
          if (!read(frame)) throw new Error(`expected a frame that can be staged, got ${frame.toString()}`);
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
}

/** @throws Error if a book refused a message. */
function requireNoFault(fault: object | undefined): void {
  if (fault !== undefined) throw new Error(`expected no fault, got ${JSON.stringify(fault)}`);
}

/** All levels, the best first. */
export function scaledLevels(book: ScaledBook): SubjectLevels {
  const levels = (side: 'bids' | 'asks', count: number): SubjectLevel[] =>
    Array.from({ length: count }, (_, depth) => [book.priceAt(side, depth), book.amountAt(side, depth)]);
  return { bids: levels('bids', book.bidCount), asks: levels('asks', book.askCount) };
}
