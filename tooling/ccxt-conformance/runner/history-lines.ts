import type { Order } from 'ccxt';
import { confirmedOpenOrders } from './confirmed-account.ts';
import { asPrice, claim, given, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { checkAgainstRecord, checkOrder, idOf, place } from './order-check.ts';
import { checkAverageTruth, checkOrderTruth } from './order-truth.ts';
import type { Answer } from './raw-client.ts';
import { openScene, type Scene, type Sent, trading } from './scene.ts';
import type { Stage } from './stage.ts';

/** Orders, looked up. */
export const historyLines: readonly Line[] = [
  trading('fetchOrder without a symbol', async (scene) => {
    const id = await place(scene, await scene.resting('buy'));
    const order = await scene.trader.rest.fetchOrder(id);
    checkAgainstRecord(order, given(await scene.trader.raw.order(id), id));
    checkOrderTruth(order, await scene.trader.truth.order(id));
  }),
  trading('fetchOrderStatus', async (scene) => {
    const { trader, rules } = scene;
    const id = await place(scene, await scene.resting('buy'));
    same('status', await trader.rest.fetchOrderStatus(id, rules.symbol), 'open');
    await trader.rest.cancelOrder(id, rules.symbol);
    same('status', await trader.rest.fetchOrderStatus(id, rules.symbol), 'canceled');
    same('the true status', (await trader.truth.order(id)).phase, 'canceled');
  }),
  trading('fetchOpenOrders', async (scene) => {
    const [here, there] = await placeInBoth(scene);
    await checkOpen(scene, await scene.trader.rest.fetchOpenOrders(), [...here, there]);
  }),
  trading('fetchOpenOrders of a market', async (scene) => {
    const [here] = await placeInBoth(scene);
    await checkOpen(scene, await scene.trader.rest.fetchOpenOrders(scene.rules.symbol), here);
  }),
  trading('fetchOpenOrders since and limit', async (scene) => {
    const [here] = await placeInBoth(scene);
    const { rest } = scene.trader;
    const { symbol } = scene.rules;
    // Without a time from which, the newest are kept.
    await checkOpen(scene, await rest.fetchOpenOrders(symbol, undefined, 1), here.slice(-1));
    await checkOpen(scene, await rest.fetchOpenOrders(symbol, Date.now() + 60_000), []);
  }),
  line('fetchClosedOrders', (stage) => checkHistory(stage, (rest) => rest.fetchClosedOrders())),
  line('fetchClosedOrders of a market', (stage) =>
    checkHistory(stage, (rest) => rest.fetchClosedOrders(stage.symbol), { symbol: stage.symbol }),
  ),
  trading('fetchClosedOrders since', async (scene) => {
    const since = Date.now();
    const ids = await fillOne(scene);
    const told = await scene.trader.rest.fetchClosedOrders(scene.rules.symbol, since);
    same(
      'ids',
      told.map(({ id }) => id),
      ids,
    );
  }),
  trading('fetchClosedOrders since and limit', async (scene) => {
    const since = Date.now();
    const [first] = [...(await fillOne(scene)), ...(await fillOne(scene))];
    const told = await scene.trader.rest.fetchClosedOrders(scene.rules.symbol, since, 1);
    same(
      'ids',
      told.map(({ id }) => id),
      [first],
    );
  }),
  trading('fetchClosedOrders until', async (scene) => {
    const since = Date.now();
    const ids = await fillOne(scene);
    const until = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await fillOne(scene);
    const told = await scene.trader.rest.fetchClosedOrders(scene.rules.symbol, since, undefined, { until });
    same(
      'ids',
      told.map(({ id }) => id),
      ids,
    );
  }),
  trading('fetchClosedOrders by order/hist/current', checkCurrent),
];

/** Two orders here and one in the other market. */
async function placeInBoth(scene: Scene): Promise<[readonly string[], string]> {
  const elsewhere = await openScene(scene.stage, scene.stage.otherSymbol);
  const here = [
    await place(scene, await scene.resting('buy')),
    await place(scene, await scene.resting('sell')),
  ];
  return [here, await place(elsewhere, await elsewhere.resting('buy'))];
}

async function checkOpen({ trader }: Scene, orders: readonly Order[], ids: readonly string[]): Promise<void> {
  same('ids', orders.map(({ id }) => id).sort(), [...ids].sort());
  const records = await confirmedOpenOrders(trader);
  for (const order of orders) {
    same('status', order.status, 'open');
    checkAgainstRecord(
      order,
      given(
        records.find(({ orderId }) => orderId === order.id),
        idOf(order),
      ),
    );
    checkOrderTruth(order, await trader.truth.order(idOf(order)));
  }
}

async function fillOne(scene: Scene): Promise<readonly string[]> {
  const sent: Sent = await scene.crossing('buy');
  const id = await place(scene, sent);
  await checkOrder(scene, id, sent, 'closed');
  return [id];
}

async function checkHistory(
  { trader }: Stage,
  read: (rest: Stage['trader']['rest']) => Promise<Order[]>,
  query: Record<string, string> = {},
): Promise<void> {
  const path = 'data/v2/order/hist';
  const { data } = await trader.raw.get(`/api/pro/${path}`, path, { account: 'cash', ...query });
  const told = await read(trader.rest);
  claim(told.length > 0, 'there are no orders');
  const ended = (await trader.truth.orders()).filter(
    ({ symbol, phase }) => ['filled', 'canceled'].includes(phase) && (query.symbol ?? symbol) === symbol,
  );
  same('true ids', told.map(({ id }) => id).sort(), ended.map(({ orderId }) => orderId).sort());
  for (const truth of ended)
    checkOrderTruth(
      given(
        told.find(({ id }) => id === truth.orderId),
        truth.orderId,
      ),
      truth,
    );
  same('ids', told.map(({ id }) => id).sort(), data.map(({ orderId }: Answer) => orderId).sort());
  for (const record of data) {
    checkPastOrder(
      given(
        told.find(({ id }) => id === record.orderId),
        record.orderId,
      ),
      record,
    );
  }
}

const statuses: Readonly<Record<string, string>> = {
  Filled: 'closed',
  Canceled: 'canceled',
  Rejected: 'rejected',
};

/** The history has other names for the same; ccxt does not read its average price. */
function checkPastOrder(order: Order, record: Answer): void {
  same(
    `order ${order.id}`,
    [order.symbol, order.side, order.status, order.amount, order.filled, order.lastTradeTimestamp],
    [
      ...[record.symbol, record.side.toLowerCase(), statuses[record.status]],
      ...[Number(record.orderQty), Number(record.fillQty), record.lastExecTime],
    ],
  );
  same('type', order.type, record.orderType.toLowerCase().replace('stop', ''));
  same('stop price', order.triggerPrice, asPrice(record.stopPrice));
  same('fee', [order.fee?.cost, order.fee?.currency], [Number(record.fee), record.feeAsset]);
}

/** ccxt can be told to ask the live service; then it reads the same records as for one order. */
async function checkCurrent(scene: Scene): Promise<void> {
  const { stage, trader, rules } = scene;
  const [id] = await fillOne(scene);
  const rest = stage.restWith(trader.raw.account);
  rest.options.fetchClosedOrders = { method: 'v1PrivateAccountCategoryGetOrderHistCurrent' };
  const told = await rest.fetchClosedOrders(rules.symbol);
  const order = given(
    told.find((one) => one.id === id),
    'the order',
  );
  checkAgainstRecord(order, given(await trader.raw.order(idOf(order)), idOf(order)));
  const truth = await trader.truth.order(idOf(order));
  checkOrderTruth(order, truth);
  checkAverageTruth(order, truth);
}
