import type { TradingStatus } from '../engine/engine-types.ts';

/** Whether symbols are open for trading: what operators want, and what faults impose upon it. */
export interface TradingStates {
  /** What operators want from now on. */
  set(symbol: string, status: TradingStatus): void;
  /** The symbol is no more open than this, until it is disposed of; doing that again does nothing. */
  impose(symbol: string, status: TradingStatus): Disposable;
}

const hardness: Readonly<Record<TradingStatus, number>> = { trading: 0, 'cancel-only': 1, halted: 2 };

/**
 * Makes the states of a floor that nobody has touched yet.
 * @param apply is told the hardest status of a symbol each time that one comes or goes.
 * @param initial gives the status that a symbol was listed with, which holds until operators want something.
 */
export function createTradingStates(
  apply: (symbol: string, status: TradingStatus) => void,
  initial: (symbol: string) => TradingStatus,
): TradingStates {
  const wanted = new Map<string, TradingStatus>();
  const imposed = new Set<{ readonly symbol: string; readonly status: TradingStatus }>();

  function settle(symbol: string): void {
    const all = [...imposed].filter((one) => one.symbol === symbol).map(({ status }) => status);
    const hardest = (a: TradingStatus, b: TradingStatus): TradingStatus =>
      hardness[b] > hardness[a] ? b : a;
    apply(symbol, all.reduce(hardest, wanted.get(symbol) ?? initial(symbol)));
  }

  return {
    set(symbol, status) {
      wanted.set(symbol, status);
      settle(symbol);
    },
    impose(symbol, status) {
      const one = { symbol, status };
      imposed.add(one);
      settle(symbol);
      return {
        [Symbol.dispose]: () => {
          if (imposed.delete(one)) settle(symbol);
        },
      };
    },
  };
}
