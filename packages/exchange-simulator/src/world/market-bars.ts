import type { TradeEvent } from '../engine/engine-types.ts';
import type { Listing } from '../floor/listing.ts';
import type { Bar } from '../history/bar.ts';
import type { BarHistory } from '../history/bar-history.ts';
import type { BarKeeper } from '../history/bar-keeper.ts';
import type { BarQuery, MarketBar, TradeSummary } from '../market/market.ts';

/** Bars of every symbol, from the past and from the trades that happen. */
export interface MarketBars {
  /** Counts a trade. */
  add(trade: TradeEvent): void;
  /** Oldest first. */
  bars(symbol: string, query: BarQuery): readonly MarketBar[];
  /** The last 24 hours. */
  lastDay(symbol: string): TradeSummary;
}

/** The bars of one symbol. */
export interface SymbolBars {
  readonly listing: Listing;
  readonly keeper: BarKeeper;
  readonly history: BarHistory;
}

/**
 * Gives bars as text.
 * @param clock true time, whatever trades are dated with: a clock that was ahead for a while would leave bars in the future, which hide
 * what comes.
 */
export function createMarketBars(
  symbols: ReadonlyMap<string, SymbolBars>,
  clock: { now(): number },
): MarketBars {
  return {
    add({ symbol, priceTicks, sizeLots }) {
      symbols.get(symbol)?.keeper.record({ priceTicks, sizeLots, atMs: Math.floor(clock.now()) });
    },
    bars(symbol, query) {
      const found = symbols.get(symbol);
      if (found === undefined) return [];
      const { listing, history } = found;
      const nowMs = Math.floor(clock.now());
      return history
        .bars({ ...query, toMs: Math.floor(query.toMs), nowMs })
        .map((bar) => ({ startMs: bar.startMs, ...textOf(bar, listing) }));
    },
    lastDay(symbol) {
      const found = symbols.get(symbol);
      const bar = found?.history.last24h(Math.floor(clock.now()));
      return found === undefined || bar === undefined ? {} : textOf(bar, found.listing);
    },
  };
}

function textOf(bar: Bar, { priceText, sizeText }: Listing): Required<TradeSummary> {
  return {
    open: priceText(bar.openTicks),
    high: priceText(bar.highTicks),
    low: priceText(bar.lowTicks),
    close: priceText(bar.closeTicks),
    volume: sizeText(bar.volumeLots),
  };
}
