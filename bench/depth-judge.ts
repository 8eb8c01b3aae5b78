import type { DepthStream } from './depth/depth-stream.ts';
import { play } from './depth/play.ts';
import type { DepthSubject, SubjectLevels } from './depth/subject.ts';

/** What was noted while a stream was applied to a book. */
export interface DepthNotes {
  readonly unit: DepthSubject['unit'];
  /** Best bid and best ask together, after each message. */
  readonly sums: Float64Array;
  readonly book: { levels(): SubjectLevels };
}

/** Lets the generator judge a book that was fed by somebody else. @throws Error if a best price or a level is wrong. */
export function judgeDepth(stream: DepthStream, { unit, sums, book }: DepthNotes): void {
  let at = -1;
  const noted = {
    apply: () => {
      at += 1;
    },
    bestBid: () => sums[at] ?? Number.NaN,
    bestAsk: () => 0,
    levels: () => book.levels(),
  };
  play({ unit, open: () => noted }, stream, (messages) => messages());
}
