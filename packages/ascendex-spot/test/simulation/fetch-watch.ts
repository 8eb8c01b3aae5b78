import type { Ticker, Trade } from '@venuekit/connector-core';
import type { AscendexSpot } from '../../src/index.ts';
import { type TruthMark, topText, tradeText } from '../models/exchange-truth.ts';
import type { Judge } from './judge.ts';
import { pairs } from './plan-names.ts';

type ClockOffset = Awaited<ReturnType<AscendexSpot['fetchClockOffset']>>;

/** The venue's time is in whole milliseconds. */
const roundingMs = 1;

/** What is fetched is the venue's own, and was true while it was fetched. */
export class FetchWatch {
  readonly #judge: Judge;
  readonly #localNow: () => number;

  /** @param localNow local time of the process. */
  constructor(judge: Judge, localNow: () => number) {
    this.#judge = judge;
    this.#localNow = localNow;
  }

  /** Fetches trades: the newest ones, without a hole. */
  async trades(pair: string, fetch: () => Promise<readonly Trade[]>): Promise<void> {
    const { truth } = this.#judge;
    const since = truth.mark(pair);
    const trades = await fetch();
    for (const trade of trades) this.#checkTrade(pair, trade);
    const places = trades.map(({ tradeId }) => truth.trade(pair, tradeId)?.place ?? -1);
    const first = places[0] ?? 0;
    if (places.some((place, at) => place !== first + at))
      this.#violate(`${pair}: expected trades in a row, got places ${places.join(' ')}`);
    if ((places.at(-1) ?? -1) < since.trades - 1)
      this.#violate(`${pair}: expected trades to number ${since.trades - 1}, got ${places.at(-1)}`);
  }

  /** Fetches tickers: one of each pair, with the best prices of a moment since. */
  async tickers(fetch: () => Promise<readonly Ticker[]>): Promise<void> {
    const { count, truth } = this.#judge;
    const since = new Map(pairs.map((pair) => [pair, truth.mark(pair)]));
    const tickers = await fetch();
    const got = tickers.map(({ pair }) => pair);
    if ([...got].sort().join() !== [...pairs].sort().join())
      this.#violate(`expected tickers of ${pairs.join(' ')}, got ${got.join(' ')}`);
    for (const ticker of tickers) this.#checkTicker(ticker, since.get(ticker.pair));
    count('fetched tickers compared');
  }

  /** Fetches the offset of the clock: right to within its own bound, by the clocks before or after. */
  async clock(fetch: () => Promise<ClockOffset>): Promise<void> {
    const before = this.#offsetMs();
    const { boundMs, offsetMs } = await fetch();
    const after = this.#offsetMs();
    const [least, most] = [Math.min(before, after) - roundingMs, Math.max(before, after) + roundingMs];
    if (offsetMs < least - boundMs || offsetMs > most + boundMs)
      this.#violate(`expected a clock offset from ${least} to ${most}, got ${offsetMs} within ${boundMs}`);
    this.#judge.count('clock offset compared');
  }

  #checkTrade(asked: string, { amount, pair, price, receivedAtMs, side, tradeId, venueTimeMs }: Trade): void {
    const text = tradeText(`${price}`, `${amount}`, side, venueTimeMs);
    const known = this.#judge.truth.trade(asked, tradeId)?.text;
    if (known !== text || pair !== asked)
      this.#violate(`${asked}: expected trade ${tradeId} as ${known}, got ${text} of ${pair}`);
    if (receivedAtMs !== this.#localNow())
      this.#violate(`${asked}: expected trades received now, got some of ${receivedAtMs}`);
  }

  #checkTicker({ ask, bid, pair }: Ticker, since: TruthMark | undefined): void {
    const [bidText, askText] = [bid, ask].map((level) => level && `${level.price}:${level.amount}`);
    const text = topText(bidText, askText);
    if (since !== undefined && !this.#judge.truth.hadTop(pair, text, since))
      this.#violate(`${pair}: expected best prices of the venue in a ticker, got ${text}`);
  }

  #offsetMs(): number {
    return this.#judge.venueNow() - this.#localNow();
  }

  #violate(message: string): void {
    this.#judge.violate('I5', message);
  }
}
