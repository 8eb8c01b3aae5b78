import type { BookAnswer, BookImage } from '../market/market.ts';

/** How far the numbers of a recording are set back, by symbol. */
export interface FeedRestarts {
  /** Sets a symbol back by as much more. */
  add(symbol: string, backBy: bigint): void;
  /** Numbers that the symbol has been set back by; 0 if it never was. */
  of(symbol: string): bigint;
  /** A recorded change or book with the number that it has now. */
  renumber<Image extends BookImage>(symbol: string, recorded: Image): Image;
  /** A recorded answer with the number that it has now; the recorded text is gone if that is another one. */
  renumberAnswer(symbol: string, recorded: BookAnswer): BookAnswer;
}

/** No symbol is set back. */
export function createFeedRestarts(): FeedRestarts {
  const backs = new Map<string, bigint>();
  const of = (symbol: string): bigint => backs.get(symbol) ?? 0n;
  const renumber = <Image extends BookImage>(symbol: string, recorded: Image): Image => {
    const back = of(symbol);
    return back === 0n ? recorded : { ...recorded, seqnum: lowered(recorded.seqnum, back) };
  };
  return {
    add: (symbol, backBy) => void backs.set(symbol, of(symbol) + backBy),
    of,
    renumber,
    renumberAnswer: (symbol, recorded) =>
      of(symbol) === 0n ? recorded : { book: renumber(symbol, recorded.book) },
  };
}

function lowered(seqnum: bigint, back: bigint): bigint {
  return back < seqnum ? seqnum - back : 0n;
}
