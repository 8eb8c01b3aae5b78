import type { DepthStream, ExactLevels } from './depth-stream.ts';
import type { DepthBook, DepthSubject, SubjectLevel, SubjectLevels } from './subject.ts';
import { market } from './workloads.ts';

/** Plays a stream once on a fresh book, and tells what `around` made of the time that the messages took. @throws Error if the book is wrong. */
export function play<Result>(
  { unit, open }: DepthSubject,
  { snapshot, frames, end, sumOfBests }: DepthStream,
  around: (messages: () => void) => Result,
): Result {
  const book = open(snapshot);
  let sum = 0;
  const result = around(() => {
    sum = applyAll(book, frames);
  });
  const [priceUnit, amountUnit] =
    unit === 'units' ? [1, 1] : [10 ** market.priceScale, 10 ** market.amountScale];
  requireSame('the sum of bests', Math.round(sum * priceUnit), sumOfBests);
  requireSame('the book', contentOf(book.levels(), priceUnit, amountUnit), contentOf(end, 1, 1));
  return result;
}

function applyAll(book: DepthBook, frames: readonly Buffer[]): number {
  let sum = 0;
  for (const frame of frames) {
    book.apply(frame);
    sum += book.bestBid() + book.bestAsk();
  }
  return sum;
}

/** Whole numbers from the lowest price up, as text. */
function contentOf(
  { bids, asks }: SubjectLevels | ExactLevels,
  priceUnit: number,
  amountUnit: number,
): string {
  const units = ([price, amount]: SubjectLevel): SubjectLevel => [
    Math.round(price * priceUnit),
    Math.round(amount * amountUnit),
  ];
  return JSON.stringify([bids, asks].map((side) => side.map(units).sort(([one], [other]) => one - other)));
}

function requireSame(what: string, got: unknown, expected: unknown): void {
  if (got === expected) return;
  const shown = [expected, got].map((value) => `${value}`.slice(0, 200));
  throw new Error(`expected ${what} of the generator, ${shown[0]}, got ${shown[1]}`);
}
