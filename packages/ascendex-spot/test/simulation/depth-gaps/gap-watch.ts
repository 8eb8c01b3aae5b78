import type { BookEvent, BookLevel, BookView, MarketHandle } from '@venuekit/connector-core';
import { type DepthMarket, snapshotLevels } from './depth-market.ts';
import type { Position } from './gap-plan.ts';
import { countRecovery } from './recovery-times.ts';

/** A message that the venue left out. */
export interface LostMessage {
  readonly position: Position;
  /** Virtual milliseconds. */
  readonly atMs: number;
  /** The book had been asked for on this subscription, so that its absence may show. */
  readonly mayShow: boolean;
}

/** What a book is judged with. */
export interface GapWatchOptions {
  readonly symbol: string;
  /** What the venue has left out of this market, by number; it grows. */
  readonly lost: ReadonlyMap<bigint, LostMessage>;
  readonly market: DepthMarket;
  readonly violate: (invariant: string, message: string) => void;
  readonly count: (name: string, by?: number) => void;
  /** Virtual milliseconds. */
  readonly now: () => number;
}

/** A message that no later one shows to be missing is found within this time. */
const foundWithinMs = 60_000;
/** Time on its way. */
const flightMs = 250;

/**
 * One book. I5: while it is live it is the venue's own at its number, every level, and no message beyond it has come. It leaves that state in the
 * very tick of a message that shows a hole (`notice`), and at no other time than when something is missing (`false-alarm`).
 */
export class GapWatch {
  readonly #options: GapWatchOptions;
  readonly #handle: MarketHandle;
  #judged: BookView | undefined;
  #liveAt: bigint | undefined;
  /** The newest message that has come on this subscription. */
  #newest: bigint | undefined;
  #told: BookEvent | undefined;
  #toldGaps = 0;
  #announcedGaps = 0;
  /** When the newest hole was noticed from which the book has not come back. */
  #noticedAtMs: number | undefined;
  #outage: { readonly sinceMs: number; readonly how: 'shown' | 'found'; asked: number } | undefined;
  #shownLive = 0;

