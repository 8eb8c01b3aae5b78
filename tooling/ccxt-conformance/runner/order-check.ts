import type { Order } from 'ccxt';
import { decimalText, times, units } from './exact-decimal.ts';
import { asNumber, asPrice, claim, given, same } from './expectations.ts';
import { checkAverageTruth, checkOrderTruth, confirmedFills } from './order-truth.ts';
import type { RawBalance } from './raw-account.ts';
import type { Answer } from './raw-client.ts';
import { held, type Scene, type Sent } from './scene.ts';
import { eventually } from './waiting.ts';

/** An id made from a time, the user's number and the tail of the customer's id. */
const orderIdForm = /^[as][0-9a-f]{11}U\d{10}.{9}$/;

/** Places an order through ccxt, checks what it says at once, and gives the id. */
export async function place(scene: Scene, sent: Sent): Promise<string> {
  const { type, side, amount, price } = sent;
  const { symbol } = scene.rules;
  const params = { ...(sent.clientId === undefined ? {} : { clientOrderId: sent.clientId }), ...sent.params };
  const before = Date.now();
  const order = await scene.trader.rest.createOrder(
    symbol,
    type,
    side,
    Number(amount),
    asNumber(price),
    params,
  );
  checkPlaced(scene, order, sent, before);
  return idOf(order);
}

/** The id of an order, which ccxt's types leave open. */
export function idOf({ id }: Order): string {
  return given(id, 'id of the order');
}

/** Checks what ccxt says of an order that has just been placed. */
export function checkPlaced(scene: Scene, order: Order, sent: Sent, before: number): void {
  const id = idOf(order);
  claim(orderIdForm.test(id), `order id ${order.id}`);
  same('symbol', order.symbol, scene.rules.symbol);
  same('type', order.type, sent.type);
  same('id of the customer', order.clientOrderId, sent.clientId);
  if (sent.clientId !== undefined && sent.clientId.length >= 9) {
    same('tail of the id', id.slice(-9), sent.clientId.slice(-9));
  }
  const { timestamp = 0 } = order;
  claim(
    before <= timestamp && timestamp <= Date.now(),
    `an order of ${timestamp} that was sent at ${before}`,
  );
}

/**
 * Waits until an order has a status, as ccxt names it, and checks what ccxt then says of it: against what was sent, against the venue's
 * record, and against the truth.
 */
export async function checkOrder(scene: Scene, id: string, sent: Sent, status: string): Promise<Order> {
  const { trader, rules } = scene;
  const order = await eventually(`status ${status}`, async () => {
    const now = await trader.rest.fetchOrder(id, rules.symbol);
    return now.status === status ? now : undefined;
  });
  checkAgainstRecord(order, given(await trader.raw.order(id), 'the order'));
  const { type, side, amount, price, symbol } = order;
  same(
    'as sent',
    { type, side, amount, symbol },
    {
      ...{ type: sent.type, side: sent.side, amount: Number(sent.amount) },
      symbol: rules.symbol,
    },
  );
  if (sent.price !== undefined) same('price', price, Number(sent.price));
  same('stop price', order.triggerPrice, asNumber(sent.trigger));
  same('id of the customer', order.clientOrderId, sent.clientId);
  const truth = await trader.truth.order(id);
  checkOrderTruth(order, truth);
  checkAverageTruth(order, truth);
  same('the true type', truth.type, sent.trigger === undefined ? sent.type : `stop-${sent.type}`);
  same('the true id of the customer', truth.clientId, sent.clientId ?? '');
  same('truly post-only', truth.postOnly, order.postOnly === true);
  return order;
}

/** Compares an order of ccxt with the record that the venue gives without it. */
export function checkAgainstRecord(order: Order, record: Answer): void {
  same('id', order.id, record.orderId);
  same('symbol', order.symbol, record.symbol);
  same('side', order.side, record.side.toLowerCase());
  same('type', order.type, record.orderType.toLowerCase().replace('stop', ''));
  same('amount', order.amount, Number(record.orderQty));
  same('price', order.price, asPrice(record.price) ?? asPrice(record.avgPx));
  same('filled', order.filled, Number(record.cumFilledQty));
  same('average', order.average, asPrice(record.avgPx));
  const left = units(record.orderQty) - units(record.cumFilledQty);
  same('remaining', order.remaining, Number(decimalText(left)));
  const cost = times(units(record.cumFilledQty), units(record.avgPx));
  same('cost', order.cost, Number(decimalText(cost)));
  same('fee', [order.fee?.cost, order.fee?.currency], [Number(record.cumFee), record.feeAsset]);
  same('stop price', order.triggerPrice, asPrice(record.stopPrice));
  same('post-only', order.postOnly === true, record.execInst.toLowerCase() === 'post');
  same('last change', order.lastTradeTimestamp, record.lastExecTime);
}

/** Checks that an order took of each asset, with its fee, exactly what its true fills say, and holds nothing any more. */
export async function checkExchange(
  scene: Scene,
  order: Order,
  before: ReadonlyMap<string, RawBalance>,
): Promise<void> {
  const { base, quote } = scene.rules;
  const fills = await confirmedFills(scene.trader, idOf(order));
  const size = fills.reduce((sum, { amount }) => sum + units(amount), 0n);
  same('filled', order.filled, Number(decimalText(size)));
  const direction = order.side === 'buy' ? 1n : -1n;
  const change = new Map([
    [base, 0n],
    [quote, 0n],
  ]);
  const add = (asset: string, amount: bigint): unknown =>
    change.set(asset, (change.get(asset) ?? 0n) + amount);
  for (const fill of fills) {
    add(base, direction * units(fill.amount));
    add(quote, -direction * units(fill.quote));
    add(fill.feeAsset, -units(fill.fee));
  }
  const after = await scene.balances();
  for (const [asset, amount] of change) {
    const { total, available } = held(after, asset);
    same(`change of ${asset}`, decimalText(total - held(before, asset).total), decimalText(amount));
    same(`available ${asset}`, decimalText(available), decimalText(total));
  }
}
