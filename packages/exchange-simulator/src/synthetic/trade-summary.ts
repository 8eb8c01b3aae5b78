import type { TradeSummary } from '../market/market.ts';
import type { SyntheticPair } from './pair-catalogue.ts';
import type { TickTrade } from './price-walk.ts';
import { toDecimalText } from './scaled-text.ts';

/** Sums up the trades of one pair since the market opened. */
export interface SummaryKeeper {
  /** Counts one trade. */
  add(trade: TickTrade): void;
  /** Prices and volume as decimal text; empty before the first trade. */
  read(): TradeSummary;
}

/** Makes a keeper without trades. */
export function createSummaryKeeper({ priceDecimals, sizeDecimals }: SyntheticPair): SummaryKeeper {
  let prices: { readonly open: number; high: number; low: number; close: number } | undefined;
  let volume = 0n;
  return {
    add({ ticks, lots }) {
      prices ??= { open: ticks, high: ticks, low: ticks, close: ticks };
      prices.high = Math.max(prices.high, ticks);
      prices.low = Math.min(prices.low, ticks);
      prices.close = ticks;
      volume += BigInt(lots);
    },
    read() {
      if (prices === undefined) return {};
      const price = (ticks: number): string => toDecimalText(ticks, priceDecimals);
      const { open, high, low, close } = prices;
      return {
        open: price(open),
        high: price(high),
        low: price(low),
        close: price(close),
        volume: toDecimalText(volume, sizeDecimals),
      };
    },
  };
}
