import { BaseError, NotSupported } from 'ccxt';
import { callByName } from './call-by-name.ts';
import { impossible, type Line } from './line.ts';
import { refused } from './refusal.ts';
import { withScene } from './scene.ts';

/** Methods that a user of ccxt may look for, with arguments that would do. */
const absentCalls: Readonly<Record<string, readonly unknown[]>> = {
  fetchOrders: ['BTC/USDT'],
  fetchMyTrades: ['BTC/USDT'],
  fetchCanceledOrders: ['BTC/USDT'],
  cancelOrders: [['x'], 'BTC/USDT'],
  createTriggerOrder: ['BTC/USDT', 'limit', 'buy', 1, 1, 1],
  createStopLossOrder: ['BTC/USDT', 'limit', 'buy', 1, 1, 1],
  createTakeProfitOrder: ['BTC/USDT', 'limit', 'buy', 1, 1, 1],
  createMarketOrderWithCost: ['BTC/USDT', 'buy', 10],
  withdraw: ['USDT', 1, '0x0123456789abcdef'],
  fetchStatus: [],
  fetchBidsAsks: [],
  fetchLastPrices: [],
  createOrderWs: ['BTC/USDT', 'limit', 'buy', 1, 1],
  cancelOrderWs: ['x', 'BTC/USDT'],
  watchTicker: ['BTC/USDT'],
  watchTickers: [],
  watchBidsAsks: [],
  watchMyTrades: [],
  unWatchOrderBook: ['BTC/USDT'],
};

/** What cannot be done through ccxt with this venue. */
export const missingLines: readonly Line[] = [
  ...Object.entries(absentCalls).map(([name, args]) =>
    impossible(name, 'ccxt has no call of this venue for it', ({ openStream }) =>
      refused(NotSupported, () => callByName(openStream, name, args)),
    ),
  ),
  impossible('createOrder marginMode cross', 'the margin account does not trade', (stage) =>
    withScene(stage, stage.symbol, async (scene) => {
      const { trader, rules } = scene;
      const { amount, price } = await scene.resting('buy');
      const params = { marginMode: 'cross' };
      await refused(BaseError, () =>
        trader.rest.createOrder(rules.symbol, 'limit', 'buy', Number(amount), Number(price), params),
      );
    }),
  ),
];
