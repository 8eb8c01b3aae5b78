import { decimalText, times, units, upTo } from './exact-decimal.ts';
import { claim, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import { checkOrder, checkPlaced, idOf, place } from './order-check.ts';
import { held, type Scene, type Sent, trading, withScene } from './scene.ts';

/** Orders that rest in the book, and the forms in which they can be handed in. */
export const orderLines: readonly Line[] = [
  trading('createOrder limit buy', (scene) => checkResting(scene, 'buy')),
  trading('createOrder limit sell', (scene) => checkResting(scene, 'sell')),
  trading('createOrder timeInForce GTC', (scene) => checkForm(scene, { params: { timeInForce: 'GTC' } })),
  trading('createOrder postOnly', (scene) => checkPostOnly(scene, { postOnly: true })),
  trading('createOrder timeInForce PO', (scene) => checkPostOnly(scene, { timeInForce: 'PO' })),
  trading('createOrder clientOrderId', (scene) => checkForm(scene, { clientId: `ccxt${tail()}` })),
  trading('createOrder clientOrderId of five characters', (scene) => checkForm(scene, { clientId: 'short' })),
  trading('createOrder respInst ACCEPT', checkAccept),
  trading('createOrder rounds to the grid', checkRounding),
  trading('createLimitOrder', (scene) =>
    checkCall(scene, 'buy', ({ rest }, symbol, amount, price) =>
      rest.createLimitOrder(symbol, 'buy', amount, price),
    ),
  ),
  trading('createLimitBuyOrder', (scene) =>
    checkCall(scene, 'buy', ({ rest }, symbol, amount, price) =>
      rest.createLimitBuyOrder(symbol, amount, price),
    ),
  ),
  trading('createLimitSellOrder', (scene) =>
    checkCall(scene, 'sell', ({ rest }, symbol, amount, price) =>
      rest.createLimitSellOrder(symbol, amount, price),
    ),
  ),
  trading('createPostOnlyOrder', async (scene) => {
    const id = await checkCall(scene, 'buy', ({ rest }, symbol, amount, price) =>
      rest.createPostOnlyOrder(symbol, 'limit', 'buy', amount, price),
    );
    same('instruction', (await scene.trader.raw.order(id)).execInst.toLowerCase(), 'post');
  }),
  trading('createReduceOnlyOrder is a plain order on spot', async (scene) => {
    const id = await checkCall(scene, 'buy', ({ rest }, symbol, amount, price) =>
      rest.createReduceOnlyOrder(symbol, 'limit', 'buy', amount, price),
    );
    same('instruction', (await scene.trader.raw.order(id)).execInst, 'NULL_VAL');
  }),
  trading('createOrders of two', (scene) => checkBatch(scene, 2)),
  trading('createOrders of ten', (scene) => checkBatch(scene, 10)),
  line('createOrder limit buy of another market', (stage) =>
    withScene(stage, stage.otherSymbol, (scene) => checkResting(scene, 'buy')),
  ),
  trading('editOrder', checkEdit),
];

let counter = Date.now() % 1_000_000;

/** Nine letters and digits that were not there before. */
export function tail(): string {
  counter += 1;
  return counter.toString(36).padStart(9, 'v');
}

/** Rests, holds exactly what it needs, and gives it back. */
async function checkResting(scene: Scene, side: Sent['side']): Promise<void> {
  const { trader, rules } = scene;
  const before = await scene.balances();
  const sent = await scene.resting(side);
  const id = await place(scene, sent);
  await checkOrder(scene, id, sent, 'open');
  const [asset, hold] = holdOf(scene, sent);
  const during = held(await scene.balances(), asset);
  same('total', decimalText(during.total), decimalText(held(before, asset).total));
  same('held', decimalText(during.total - during.available), decimalText(hold));
  await trader.rest.cancelOrder(id, rules.symbol);
  await checkOrder(scene, id, sent, 'canceled');
  same('balances', [...(await scene.balances())], [...before]);
}

/** What an order of a limit holds, with what is reserved for its fee, rounded up at the ninth digit of a balance. */
export function holdOf({ rules }: Scene, { side, amount, price = '' }: Sent): [asset: string, hold: bigint] {
  const { base, quote, commissionType, reserveRate } = rules;
  const one = units('1');
  const rate = (reserves: boolean): bigint => one + (reserves ? reserveRate : 0n);
  if (side === 'sell') return [base, balanceUp(times(units(amount), rate(commissionType === 'Base')))];
  const value = times(units(price), units(amount));
  return [quote, balanceUp(times(value, rate(commissionType === 'Quote')))];
}

function balanceUp(amount: bigint): bigint {
  return upTo(units('0.000000001'), amount);
}

async function checkForm(scene: Scene, form: Partial<Sent>): Promise<string> {
  const sent = { ...(await scene.resting('buy')), ...form };
  const id = await place(scene, sent);
  await checkOrder(scene, id, sent, 'open');
  return id;
}

async function checkPostOnly(scene: Scene, params: Record<string, unknown>): Promise<void> {
  const id = await checkForm(scene, { params });
  const { postOnly, timeInForce } = await scene.trader.rest.fetchOrder(id, scene.rules.symbol);
  same('post-only', [postOnly, timeInForce], [true, 'PO']);
}

/** With ACCEPT, the answer is the whole order. */
async function checkAccept(scene: Scene): Promise<void> {
  const { trader, rules } = scene;
  const sent = await scene.resting('buy');
  const order = await trader.rest.createOrder(
    rules.symbol,
    'limit',
    'buy',
    Number(sent.amount),
    Number(sent.price),
    { respInst: 'ACCEPT' },
  );
  same(
    'answer',
    [order.status, order.amount, order.price, order.side, order.filled],
    ['open', Number(sent.amount), Number(sent.price), 'buy', 0],
  );
  await checkOrder(scene, idOf(order), sent, 'open');
}

/** ccxt cuts sizes and rounds prices to the grid of the market before it sends them. */
async function checkRounding(scene: Scene): Promise<void> {
  const { rules, trader } = scene;
  const sent = await scene.resting('buy');
  const amount = Number(sent.amount) + Number(decimalText(rules.lot)) * 0.7;
  const price = Number(sent.price) + Number(decimalText(rules.tick)) * 0.2;
  const order = await trader.rest.createOrder(rules.symbol, 'limit', 'buy', amount, price);
  await checkOrder(scene, idOf(order), sent, 'open');
}

type Call = (
  trader: Scene['trader'],
  symbol: string,
  amount: number,
  price: number,
) => ReturnType<Scene['trader']['rest']['createOrder']>;

/** One of ccxt's shorter calls places the same order. */
async function checkCall(scene: Scene, side: Sent['side'], call: Call): Promise<string> {
  const sent = await scene.resting(side);
  const before = Date.now();
  const order = await call(scene.trader, scene.rules.symbol, Number(sent.amount), Number(sent.price));
  checkPlaced(scene, order, sent, before);
  await checkOrder(scene, idOf(order), sent, 'open');
  return idOf(order);
}

async function checkBatch(scene: Scene, size: number): Promise<void> {
  const { rules, trader } = scene;
  const first = await scene.resting('buy');
  const sent = Array.from({ length: size }, (_, index) => {
    const price = decimalText(units(first.price) - BigInt(index) * rules.tick);
    return index % 2 === 0 ? { ...first, price, clientId: `batch${tail()}` } : { ...first, price };
  });
  const before = Date.now();
  const orders = await trader.rest.createOrders(
    sent.map(({ type, side, amount, price, clientId }) => ({
      symbol: rules.symbol,
      ...{ type, side, amount: Number(amount), price: Number(price) },
      params: clientId === undefined ? {} : { clientOrderId: clientId },
    })),
  );
  same('number of orders', orders.length, size);
  same('number of ids', new Set(orders.map(({ id }) => id)).size, size);
  for (const [index, order] of orders.entries()) {
    const one = sent[index] ?? first;
    checkPlaced(scene, order, one, before);
    await checkOrder(scene, idOf(order), one, 'open');
  }
}

/** ccxt cancels and places anew. */
async function checkEdit(scene: Scene): Promise<void> {
  const { rules, trader } = scene;
  const sent = await scene.resting('buy');
  const id = await place(scene, sent);
  const price = decimalText(units(sent.price) - rules.tick);
  const edited = await trader.rest.editOrder(
    id,
    rules.symbol,
    'limit',
    'buy',
    Number(sent.amount),
    Number(price),
  );
  claim(edited.id !== id, 'the id is the same');
  await checkOrder(scene, id, sent, 'canceled');
  await checkOrder(scene, idOf(edited), { ...sent, price }, 'open');
}