  constructor(handle: MarketHandle, options: GapWatchOptions) {
    this.#handle = handle;
    this.#options = options;
    handle.book.subscribe((event) => this.#hear(event));
  }

  /** True if the book is live and beyond everything that was left out. */
  get isWhole(): boolean {
    const newestLost = [...this.#options.lost.keys()].at(-1) ?? -1n;
    return this.#liveAt !== undefined && this.#outage === undefined && this.#liveAt > newestLost;
  }

  get handle(): MarketHandle {
    return this.#handle;
  }

  /** The book was asked for. */
  asked(): void {
    if (this.#outage !== undefined) this.#outage.asked += 1;
  }

  /** The subscription was confirmed. */
  confirmed(): void {
    this.#newest = undefined;
  }

  /** A message of this number was handled. */
  arrived(sequence: bigint): void {
    const before = this.#liveAt;
    const view = this.#handle.book.read();
    if (before !== undefined && sequence > before + 1n) {
      this.#shownLive += 1;
      if (view.state === 'live')
        this.#violate('notice', `expected no live book at ${sequence} after ${before}, got one`);
      this.#notice(before + 1n, 'shown');
    } else if (before === undefined && this.#mayShow(sequence - 1n)) this.#notice(sequence - 1n, 'shown');
    if (this.#newest === undefined || sequence > this.#newest) this.#newest = sequence;
    this.look();
  }

  /** Looks at everything that must hold at any moment. */
  look(): void {
    const view = this.#handle.book.read();
    if (view === this.#judged) {
      this.#lookForUnfound();
      return;
    }
    this.#judged = view;
    this.#checkTold(view);
    this.#checkCounts();
    if (view.state !== 'live') {
      this.#left();
      return;
    }
    const { sequence = -1n } = view;
    this.#compare(sequence, [view.bids(), view.asks()]);
    if (this.#newest !== undefined && sequence < this.#newest)
      this.#violate('I5', `expected no live book at ${sequence} behind ${this.#newest}, got one`);
    this.#liveAt = sequence;
    this.#comeBack();
  }

  /** Everything that changed has arrived. */
  lookAtEnd(): void {
    const { market } = this.#options;
    const view = this.#handle.book.read();
    const got = view.state === 'live' ? `live at ${view.sequence}` : view.state;
    if (got !== `live at ${market.sequence}`)
      this.#violate('recovery', `expected a book live at ${market.sequence} in the end, got ${got}`);
    if (this.#toldGaps !== this.#announcedGaps)
      this.#violate('I14', `expected ${this.#announcedGaps} gaps to be told, got ${this.#toldGaps}`);
  }

  #hear(event: BookEvent): void {
    if (event.kind === 'gap') {
      this.#toldGaps += 1;
      if (!(event.fromMs <= event.toMs)) this.#violate('I14', 'expected a gap that ends after its beginning');
    }
    this.#told = event;
  }

  #checkTold(view: BookView): void {
    const told = this.#told;
    if (told?.kind !== 'book') return;
    const is = `${view.state} ${view.state === 'live' ? view.sequence : '-'}`;
    const was = `${told.state} ${told.sequence ?? '-'}`;
    if (was !== is) this.#violate('I14', `expected to be told ${is}, last got ${was}`);
  }

  #checkCounts(): void {
    const { gaps, resyncs, silences } = this.#handle.book.stats;
    const { lost } = this.#options;
    if (lost.size === 0 && gaps + resyncs + silences > 0)
      this.#violate(
        'false-alarm',
        `expected nothing of an untouched book, got ${gaps} gaps, ${resyncs} resyncs, ${silences} silences`,
      );
    if (gaps > this.#shownLive)
      this.#violate('false-alarm', `expected at most ${this.#shownLive} gaps, got ${gaps}`);
  }

  #compare(sequence: bigint, sides: readonly (readonly BookLevel[])[]): void {
    const { count, market } = this.#options;
    const expected = market.image(sequence);
    count('live book compared');
    for (const [at, levels] of sides.entries()) {
      const got = levels.map(({ amount, price }) => `${price}:${amount}`).join(' ');
      if (got !== expected?.[at] && !this.#isBeginning(levels.length, got, expected?.[at]))
        this.#violate('I5', `at ${sequence}: expected ${expected?.[at]}, got ${got}`);
    }
  }

  /** A side of which the snapshot had a part is right as far as it goes, and goes far. */
  #isBeginning(levels: number, got: string, expected: string | undefined): boolean {
    if (levels < snapshotLevels / 4 || expected?.startsWith(`${got} `) !== true) return false;
    this.#options.count('deep book compared');
    return true;
  }

  /** The book is not live. */
  #left(): void {
    const before = this.#liveAt;
    this.#liveAt = undefined;
    if (before === undefined) return;
    this.#announcedGaps += 1;
    if (!this.#lacks(before)) {
      this.#violate(
        'false-alarm',
        `expected a book that is whole at ${before} to stay live, got ${this.#judged?.state}`,
      );
    } else if (this.#outage === undefined) this.#notice(before + 1n, 'found');
  }

  #notice(missing: bigint, how: 'shown' | 'found'): void {
    const { count, now } = this.#options;
    const lost = this.#options.lost.get(missing);
    if (lost === undefined) {
      this.#violate('false-alarm', `expected ${missing} to have come, got a hole there`);
      return;
    }
    count(`hole ${how}: "${lost.position}"`);
    if (how === 'found') count(`found after: ${roundedUp(now() - lost.atMs, 5_000)} ms`);
    this.#noticedAtMs = now();
    this.#outage ??= { sinceMs: now(), how, asked: 0 };
  }

  #comeBack(): void {
    const { count, now } = this.#options;
    const outage = this.#outage;
    if (outage === undefined || this.#noticedAtMs === undefined) return;
    const tookMs = now() - this.#noticedAtMs;
    this.#outage = undefined;
    this.#noticedAtMs = undefined;
    const wholeMs = roundedUp(now() - outage.sinceMs, 500);
    if (outage.how === 'found') count(`live again after it was found: in ${wholeMs} ms`);
    else {
      countRecovery(count, tookMs);
      count(`live again after the first hole: in ${wholeMs} ms`);
      count(`books asked for until live again: ${outage.asked}`);
    }
  }

  /** What nothing shows is found in time. */
  #lookForUnfound(): void {
    const { lost, now } = this.#options;
    const missing = this.#liveAt === undefined ? undefined : lost.get(this.#liveAt + 1n);
    if (missing === undefined || now() - missing.atMs <= foundWithinMs + flightMs) return;
    this.#violate(
      'unfound',
      `expected a hole after ${this.#liveAt} to be found in ${foundWithinMs} ms, got a live book`,
    );
  }

  #lacks(sequence: bigint): boolean {
    return this.#options.lost.has(sequence + 1n);
  }

  /** Before anything came of a subscription, only what its book lacks is missing. */
  #mayShow(sequence: bigint): boolean {
    const missing = this.#options.lost.get(sequence);
    return missing !== undefined && (missing.mayShow || this.#newest !== undefined);
  }

  #violate(invariant: string, message: string): void {
    this.#options.violate(invariant, `${this.#options.symbol}: ${message}`);
  }
}

/** The end of the step of time in which something falls; texts of one length are in the order of their numbers. */
function roundedUp(ms: number, stepMs: number): string {
  return String(Math.ceil(ms / stepMs) * stepMs).padStart(5, '0');
}
