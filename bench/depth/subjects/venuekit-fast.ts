import { createDepthScanner } from '../../../packages/ascendex-wire/src/index.ts';
import type { DepthSubject } from '../subject.ts';
import { market } from '../workloads.ts';
import { scaledSubject } from './venuekit-parts.ts';

/** From the bytes to the book; a frame that would need the exact decoder ends the run. */
export const subject: DepthSubject = scaledSubject(() => {
  const scanner = createDepthScanner([market.symbol]);
  return (frame, stage) => scanner.symbolOf(frame) === 0 && scanner.stage(frame, stage);
});
