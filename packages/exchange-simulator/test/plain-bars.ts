import type { TradeEvent } from '../src/engine/engine-types.ts';
import type { Listing } from '../src/floor/listing.ts';
import type { BarInterval, BarQuery, MarketBar } from '../src/market/market.ts';
import type { MarketBars } from '../src/world/market-bars.ts';

const minutes: Readonly<Record<string, number>> = {
  ...{
    '1m': 1,
    '5m': 5,
    '15m': 15,
    '30m': 30,
    '1h': 60,
    '2h': 120,
    '4h': 240,
    '6h': 360,
    '12h': 720,
    '1d': 1_440,
  },
};

/** When the bar of a moment begins, by the platform's calendar. */
export function barStart(interval: BarInterval, atMs: number): number {
  const date = new Date(atMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (interval === '1M') return Date.UTC(year, month, 1);
  if (interval === '1w') return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
  const lengthMs = (minutes[interval] ?? 1) * 60_000;
  return atMs - (atMs % lengthMs);
}

/** Bars that are counted anew from all trades whenever somebody asks. */
export function createPlainBars(listings: ReadonlyMap<string, Listing>): MarketBars {
  const trades: TradeEvent[] = [];
  const barOf = (startMs: number, symbol: string, list: readonly TradeEvent[]): MarketBar => {
    const { priceText, sizeText } = listings.get(symbol) as Listing;
    const prices = list.map(({ priceTicks }) => priceTicks);
    return {
      startMs,
      open: priceText(prices[0] ?? 0),
      high: priceText(Math.max(...prices)),
      low: priceText(Math.min(...prices)),
      close: priceText(prices.at(-1) ?? 0),
      volume: sizeText(list.reduce((sum, { sizeLots }) => sum + sizeLots, 0)),
    };
  };
  return {
    add: (trade) => void trades.push(trade),
    bars(symbol, { interval, fromMs = 0, toMs, limit }: BarQuery) {
      const mine = trades.filter((trade) => trade.symbol === symbol);
      const groups = Map.groupBy(mine, ({ atMs }) => barStart(interval, atMs));
      const starts = [...groups.keys()].filter((startMs) => startMs >= fromMs && startMs <= toMs);
      return starts.slice(-limit).map((startMs) => barOf(startMs, symbol, groups.get(startMs) ?? []));
    },
    lastDay: () => ({}),
  };
}
