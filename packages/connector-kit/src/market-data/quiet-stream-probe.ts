import type { Clock, StreamName } from '@venuekit/connector-core';
import { type BestLevels, isSameBest } from '../book/best-levels.ts';
import { isSamePrice } from './market-freshness.ts';
import type { TickerKeeper } from './ticker-keeper.ts';
import type { TradesKeeper, TradeUpdate } from './trades-keeper.ts';

/** A stream that has been quiet for this long, in milliseconds, is compared with what the venue answers to a request. */
const quietMs = 50_000;
/** One that has said nothing since it was confirmed is asked about so soon, to have something to compare with. */
const unheardMs = 2_000;
/** A book follows its best prices within this time. */
const followMs = 1_000;
/** What the answer has overtaken comes within this time. */
const patienceMs = 3_000;

/** What a probe needs. */
export interface QuietStreamProbeOptions {
  readonly clock: Clock;
  /** Sends the request, if it can be sent. */
  readonly request: () => void;
  /** The venue has more to say than it said. */
  readonly silent: (stream: StreamName, reason: string) => void;
}

/** What a probe has to know of a stream. */
interface WatchedStream {
  readonly lastMessageAt: number;
  /** What it said last, since it was confirmed. */
  readonly latest: unknown;
}

/** Asks the venue now and then about a stream that says nothing: nothing else tells a quiet market from a mute stream. */
class QuietStreamProbe {
  readonly options: QuietStreamProbeOptions;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** When an answer had something that has not come. */
  #doubtedAt: number | undefined;
  #isOverdue = false;

  constructor(options: QuietStreamProbeOptions) {
    this.options = options;
  }

  /** Asks if it is time to; says whether a doubt has lasted long enough to be right. A stream that speaks is not mute. */
  isMute(stream: WatchedStream): boolean {
    const now = this.options.clock.monotonic();
    if (this.#doubtedAt !== undefined && stream.lastMessageAt > this.#doubtedAt) this.settle();
    if (this.#doubtedAt !== undefined) return this.#hasLasted(now - this.#doubtedAt);
    if (now - Math.max(stream.lastMessageAt, this.#askedAt) < this.#waitFor(stream)) return false;
    this.#askedAt = now;
    this.options.request();
    return false;
  }

  /** True if a stream has spoken since the venue was asked, or just before: then the answer may be older than what it said. */
  isLateFor({ lastMessageAt }: WatchedStream): boolean {
    return lastMessageAt > this.#askedAt - followMs;
  }

  /** An answer had something that has not come. */
  doubt(): void {
    this.#doubtedAt ??= this.options.clock.monotonic();
  }

  /** Nothing is in doubt. */
  settle(): void {
    this.#doubtedAt = undefined;
    this.#isOverdue = false;
  }

  #waitFor({ latest, lastMessageAt }: WatchedStream): number {
    return latest === undefined && this.#askedAt < lastMessageAt ? unheardMs : quietMs;
  }

  /** Seen twice: a process that stood still finds its timers before what came meanwhile. */
  #hasLasted(doubtedMs: number): boolean {
    const wasOverdue = this.#isOverdue;
    this.#isOverdue = doubtedMs >= patienceMs;
    return wasOverdue;
  }
}

const digits = /^\d+$/;

/** Finds out whether a trades stream that says nothing is mute: an answer with a trade that never came shows it. */
export class TradesProbe {
  readonly #probe: QuietStreamProbe;
  /** The newest trade of the last answer, and when it came. */
  #answer: { readonly newest: bigint; readonly at: number } | undefined;
  /** The trade that has not come. */
  #missing: bigint | undefined;

  constructor(options: QuietStreamProbeOptions) {
    this.#probe = new QuietStreamProbe(options);
  }

  /** To be called about once a second. */
  check(trades: TradesKeeper): void {
    if (!trades.isConfirmed) this.#probe.settle();
    else if (this.#probe.isMute(trades)) {
      const reason = `the venue has trade ${this.#missing}, which it did not send`;
      this.#probe.settle();
      this.#probe.options.silent('trades', reason);
    }
  }

  /** The venue answered with its newest trades. */
  answered(trades: TradesKeeper, updates: readonly TradeUpdate[]): void {
    const newest = highest(updates.map(({ tradeId }) => tradeId));
    if (!trades.isConfirmed || newest === undefined) return;
    const due = this.#lastBefore(trades);
    this.#answer = { newest, at: this.#probe.options.clock.monotonic() };
    if (due === undefined || newest <= due) return;
    this.#missing = newest;
    this.#probe.doubt();
  }

  /** The last trade after which every other one was due: of what came before the confirmation, nobody knows whether it was. */
  #lastBefore({ latest, lastMessageAt }: TradesKeeper): bigint | undefined {
    const heard = highest(latest === undefined ? [] : [latest.tradeId]);
    if (heard !== undefined) return heard;
    return this.#answer !== undefined && this.#answer.at >= lastMessageAt ? this.#answer.newest : undefined;
  }
}

/** The highest of the ids that are numbers; no other can be compared. */
function highest(ids: readonly string[]): bigint | undefined {
  const numbers = ids.filter((id) => digits.test(id)).map(BigInt);
  return numbers.reduce<bigint | undefined>(
    (most, id) => (most === undefined || id > most ? id : most),
    undefined,
  );
}

/** Finds out whether a ticker that says nothing is mute: a snapshot of the book whose best prices are others shows it. */
export class TickerProbe {
  readonly #probe: QuietStreamProbe;
  /** What the last answer said, and when it came. */
  #answer: { readonly best: BestLevels; readonly at: number } | undefined;
  /** The ticker differs from the book, and asking anew did not help: it may mean something else. */
  #isOther = false;

  constructor(options: QuietStreamProbeOptions) {
    this.#probe = new QuietStreamProbe(options);
  }

  /** To be called about once a second. */
  check(ticker: TickerKeeper): void {
    if (!ticker.isConfirmed) this.#probe.settle();
    else if (this.#probe.isMute(ticker)) {
      this.#probe.settle();
      this.#isOther = true;
      this.#probe.options.silent('ticker', 'the best prices of the book are others, and it did not say so');
    }
  }

  /** The venue answered with its book. */
  answered(ticker: TickerKeeper, best: BestLevels): void {
    if (!ticker.isConfirmed || this.#probe.isLateFor(ticker)) return;
    if (this.#hasMoved(ticker, best)) this.#probe.doubt();
    if (ticker.latest !== undefined && isSameBest(ticker.latest, best)) this.#isOther = false;
    this.#answer = { best, at: this.#probe.options.clock.monotonic() };
  }

  /** The best prices are others than they were when the ticker spoke last, or at an answer since then. */
  #hasMoved({ latest, lastMessageAt }: TickerKeeper, best: BestLevels): boolean {
    if (latest !== undefined && !this.#isOther) return !isSameBest(latest, best);
    const known = this.#answer;
    if (known === undefined || known.at < lastMessageAt) return false;
    return this.#isOther ? !isSamePrice(known.best, best) : !isSameBest(known.best, best);
  }
}
