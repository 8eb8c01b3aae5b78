import { callByName } from './call-by-name.ts';
import { Deviation } from './expectations.ts';
import { impossible, type Line } from './line.ts';

/** Methods that ccxt has for perpetual contracts, with arguments that would do. */
const futuresCalls: Readonly<Record<string, readonly unknown[]>> = {
  addMargin: ['BTC/USDT:USDT', 1],
  reduceMargin: ['BTC/USDT:USDT', 1],
  setLeverage: [2, 'BTC/USDT:USDT'],
  setMarginMode: ['cross', 'BTC/USDT:USDT'],
  fetchPositions: [],
  fetchFundingRates: [],
  fetchFundingRate: ['BTC/USDT:USDT'],
  fetchFundingHistory: [],
  fetchLeverages: [],
  fetchLeverage: ['BTC/USDT:USDT'],
  fetchLeverageTiers: [],
  fetchMarketLeverageTiers: ['BTC/USDT:USDT'],
  fetchMarginModes: [],
  fetchMarginMode: ['BTC/USDT:USDT'],
  fetchOpenInterests: [],
  fetchOpenInterest: ['BTC/USDT:USDT'],
};

/** What needs contracts: the simulator has none. */
export const futuresLines: readonly Line[] = Object.entries(futuresCalls).map(([name, args]) =>
  impossible(name, 'of contracts only, and there are none', async ({ trader }) => {
    const answer = await callByName(trader.rest, name, args).catch(() => undefined);
    if (answer !== undefined && Object.keys(answer as object).length > 0) {
      throw new Deviation(`there is an answer: ${JSON.stringify(answer).slice(0, 200)}`);
    }
  }),
);
