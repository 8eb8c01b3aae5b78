import { stageDepthUpdate } from '../../../packages/connector-core/src/index.ts';
import type { DepthSubject } from '../subject.ts';
import { decodeDepthFrame } from './venuekit-decoding.ts';
import { scaledSubject } from './venuekit-parts.ts';

/** The way of a frame that the scanner does not take: the exact decoder, and the same book. */
export const subject: DepthSubject = scaledSubject(
  (stage) => (frame) => stageDepthUpdate(decodeDepthFrame(frame), stage),
);
