import { setTimeout as pause } from 'node:timers/promises';
import { readBook, readRules } from './market-rules.ts';
import { amountOf } from './scene.ts';
import type { Stage } from './stage.ts';

const pauseMs = 20;

/** Lets the other account trade in these markets while something is waited for: else a quiet one may say nothing for half a minute. */
export async function stirring<T>(
  stage: Stage,
  symbols: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const canceler = new AbortController();
  const trading = tradeUntil(stage, symbols, canceler.signal);
  try {
    return await Promise.race([work(), trading.then((): Promise<never> => new Promise(() => undefined))]);
  } finally {
    canceler.abort();
    await trading;
  }
}

/** Buys and sells in turns, so that it can go on for long. */
async function tradeUntil(stage: Stage, symbols: readonly string[], signal: AbortSignal): Promise<void> {
  const { raw, stranger } = stage;
  const rules = await Promise.all(symbols.map((symbol) => readRules(raw, symbol)));
  for (let turn = 0; !signal.aborted; turn += 1) {
    for (const one of rules) {
      const { ask } = await readBook(raw, one.symbol);
      const orderQty = amountOf(one, ask, 2n);
      const side = turn % 2 === 0 ? 'buy' : 'sell';
      await stranger.place({ symbol: one.symbol, side, orderType: 'market', orderQty });
    }
    await pause(pauseMs);
  }
}
