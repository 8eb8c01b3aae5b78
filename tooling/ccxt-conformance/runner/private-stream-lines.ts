import { AuthenticationError, type Balances, type Order } from 'ccxt';
import { confirmedBalances } from './confirmed-account.ts';
import { given, same } from './expectations.ts';
import { impossible, type Line, line } from './line.ts';
import { checkOrder, idOf, place } from './order-check.ts';
import { checkAverageTruth, checkOrderTruth } from './order-truth.ts';
import { refused } from './refusal.ts';
import { type Scene, type Sent, trading } from './scene.ts';
import type { StreamExchange } from './stage.ts';
import { updatesOf } from './stream-fills.ts';
import { eventually, inTime } from './waiting.ts';

/** What ccxt watches of an account, compared with a stream of our own and with REST. */
export const privateStreamLines: readonly Line[] = [
  trading('watchOrders', (scene) => checkCanceled(scene, undefined)),
  trading('watchOrders of a market', (scene) => checkCanceled(scene, scene.rules.symbol)),
  trading('watchOrders filled', (scene) => checkLast(scene, () => scene.crossing('buy'), 'closed')),
  trading('watchOrders postOnly that would take', (scene) =>
    checkLast(
      scene,
      async () => ({ ...(await scene.crossing('buy')), params: { postOnly: true } }),
      'canceled',
    ),
  ),
  trading('watchOrders market', async (scene) => {
    const { amount } = await scene.crossing('sell');
    await checkLast(scene, async () => ({ type: 'market', side: 'sell', amount }), 'closed');
  }),
  trading('watchOrders triggerPrice', checkStop),
  trading('watchBalance of an order that holds', async (scene) => {
    await checkBalance(scene, async () => place(scene, await scene.resting('buy')));
  }),
  trading('watchBalance of a fill', async (scene) => {
    await checkBalance(scene, async () => {
      const sent = await scene.crossing('sell');
      await checkOrder(scene, await place(scene, sent), sent, 'closed');
    });
  }),
  trading('watchBalance of a transfer', async (scene) => {
    const { rest } = scene.trader;
    await checkBalance(scene, () => rest.transfer('USDT', 1, 'spot', 'margin'));
    await rest.transfer('USDT', 1, 'margin', 'spot');
  }),
  line('watchOrders with a wrong secret', async (stage) => {
    const { account } = stage.trader.raw;
    const stream = stage.streamWith({ ...account, secret: [...account.secret].reverse().join('') });
    // The group is read with a signature too; so it is given.
    stream.options['account-group'] = String(account.group);
    await refused(AuthenticationError, () => stream.watchOrders());
    await stream.close();
  }),
  impossible(
    'watchBalance of margin',
    'ccxt subscribes to the orders of the cash account and waits for a balance of margin',
    async (stage) => {
      const stream = stage.streamWith(stage.trader.raw.account);
      const balance = stream.watchBalance({ type: 'margin' }).catch(() => 'closed');
      await eventually('the connection', () => Object.keys(stream.clients)[0]);
      const silence = await Promise.race([
        balance,
        new Promise((resolve) => setTimeout(resolve, 1_000, 'silence')),
      ]);
      same('balance', silence, 'silence');
      await stream.close();
    },
  ),
];

/** Collects what ccxt says of orders. It changes its objects afterwards, so copies are kept. */
async function withOrders(
  { stage, trader }: Scene,
  symbol: string | undefined,
  use: (seen: readonly Order[]) => Promise<void>,
): Promise<void> {
  const stream = stage.streamWith(trader.raw.account);
  const seen: Order[] = [];
  let closed = false;
  async function collect(): Promise<void> {
    while (!closed) for (const order of await stream.watchOrders(symbol)) seen.push({ ...order });
  }
  const collecting = collect().catch((error: unknown) => {
    if (!closed) throw error;
  });
  try {
    await Promise.race([collecting, subscribed(stream).then(() => use(seen))]);
  } finally {
    closed = true;
    await stream.close();
  }
}

/** Settles when ccxt has subscribed and that is confirmed: nothing that happens from now on is lost. */
async function subscribed(stream: StreamExchange): Promise<void> {
  const client = await eventually('the subscription', () =>
    Object.values(stream.clients).find(({ subscriptions }) => 'order:CASH' in subscriptions),
  );
  // A confirmation is told to nobody; a ping that is sent after the subscription is answered after it.
  await inTime(
    'a pong',
    new Promise((resolve) => {
      client.connection.once('pong', resolve);
      client.connection.ping();
    }),
    5_000,
  );
}

