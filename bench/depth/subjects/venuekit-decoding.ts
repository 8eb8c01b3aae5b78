import { type DepthContent, decodeStreamFrame } from '../../../packages/ascendex-wire/src/index.ts';

/** The exact decoder's reading of a frame. */
export function decodeDepthFrame(frame: Buffer): DepthContent {
  const message = decodeStreamFrame(frame.toString());
  if (message.type === 'depth' || message.type === 'depth-snapshot') return message;
  throw new Error(`expected a depth message, got ${message.type}`);
}
