import type { Audit, BookReading, ServerTruth } from './load-plan.ts';

/** What a client has had of its books. */
export interface SeenBooks {
  readonly begin: readonly BookReading[];
  readonly end: readonly BookReading[];
  /** On the way, at the sampled numbers. */
  readonly audits: readonly Audit[];
  /** At the end. */
  readonly last: readonly Audit[];
}

/** Whether the books were right. */
export interface Verdict {
  readonly books: number;
  /** Messages that were made since the beginning, by the numbers of the server. */
  readonly made: number;
  /** Messages that were applied since then. */
  readonly applied: number;
  /** Books that are not at the server's last number, or did not apply each message once. */
  readonly wrongCounts: number;
  /** Books at one of their numbers, compared with the truth, and how many of them were not the same or not there. */
  readonly audits: number;
  readonly wrongAudits: number;
}

/** Compares what a client has seen with what is true. A client without books has made no mistake. */
export function judgeBooks(seen: SeenBooks, { audits, last }: ServerTruth): Verdict {
  const ends = new Map(seen.end.map((book) => [book.symbol, book]));
  const numbers = new Map(last.map(([symbol, sequence]) => [symbol, BigInt(sequence)]));
  let [made, applied, wrongCounts] = [0, 0, 0];
  for (const { symbol, sequence, applied: before } of seen.begin) {
    const [number, end] = [numbers.get(symbol) ?? 0n, ends.get(symbol)];
    const due = sequence === undefined ? Number.NaN : Number(number - BigInt(sequence));
    const got = (end?.applied ?? 0) - before;
    made += due;
    applied += got;
    if (due !== got || end?.sequence !== `${number}`) wrongCounts += 1;
  }
  const books = seen.begin.length;
  return { ...{ books, made, applied, wrongCounts }, ...judgeAudits(seen, audits, last) };
}

/** The truth decides which books there should be. */
function judgeAudits(
  seen: SeenBooks,
  audits: readonly Audit[],
  last: readonly Audit[],
): Pick<Verdict, 'audits' | 'wrongAudits'> {
  const begins = new Map(seen.begin.map(({ symbol, sequence }) => [symbol, BigInt(sequence ?? 0)]));
  const digests = new Map([...seen.audits, ...seen.last].map((audit) => [keyOf(audit), audit[2]]));
  const due = [...audits, ...last].filter(([symbol, sequence]) => {
    const begin = begins.get(symbol);
    return begin !== undefined && BigInt(sequence) > begin;
  });
  const wrongAudits = due.filter((audit) => digests.get(keyOf(audit)) !== audit[2]).length;
  return { audits: due.length, wrongAudits };
}

function keyOf([symbol, sequence]: Audit): string {
  return `${symbol} ${sequence}`;
}
