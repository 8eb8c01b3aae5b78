import type { Order } from 'ccxt';
import { decimalText, times, units, upTo } from './exact-decimal.ts';
import { claim, given, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { checkTradesTruth } from './market-truth.ts';
import { checkExchange, checkOrder, idOf, place } from './order-check.ts';
import type { Answer } from './raw-client.ts';
import { amountOf, held, type Scene, type Sent, tradeUpTo, trading, withScene } from './scene.ts';
import { eventually } from './waiting.ts';

/** Orders that trade, or that end because they do not. */
export const fillLines: readonly Line[] = [
  trading('createOrder limit buy that is filled at once', (scene) => checkFilled(scene, 'buy')),
  trading('createOrder limit sell that is filled at once', (scene) => checkFilled(scene, 'sell')),
  trading('createOrder limit buy that somebody fills later', (scene) => checkMaker(scene, 'buy')),
  trading('createOrder limit sell that somebody fills later', (scene) => checkMaker(scene, 'sell')),
  ...['Base', 'Received'].map((type) =>
    line(`createOrder limit buy where the fee is of type ${type}`, async (stage) => {
      const products: readonly Answer[] = await stage.raw.read('/api/pro/v1/cash/products');
      const { symbol } = given(
        products.find(({ commissionType }) => commissionType === type),
        'such a market',
      );
      await withScene(stage, symbol, (scene) => checkFilled(scene, 'buy'));
    }),
  ),
  trading('createOrder market buy', (scene) => checkMarket(scene, 'buy', placeMarket)),
  trading('createOrder market sell', (scene) => checkMarket(scene, 'sell', placeMarket)),
  trading('createMarketOrder', (scene) =>
    checkMarket(scene, 'buy', async ({ trader, rules }, { side, amount }) => {
      return idOf(await trader.rest.createMarketOrder(rules.symbol, side, Number(amount)));
    }),
  ),
  trading('createMarketBuyOrder', (scene) =>
    checkMarket(scene, 'buy', async ({ trader, rules }, { amount }) => {
      return idOf(await trader.rest.createMarketBuyOrder(rules.symbol, Number(amount)));
    }),
  ),
  trading('createMarketSellOrder', (scene) =>
    checkMarket(scene, 'sell', async ({ trader, rules }, { amount }) => {
      return idOf(await trader.rest.createMarketSellOrder(rules.symbol, Number(amount)));
    }),
  ),
  trading('createOrder respInst DONE', checkDone),
  trading('fetchTrades after an order that bought', (scene) => checkTape(scene, 'buy')),
  trading('fetchTrades after an order that sold', (scene) => checkTape(scene, 'sell')),
  trading('createOrder timeInForce IOC that is filled', (scene) =>
    checkFilled(scene, 'buy', { timeInForce: 'IOC' }),
  ),
  inQuietMarket('createOrder timeInForce IOC that is filled in part', (scene) => checkPart(scene, 'IOC')),
  trading('createOrder timeInForce IOC that finds nothing', (scene) =>
    checkEnded(scene, 'resting', { timeInForce: 'IOC' }),
  ),
  trading('createOrder timeInForce FOK that is filled', (scene) =>
    checkFilled(scene, 'sell', { timeInForce: 'FOK' }),
  ),
  inQuietMarket('createOrder timeInForce FOK that finds too little', (scene) => checkPart(scene, 'FOK')),
  trading('createOrder timeInForce FOK that finds nothing', (scene) =>
    checkEnded(scene, 'resting', { timeInForce: 'FOK' }),
  ),
  trading('createOrder postOnly that would take', (scene) =>
    checkEnded(scene, 'crossing', { postOnly: true }),
  ),
];

async function placeMarket(scene: Scene, sent: Sent): Promise<string> {
  return place(scene, sent);
}

async function checkFilled(scene: Scene, side: Sent['side'], params = {}): Promise<void> {
  const before = await scene.balances();
  const sent = { ...(await scene.crossing(side)), params };
  const id = await place(scene, sent);
  const order = await checkOrder(scene, id, sent, 'closed');
  const { average = 0, price = 0 } = order;
  claim(side === 'buy' ? average <= price : average >= price, `filled at ${average} with limit ${price}`);
  await checkFee(scene, order, 'taker');
  await checkExchange(scene, order, before);
}

async function checkMarket(
  scene: Scene,
  side: Sent['side'],
  call: (scene: Scene, sent: Sent) => Promise<string>,
): Promise<void> {
  const before = await scene.balances();
  const { ask } = await scene.book();
  const sent: Sent = { type: 'market', side, amount: amountOf(scene.rules, ask, 3n) };
  const order = await checkOrder(scene, await call(scene, sent), sent, 'closed');
  same('time in force', order.timeInForce, 'IOC');
  const distance = (order.average ?? 0) / Number(decimalText(ask)) - 1;
  claim(Math.abs(distance) < 0.02, `filled at ${order.average} when the offer was ${decimalText(ask)}`);
  await checkFee(scene, order, 'taker');
  await checkExchange(scene, order, before);
}

/** Waits behind two levels, until the other account has traded through them and more. */
async function checkMaker(scene: Scene, side: Sent['side']): Promise<void> {
  const before = await scene.balances();
  const { id, sent } = await eventually('an order that rests', () => placeBehind(scene, side));
  await eventually('somebody fills it', async () => {
    await tradeUpTo(scene, side === 'buy' ? 'sell' : 'buy', units(sent.price));
    const { phase } = await scene.trader.truth.order(id);
    claim(phase !== 'canceled', 'it was canceled');
    return phase === 'filled' ? true : undefined;
  });
  const order = await checkOrder(scene, id, sent, 'closed');
  same('average', order.average, Number(sent.price));
  await checkFee(scene, order, 'maker');
  await checkExchange(scene, order, before);
}

interface Placed {
  readonly id: string;
  readonly sent: Sent & { readonly price: string };
}

/** Nothing if the market has moved on from the book that was published, so that the order would have taken. */
async function placeBehind(scene: Scene, side: Sent['side']): Promise<Placed | undefined> {
  const { bids, asks } = await scene.book();
  const [price] = given((side === 'buy' ? bids : asks)[2], 'a third level');
  const amount = amountOf(scene.rules, price, 3n);
  const sent = { type: 'limit', side, amount, price: decimalText(price) } as const;
  const id = await place(scene, { ...sent, params: { postOnly: true } });
  const { phase } = await scene.trader.truth.order(id);
  return phase === 'canceled' ? undefined : { id, sent };
}

/**
 * The fee is the account's rate of what was traded. Each fill's part is rounded up at the ninth digit, but together they are never more than
 * was reserved: so what was rounded up twice may be taken off again.
 */
async function checkFee({ trader, rules }: Scene, order: Order, role: 'maker' | 'taker'): Promise<void> {
  const { truth } = trader;
  const rate = units(truth.fees[role]);
  const { fee, feeAsset } = await truth.order(idOf(order));
  const fills = await truth.fills(idOf(order));
  for (const { liquidity } of fills) same('role', liquidity, role);
  const parts = fills.map(({ price, amount }) =>
    times(feeAsset === rules.base ? units(amount) : times(units(price), units(amount)), rate),
  );
  const roundedUp = (part: bigint): bigint => upTo(units('0.000000001'), part);
  const least = roundedUp(parts.reduce((sum, part) => sum + part, 0n));
  const most = parts.reduce((sum, part) => sum + roundedUp(part), 0n);
  const range = `${decimalText(least)} to ${decimalText(most)}`;
  claim(least <= units(fee) && units(fee) <= most, `fee of a ${role}: expected ${range}, got ${fee}`);
  same('fee', order.fee?.cost, Number(fee));
}

/** Whoever takes gives a trade its side. */
async function checkTape(scene: Scene, side: Sent['side']): Promise<void> {
  const { trader, rules, stage } = scene;
  const since = Date.now();
  const sent = await scene.crossing(side);
  const id = await place(scene, sent);
  await checkOrder(scene, id, sent, 'closed');
  const trades = await trader.rest.fetchTrades(rules.symbol, since);
  for (const fill of await trader.truth.fills(id)) {
    const [price, amount] = [Number(fill.price), Number(fill.amount)];
    const found = trades.some((one) => one.price === price && one.amount === amount && one.side === side);
    claim(found, `no trade of a taker who had to ${side} ${amount} at ${price}`);
  }
  checkTradesTruth(trades, await stage.truth.trades(rules.symbol));
}

/** With DONE, the answer is the order after its first result. */
async function checkDone(scene: Scene): Promise<void> {
  const { trader, rules } = scene;
  const sent = await scene.crossing('buy');
  const params = { respInst: 'DONE' };
  const [amount, price] = [Number(sent.amount), Number(sent.price)];
  const order = await trader.rest.createOrder(rules.symbol, 'limit', 'buy', amount, price, params);
  claim(Number(order.filled) > 0, `filled ${order.filled}`);
  await checkOrder(scene, idOf(order), sent, 'closed');
}

/** A busy book may have moved on since it was published. */
function inQuietMarket(name: string, run: (scene: Scene) => Promise<void>): Line {
  return line(name, (stage) => withScene(stage, stage.quietSymbol, run));
}

/** Asks for twice of what the first five levels have. */
async function checkPart(scene: Scene, timeInForce: 'IOC' | 'FOK'): Promise<void> {
  const before = await scene.balances();
  const levels = (await scene.book()).asks.slice(0, 5);
  const [price] = given(levels.at(-1), 'an offer');
  const amount = decimalText(2n * levels.reduce((sum, [, size]) => sum + size, 0n));
  const sent: Sent = {
    type: 'limit',
    side: 'buy',
    amount,
    price: decimalText(price),
    params: { timeInForce },
  };
  const order = await checkOrder(scene, await place(scene, sent), sent, 'canceled');
  if (timeInForce === 'FOK') same('filled', order.filled, 0);
  else
    claim(
      Number(order.filled) > 0 && Number(order.remaining) > 0,
      `filled ${order.filled} of ${order.amount}`,
    );
  await checkExchange(scene, order, before);
}

/** Ends without a fill, and leaves no trace in the balances. */
async function checkEnded(
  scene: Scene,
  where: 'resting' | 'crossing',
  params: Record<string, unknown>,
): Promise<void> {
  const before = await scene.balances();
  const sent = { ...(await scene[where]('buy')), params };
  const order = await checkOrder(scene, await place(scene, sent), sent, 'canceled');
  same('filled', [order.filled, order.average, order.fee?.cost], [0, undefined, 0]);
  for (const asset of [scene.rules.base, scene.rules.quote]) {
    same(`balance of ${asset}`, held(await scene.balances(), asset), held(before, asset));
  }
}
