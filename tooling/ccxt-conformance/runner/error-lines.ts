import { AuthenticationError, BadRequest, BadSymbol, InsufficientFunds, InvalidOrder } from 'ccxt';
import { confirmedBalances, confirmedOpenOrders } from './confirmed-account.ts';
import { decimalText, units } from './exact-decimal.ts';
import { same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { createRawAccount } from './raw-account.ts';
import { refused } from './refusal.ts';
import { type Scene, trading } from './scene.ts';

/** Refusals, in the classes of ccxt and with the codes of the venue. Each leaves the account as it was. */
export const errorLines: readonly Line[] = [
  line('fetchTicker of a market that is not listed', ({ open, symbol }) =>
    refused(BadSymbol, () => open.fetchTicker(symbol, { symbol: 'NOPE/USDT' }), '100008'),
  ),
  line('fetchBalance with a wrong secret', async (stage) => {
    const { account } = stage.trader.raw;
    const rest = stage.restWith({ ...account, secret: `${account.secret}=` });
    await refused(AuthenticationError, () => rest.fetchBalance(), '200001');
  }),
  line('fetchBalance with an unknown key', async (stage) => {
    const { account } = stage.trader.raw;
    const rest = stage.restWith({ ...account, key: 'x'.repeat(32) });
    await refused(AuthenticationError, () => rest.fetchBalance(), '200001');
  }),
  line('fetchBalance without a key', ({ open }) => refused(AuthenticationError, () => open.fetchBalance())),
  line('fetchBalance with the group of another', async (stage) => {
    const { account } = stage.trader.raw;
    const rest = stage.restWith(account);
    rest.options['account-group'] = String(account.group + 997);
    await refused(Error, () => rest.fetchBalance(), '200006');
  }),
  trading('createOrder beyond the balance', (scene) =>
    untouched(scene, async () => {
      const { trader, rules } = scene;
      const { price } = await scene.resting('buy');
      const { total = '0' } = (await scene.balances()).get(rules.quote) ?? {};
      const value = (units(total) * 2n) / units(price);
      const amount = Math.ceil(Number(value));
      await refused(
        InsufficientFunds,
        () => trader.rest.createOrder(rules.symbol, 'limit', 'buy', Math.max(amount, 1), Number(price)),
        '300011',
      );
    }),
  ),
  trading('createOrder below the least value', (scene) =>
    untouched(scene, async () => {
      const { price } = await scene.resting('buy');
      const amount = Number(decimalText(scene.rules.lot));
      await refused(
        InvalidOrder,
        () => scene.trader.rest.createOrder(scene.rules.symbol, 'limit', 'buy', amount, Number(price)),
        '300004',
      );
    }),
  ),
  trading('createOrder off the grid of prices', (scene) =>
    checkOverride(
      scene,
      ({ tick }, { price }) => ({ orderPrice: decimalText(units(price) + tick / 2n) }),
      '3000',
    ),
  ),
  trading('createOrder off the grid of sizes', (scene) =>
    checkOverride(
      scene,
      ({ lot }, { amount }) => ({ orderQty: decimalText(units(amount) + lot / 2n) }),
      '300002',
    ),
  ),
  trading('createOrder of a side that is none', (scene) =>
    checkOverride(scene, () => ({ side: 'hold' }), '300003'),
  ),
  trading('createOrder of a type that is none', (scene) =>
    checkOverride(scene, () => ({ orderType: 'iceberg' }), '300005'),
  ),
  trading('createOrder with an id of one character', (scene) =>
    checkOverride(scene, () => ({ id: 'x' }), '300006'),
  ),
  trading('createOrder of an hour ago', (scene) =>
    untouched(scene, async () => {
      const { trader, rules } = scene;
      const { amount, price } = await scene.resting('buy');
      const late = { time: Date.now() - 3_600_000 };
      await refused(
        BadRequest,
        () => trader.rest.createOrder(rules.symbol, 'limit', 'buy', Number(amount), Number(price), late),
        '100011',
      );
    }),
  ),
  trading('createOrders with one that is wrong', (scene) =>
    untouched(scene, async () => {
      const { trader, rules } = scene;
      const { amount, price } = await scene.resting('buy');
      const good = { symbol: rules.symbol, type: 'limit', side: 'buy', price: Number(price) } as const;
      const orders = [
        { ...good, amount: Number(amount) },
        { ...good, amount: Number(decimalText(rules.lot)) },
      ];
      await refused(InvalidOrder, () => trader.rest.createOrders(orders), '300013', '300004');
    }),
  ),
  trading('createOrders of eleven', (scene) =>
    untouched(scene, async () => {
      const { trader, rules } = scene;
      const { amount, price } = await scene.resting('buy');
      const one = { symbol: rules.symbol, type: 'limit', side: 'buy' } as const;
      const orders = Array.from({ length: 11 }, () => ({
        ...one,
        amount: Number(amount),
        price: Number(price),
      }));
      await refused(InvalidOrder, () => trader.rest.createOrders(orders), '300013');
    }),
  ),
  trading('fetchOrder of an order that never was', async ({ trader, rules }) => {
    await refused(
      InvalidOrder,
      () => trader.rest.fetchOrder('a19b76daa87bU0420042042k7Qm2Zt9X', rules.symbol),
      '300006',
    );
  }),
  trading('fetchOrder of somebody else', async (scene) => {
    const { stage, trader, rules } = scene;
    const [, second] = stage.simulator.accounts;
    if (second === undefined) return;
    const stranger = createRawAccount(stage.simulator.rest, second);
    const { amount, price } = await scene.resting('buy');
    const order = {
      symbol: rules.symbol,
      side: 'buy',
      orderType: 'limit',
      orderPrice: price,
      orderQty: amount,
    };
    const id = await stranger.place(order);
    await refused(InvalidOrder, () => trader.rest.fetchOrder(id, rules.symbol), '300006');
    await stranger.cancelAll();
  }),
  line('transfer beyond the balance', async ({ trader }) => {
    const before = await confirmedBalances(trader);
    await refused(Error, () => trader.rest.transfer('USDT', 1e12, 'spot', 'margin'), 'code');
    same('balances', [...(await confirmedBalances(trader))], [...before]);
  }),
];

/** Whatever is refused leaves no order and no trace in the balances. */
async function untouched(scene: Scene, run: () => Promise<void>): Promise<void> {
  const before = [...(await scene.balances())];
  await run();
  same('open orders', await confirmedOpenOrders(scene.trader), []);
  same('balances', [...(await scene.balances())], before);
}

/** ccxt lets a parameter of its caller replace what it would send. */
async function checkOverride(
  scene: Scene,
  override: (rules: Scene['rules'], sent: { amount: string; price: string }) => Record<string, string>,
  code: string,
): Promise<void> {
  await untouched(scene, async () => {
    const { trader, rules } = scene;
    const { amount, price } = await scene.resting('buy');
    const params = override(rules, { amount, price });
    await refused(
      InvalidOrder,
      () => trader.rest.createOrder(rules.symbol, 'limit', 'buy', Number(amount), Number(price), params),
      code,
    );
  });
}
