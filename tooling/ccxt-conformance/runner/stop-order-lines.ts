import type { Order } from 'ccxt';
import { decimalText } from './exact-decimal.ts';
import { given, same } from './expectations.ts';
import type { Line } from './line.ts';
import { checkExchange, checkOrder, checkPlaced, idOf, place } from './order-check.ts';
import { amountOf, type Scene, type Sent, tradeUpTo, trading } from './scene.ts';
import { updatesOf } from './stream-fills.ts';
import { eventually } from './waiting.ts';

/** Orders that wait for a price. */
export const stopOrderLines: readonly Line[] = [
  trading('createOrder triggerPrice limit buy', (scene) => checkWaiting(scene, 'limit', 'triggerPrice')),
  trading('createOrder triggerPrice market buy', (scene) => checkWaiting(scene, 'market', 'triggerPrice')),
  trading('createOrder stopPrice limit buy', (scene) => checkWaiting(scene, 'limit', 'stopPrice')),
  trading('createOrder stopPrice market buy', (scene) => checkWaiting(scene, 'market', 'stopPrice')),
  trading('createStopOrder', (scene) =>
    checkCall(scene, 'limit', ({ rest }, { symbol, amount, price, trigger }) =>
      rest.createStopOrder(symbol, 'limit', 'buy', amount, price, trigger),
    ),
  ),
  trading('createStopLimitOrder', (scene) =>
    checkCall(scene, 'limit', ({ rest }, { symbol, amount, price, trigger }) =>
      rest.createStopLimitOrder(symbol, 'buy', amount, price, trigger),
    ),
  ),
  trading('createStopMarketOrder', (scene) =>
    checkCall(scene, 'market', ({ rest }, { symbol, amount, trigger }) =>
      rest.createStopMarketOrder(symbol, 'buy', amount, trigger),
    ),
  ),
  trading('createOrder triggerPrice limit buy that is triggered', (scene) =>
    checkTriggered(scene, 'limit', 'buy'),
  ),
  trading('createOrder triggerPrice market buy that is triggered', (scene) =>
    checkTriggered(scene, 'market', 'buy'),
  ),
  trading('createOrder triggerPrice market sell that is triggered', (scene) =>
    checkTriggered(scene, 'market', 'sell'),
  ),
];

/** A buy that waits for a price five per cent above the market. */
async function waitingOrder({ rules, book }: Scene, type: Sent['type']): Promise<Sent & { trigger: string }> {
  const { ask } = await book();
  const far = (ask * 105n) / 100n;
  const trigger = far - (far % rules.tick);
  const sent = {
    type,
    side: 'buy',
    amount: amountOf(rules, ask, 3n),
    trigger: decimalText(trigger),
  } as const;
  return type === 'market' ? sent : { ...sent, price: decimalText(trigger + rules.tick) };
}

async function checkWaiting(scene: Scene, type: Sent['type'], parameter: string): Promise<void> {
  const sent = await waitingOrder(scene, type);
  const params = { [parameter]: Number(sent.trigger) };
  await checkWaits(scene, await place(scene, { ...sent, params }), sent);
}

interface Numbers {
  readonly symbol: string;
  readonly amount: number;
  readonly price: number;
  readonly trigger: number;
}

async function checkCall(
  scene: Scene,
  type: Sent['type'],
  call: (trader: Scene['trader'], numbers: Numbers) => Promise<Order>,
): Promise<void> {
  const sent = await waitingOrder(scene, type);
  const [amount, price, trigger] = [sent.amount, sent.price ?? '0', sent.trigger].map(Number) as [
    number,
    number,
    number,
  ];
  const before = Date.now();
  const order = await call(scene.trader, { symbol: scene.rules.symbol, amount, price, trigger });
  checkPlaced(scene, order, sent, before);
  await checkWaits(scene, idOf(order), sent);
}

/** Is open with its stop price, is listed, and can be canceled. */
async function checkWaits(scene: Scene, id: string, sent: Sent): Promise<void> {
  const { rest } = scene.trader;
  const { symbol } = scene.rules;
  await checkOrder(scene, id, sent, 'open');
  const listed = await rest.fetchOpenOrders(symbol);
  same(
    'open orders',
    listed.map(({ id: one }) => one),
    [id],
  );
  await rest.cancelOrder(id, symbol);
  await checkOrder(scene, id, sent, 'canceled');
}

/** Waits a few levels away, and is set free by trades of the other account. */
async function checkTriggered(scene: Scene, type: Sent['type'], side: Sent['side']): Promise<void> {
  const { rules, trader } = scene;
  const before = await scene.balances();
  const { bids, asks, bid } = await scene.book();
  const [beyond] = given((side === 'buy' ? asks : bids)[2], 'a third level');
  const trigger = decimalText(beyond);
  const amount = amountOf(rules, bid, 3n);
  const plain: Sent = { type, side, amount, trigger, params: { triggerPrice: Number(trigger) } };
  const sent = type === 'market' ? plain : { ...plain, price: (await scene.crossing(side)).price };
  const id = await place(scene, sent);
  await push(scene, id, side, beyond);
  const order = await checkOrder(scene, id, sent, 'closed');
  same('filled', order.filled, Number(amount));
  const [first] = updatesOf(trader.updates, id);
  same('first update', [first.st, Number(first.sp), Number(first.cfq)], ['New', Number(trigger), 0]);
  await checkExchange(scene, order, before);
}

/** Trades with the other account, at the stop price or beyond it, until the order is filled. */
async function push(scene: Scene, id: string, side: Sent['side'], price: bigint): Promise<void> {
  await eventually('a trade at the stop price fills it', async () => {
    const { bids, asks } = await scene.book();
    const level = (side === 'buy' ? asks : bids).find(([at]) => (side === 'buy' ? at >= price : at <= price));
    const [reach] = given(level, 'a level at the stop price or beyond it');
    await tradeUpTo(scene, side, reach);
    return (await scene.trader.raw.order(id)).status === 'Filled' ? true : undefined;
  });
}
