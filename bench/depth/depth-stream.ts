import { type ExactLevel, ExactSide } from './exact-book.ts';
import { market, messagesPerPass, type Workload } from './workloads.ts';

/** Both sides in whole numbers, best first. */
export interface ExactLevels {
  readonly bids: readonly ExactLevel[];
  readonly asks: readonly ExactLevel[];
}

/** Frames as they come from a socket, and what a book is after the last of them. */
export interface DepthStream {
  /** The whole book, as the venue answers a request for it. */
  readonly snapshot: Buffer;
  readonly frames: readonly Buffer[];
  readonly end: ExactLevels;
  /** Of the best bid and the best ask after each message, in ticks. */
  readonly sumOfBests: number;
}

type SideName = 'bids' | 'asks';

const middle = 6_000_000;
const firstSequence = 21_034_366_119;
const startMs = 1_618_677_609_116;
/** Ranks that are near the touch; nine of ten changes are there, the more the nearer. */
const nearRanks = 40;

/** The same in every process: 75 % of the changes are of an amount, 12 % are new levels, 13 % deletions. */
export function depthStream({ levelsPerSide, levelsPerMessage }: Workload): DepthStream {
  const next = numbersOf(20_210_417);
  const sides = { bids: new ExactSide('bids'), asks: new ExactSide('asks') };
  fill(sides, levelsPerSide, next);
  const snapshot = frame('depth-snapshot', 0, content(sides));
  let sumOfBests = 0;
  const frames = Array.from({ length: messagesPerPass }, (_, at) => {
    const count = 1 + next(2 * levelsPerMessage - 1);
    const changes = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    for (let made = 0; made < count; made += 1) change(sides, changes, levelsPerSide, next);
    sumOfBests += sides.bids.priceAt(0) + sides.asks.priceAt(0);
    return frame('depth', at + 1, {
      bids: [...changes.bids].sort(([one], [other]) => other - one),
      asks: [...changes.asks].sort(([one], [other]) => one - other),
    });
  });
  return { snapshot, frames, end: content(sides), sumOfBests };
}

/** Draws one change of a price that the message has not changed yet, and carries it out. */
function change(
  sides: Readonly<Record<SideName, ExactSide>>,
  changes: Readonly<Record<SideName, Map<number, number>>>,
  levelsPerSide: number,
  next: (below: number) => number,
): void {
  for (;;) {
    const name = next(2) === 0 ? 'bids' : 'asks';
    const [side, other] = [sides[name], sides[name === 'bids' ? 'asks' : 'bids']];
    const drawn = next(100);
    const present = side.priceAt(rankOf(side, next));
    // A side that is not full is told to delete what it does not have, which is legal, and happens.
    const isPresent = drawn < 75 || (drawn >= 87 && side.size > levelsPerSide);
    const price = isPresent ? present : present + (next(2) === 0 ? 1 : -1) * (1 + next(8));
    const best = other.priceAt(0);
    const crosses = name === 'bids' ? price >= best : price <= best;
    if (crosses || changes[name].has(price) || side.has(price) !== isPresent) continue;
    const amount = drawn < 87 ? amountOf(next) : 0;
    side.set(price, amount);
    changes[name].set(price, amount);
    return;
  }
}

function fill(
  sides: Readonly<Record<SideName, ExactSide>>,
  levelsPerSide: number,
  next: (below: number) => number,
): void {
  let [bid, ask] = [middle, middle];
  for (let made = 0; made < levelsPerSide; made += 1) {
    bid -= 1 + next(9);
    ask += 1 + next(9);
    sides.bids.set(bid, amountOf(next));
    sides.asks.set(ask, amountOf(next));
  }
}

function rankOf(side: ExactSide, next: (below: number) => number): number {
  const rank = next(10) === 0 ? next(side.size) : Math.floor((next(nearRanks) * next(nearRanks)) / nearRanks);
  return Math.min(rank, side.size - 1);
}

/** Lots, of one to seven digits. */
function amountOf(next: (below: number) => number): number {
  return 1 + next(10 ** (1 + next(7)));
}

function content({ bids, asks }: Readonly<Record<SideName, ExactSide>>): ExactLevels {
  return { bids: bids.levels(), asks: asks.levels() };
}

/** In the form that recordings of the venue have, with its one space. */
function frame(kind: 'depth' | 'depth-snapshot', at: number, { bids, asks }: ExactLevels): Buffer {
  const head = `{"m":"${kind}","symbol":"${market.symbol}", "data":{"ts":${startMs + at * 137},"seqnum":${firstSequence + at}`;
  return Buffer.from(`${head},"asks":${texts(asks)},"bids":${texts(bids)}}}`);
}

function texts(levels: readonly ExactLevel[]): string {
  return JSON.stringify(
    levels.map(([price, amount]) => [text(price, market.priceScale), text(amount, market.amountScale)]),
  );
}

/** Without zeros at the end, as the venue writes. */
function text(units: number, scale: number): string {
  const digits = `${units}`.padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Whole numbers from 0, below what is asked for. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
