import { createDepthScanner } from '../../../packages/ascendex-wire/src/index.ts';
import type { DepthSubject } from '../subject.ts';
import { market } from '../workloads.ts';
import { scaledSubject } from './venuekit-parts.ts';

/** From the bytes to the book; a frame that would need the exact decoder ends the run. */
export const subject: DepthSubject = scaledSubject((stage) => {
  const scanner = createDepthScanner([market.symbol]);
  const stages = [stage];
  return (frame) => scanner.read(frame, stages) === 0;
});