async function checkCanceled(scene: Scene, symbol: string | undefined): Promise<void> {
  const { trader, rules } = scene;
  await withOrders(scene, symbol, async (seen) => {
    const id = await place(scene, await scene.resting('buy'));
    const open = await lastOf(seen, id, 'open');
    await checkUpdate(scene, open);
    checkOrderTruth(open, await trader.truth.order(id));
    await trader.rest.cancelOrder(id, rules.symbol);
    const canceled = await lastOf(seen, id, 'canceled');
    await checkUpdate(scene, canceled);
    checkOrderTruth(canceled, await trader.truth.order(id));
  });
}

async function checkLast(scene: Scene, prepare: () => Promise<Sent>, status: string): Promise<void> {
  await withOrders(scene, undefined, async (seen) => {
    const sent = await prepare();
    const id = await place(scene, sent);
    const last = await lastOf(seen, id, status);
    await checkUpdate(scene, last);
    await checkOrder(scene, id, sent, status);
    const truth = await scene.trader.truth.order(id);
    checkOrderTruth(last, truth);
    checkAverageTruth(last, truth);
    for (const order of seen) await checkUpdate(scene, order);
  });
}

async function checkStop(scene: Scene): Promise<void> {
  await withOrders(scene, undefined, async (seen) => {
    const { amount, price } = await scene.resting('sell');
    const params = { triggerPrice: Number(price) };
    const id = await place(scene, { type: 'market', side: 'buy', amount, params });
    const order = await lastOf(seen, id, 'open');
    same('stop price', order.triggerPrice, Number(price));
    await checkUpdate(scene, order);
    checkOrderTruth(order, await scene.trader.truth.order(id));
  });
}

function lastOf(seen: readonly Order[], id: string, status: string): Promise<Order> {
  return eventually(`ccxt says ${status}`, () =>
    seen.find((order) => order.id === id && order.status === status),
  );
}

const statuses: Readonly<Record<string, string>> = {
  PendingNew: 'open',
  New: 'open',
  PartiallyFilled: 'open',
  Filled: 'closed',
  Canceled: 'canceled',
  Rejected: 'rejected',
};

/** What ccxt says is what one update on our own stream says. */
async function checkUpdate({ trader }: Scene, order: Order): Promise<void> {
  const told = [order.symbol, order.side, order.type, order.status, order.timestamp];
  const numbers = [order.amount, order.filled, order.average ?? 0, order.fee?.cost, order.triggerPrice ?? 0];
  await eventually(`an update as ccxt tells it: ${[...told, ...numbers]}`, () => {
    const same = updatesOf(trader.updates, idOf(order)).some(({ s, sd, ot, st, t, q, cfq, ap, cf, sp }) => {
      const words = [s, sd.toLowerCase(), ot.toLowerCase(), statuses[st], t];
      return JSON.stringify([words, [q, cfq, ap, cf, sp].map(Number)]) === JSON.stringify([told, numbers]);
    });
    return same ? true : undefined;
  });
}

/** What ccxt last says of each asset is what REST says when all is over. */
async function checkBalance(scene: Scene, change: () => Promise<unknown>): Promise<void> {
  const { stage, trader } = scene;
  const stream = stage.streamWith(trader.raw.account);
  const seen = new Map<string, Balances[string]>();
  let closed = false;
  async function collect(): Promise<void> {
    while (!closed) {
      const balances = await stream.watchBalance();
      for (const asset of Object.keys(given(balances.total, 'total')))
        seen.set(asset, given(balances[asset], asset));
    }
  }
  const collecting = collect().catch(() => undefined);
  try {
    await subscribed(stream);
    await change();
    await eventually('the balances that REST tells', async () => {
      const raw = await confirmedBalances(trader);
      const agree = [...seen].every(([asset, { free, total }]) => {
        const real = raw.get(asset);
        return free === Number(real?.available) && total === Number(real?.total);
      });
      return agree && seen.has('USDT') ? true : undefined;
    });
  } finally {
    closed = true;
    await stream.close();
    await collecting;
  }
}
