import { depthStream } from '../depth/depth-stream.ts';

const levelsPerSide = 190;

/** A venue's answer to a request for a book, of about ten thousand bytes: the same in every process. */
export function answer(): string {
  const name = `${levelsPerSide} levels a side`;
  const { m, symbol, data } = JSON.parse(
    depthStream({ name, levelsPerSide, levelsPerMessage: 1 }).snapshot.toString(),
  );
  return JSON.stringify({ code: 0, data: { m, symbol, data } });
}
