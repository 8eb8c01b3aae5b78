import type { PublicTrade } from './market.ts';

/** The newest trades of every symbol. */
export interface TradeLog {
  /** Adds trades, oldest first. */
  add(symbol: string, trades: readonly PublicTrade[]): void;
  /** Oldest first. */
  of(symbol: string): readonly PublicTrade[];
}

const keptTrades = 1_000;

/** Makes an empty log; it keeps the newest thousand trades of a symbol. */
export function createTradeLog(): TradeLog {
  const logs = new Map<string, PublicTrade[]>();
  return {
    add(symbol, trades) {
      const log = logs.get(symbol) ?? [];
      logs.set(symbol, log);
      log.push(...trades);
      if (log.length > keptTrades) log.splice(0, log.length - keptTrades);
    },
    of: (symbol) => logs.get(symbol) ?? [],
  };
}
