import type { DepthStream } from '../depth/depth-stream.ts';
import type { DepthSubject } from '../depth/subject.ts';
import { judgeDepth } from '../depth-judge.ts';

/** What takes the messages of one burst. */
export interface Receiver {
  hear(frame: Buffer): void;
  /** @throws Error unless what was heard is what the server has sent, and the book is that of the generator. */
  requireRight(): void;
}

/** Looks at each message, and counts its bytes. */
export function createReader({ frames }: DepthStream, read?: (frame: Buffer) => unknown): Receiver {
  let bytes = 0;
  let last: unknown = 0;
  return {
    hear(frame) {
      bytes += frame.length;
      if (read !== undefined) last = read(frame);
    },
    requireRight() {
      const sent = frames.reduce((sum, { length }) => sum + length, 0);
      if (bytes !== sent || last === undefined) throw new Error(`expected ${sent} bytes, got ${bytes}`);
    },
  };
}

/** Applies each message to a book and reads its best prices, which are noted and judged afterwards, as the book is. */
export function createBookReceiver(stream: DepthStream, { unit, open }: DepthSubject): Receiver {
  const book = open(stream.snapshot);
  const sums = new Float64Array(stream.frames.length);
  let heard = 0;
  return {
    hear(frame) {
      book.apply(frame);
      sums[heard] = book.bestBid() + book.bestAsk();
      heard += 1;
    },
    requireRight: () => judgeDepth(stream, { unit, sums, book }),
  };
}
