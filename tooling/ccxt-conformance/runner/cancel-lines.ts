import { BaseError, ExchangeError } from 'ccxt';
import { confirmedOpenOrders } from './confirmed-account.ts';
import { decimalText, units } from './exact-decimal.ts';
import { same } from './expectations.ts';
import { impossible, type Line } from './line.ts';
import { checkOrder, place } from './order-check.ts';
import { refused } from './refusal.ts';
import { openScene, type Scene, type Sent, trading, withScene } from './scene.ts';

/** Orders that are taken back. */
export const cancelLines: readonly Line[] = [
  trading('cancelOrder', checkCancel),
  trading('cancelAllOrders of a market', async (scene) => {
    const other = await placeElsewhere(scene);
    const ids = await placeThree(scene);
    await scene.trader.rest.cancelAllOrders(scene.rules.symbol);
    for (const [id, sent] of ids) await checkOrder(scene, id, sent, 'canceled');
    same('open orders', await openIds(scene), [other]);
  }),
  trading('cancelAllOrders', async (scene) => {
    await placeElsewhere(scene);
    const ids = await placeThree(scene);
    await scene.trader.rest.cancelAllOrders();
    for (const [id, sent] of ids) await checkOrder(scene, id, sent, 'canceled');
    same('open orders', await openIds(scene), []);
  }),
  trading('cancelOrder of an order that has ended', async (scene) => {
    const { trader, rules } = scene;
    const sent = await scene.resting('buy');
    const id = await place(scene, sent);
    await trader.rest.cancelOrder(id, rules.symbol);
    await checkOrder(scene, id, sent, 'canceled');
    // 300019 is not in ccxt's table, and then the error is of no special kind.
    await refused(ExchangeError, () => trader.rest.cancelOrder(id, rules.symbol));
    await checkOrder(scene, id, sent, 'canceled');
  }),
  trading('cancelOrder of an order that never was', async ({ trader, rules }) => {
    await refused(ExchangeError, () =>
      trader.rest.cancelOrder('a19b76daa87bU0420042042k7Qm2Zt9X', rules.symbol),
    );
  }),
  impossible(
    'cancelOrder by clientOrderId',
    'the venue needs the order id, and ccxt leaves it out',
    (stage) =>
      withScene(stage, stage.symbol, async (scene) => {
        const { trader, rules } = scene;
        const sent = { ...(await scene.resting('buy')), clientId: 'byclientid1' };
        const id = await place(scene, sent);
        const params = { clientOrderId: sent.clientId };
        await refused(BaseError, () => trader.rest.cancelOrder('', rules.symbol, params));
        same('open orders', await openIds(scene), [id]);
      }),
  ),
];

async function checkCancel(scene: Scene): Promise<void> {
  const { trader, rules } = scene;
  const sent = await scene.resting('sell');
  const id = await place(scene, sent);
  const answer = await trader.rest.cancelOrder(id, rules.symbol);
  // ccxt names each request to cancel so.
  same('answer', [answer.id, answer.symbol, answer.clientOrderId], [id, rules.symbol, 'foobar']);
  const order = await checkOrder(scene, id, sent, 'canceled');
  same('filled', [order.filled, order.remaining], [0, Number(sent.amount)]);
  same('open orders', await openIds(scene), []);
}

async function placeThree(scene: Scene): Promise<ReadonlyMap<string, Sent>> {
  const orders = new Map<string, Sent>();
  const first = await scene.resting('buy');
  for (const step of [0n, 1n, 2n]) {
    const sent = { ...first, price: decimalText(units(first.price) - step * scene.rules.tick) };
    orders.set(await place(scene, sent), sent);
  }
  return orders;
}

/** A resting order in the other market; it gives its id. */
async function placeElsewhere({ stage }: Scene): Promise<string> {
  const elsewhere = await openScene(stage, stage.otherSymbol);
  return place(elsewhere, await elsewhere.resting('buy'));
}

async function openIds({ trader }: Scene): Promise<readonly string[]> {
  return (await confirmedOpenOrders(trader)).map(({ orderId }) => orderId);
}
