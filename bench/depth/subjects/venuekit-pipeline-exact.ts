import type { DepthSubject } from '../subject.ts';
import { subject as pipeline } from './venuekit-pipeline.ts';

/** Frames with a blank behind them, which the scanner leaves to the exact decoder; by the first of a stream, made once for all passes. */
const streams = new Map<Buffer, Buffer[]>();

/** The pipeline where the venue's form deviates: the same results by the exact decoder. */
export const subject: DepthSubject = {
  ...pipeline,
  open(snapshot) {
    const book = pipeline.open(snapshot);
    let spaced: Buffer[] | undefined;
    let at = 0;
    const next = (frame: Buffer): Buffer => {
      spaced ??= streams.get(frame) ?? [];
      if (at === 0) streams.set(frame, spaced);
      spaced[at] ??= Buffer.concat([frame, Buffer.from(' ')]);
      at += 1;
      return spaced[at - 1] as Buffer;
    };
    return { ...book, apply: (frame) => book.apply(next(frame)) };
  },
};
