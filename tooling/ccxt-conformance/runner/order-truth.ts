import type { Order } from 'ccxt';
import { decimalText, downTo, over, times, units } from './exact-decimal.ts';
import { asNumber, claim, same } from './expectations.ts';
import type { Trader } from './stage.ts';
import { fillsOf, type ToldFill, updatesOf } from './stream-fills.ts';
import type { TrueFill, TrueOrder } from './truth-reader.ts';
import { eventually } from './waiting.ts';

/** ccxt's words for the phases of an order. */
const statuses: Readonly<Record<TrueOrder['phase'], string>> = {
  waiting: 'open',
  open: 'open',
  'partly-filled': 'open',
  filled: 'closed',
  canceled: 'canceled',
  rejected: 'rejected',
};

/** Compares what every source of ccxt says of an order with the truth. */
export function checkOrderTruth(order: Order, truth: TrueOrder): void {
  const { id, symbol, side, amount, filled, status } = order;
  same(
    'the true order',
    { id, symbol, side, amount, filled, status },
    {
      ...{ id: truth.orderId, symbol: truth.symbol, side: truth.side },
      ...{ amount: Number(truth.amount), filled: Number(truth.filled) },
      status: statuses[truth.phase],
    },
  );
  if (truth.change !== 'cancel-refused') same('the true time', order.lastTradeTimestamp, truth.timeMs);
  const type = truth.type.replace('stop-', '');
  // The streams have a word of their own for it.
  same('the true type', order.type?.replace('stop', ''), type);
  if (type === 'limit') same('the true price', order.price, Number(truth.price));
  same('the true stop price', order.triggerPrice, asNumber(truth.stopPrice));
  same('the true fee', [order.fee?.cost, order.fee?.currency], [Number(truth.fee), truth.feeAsset]);
}

/** Compares an average with what was truly paid for each: nine places, half rounded up. */
export function checkAverageTruth(order: Order, { filled, filledQuote }: TrueOrder): void {
  const size = units(filled);
  const step = units('0.000000001');
  const average = size === 0n ? 0n : downTo(step, over(units(filledQuote), size) + step / 2n);
  same('the true average', order.average ?? 0, Number(decimalText(average)));
}

/** The true fills of an order, when our own stream has told as much of each. */
export async function confirmedFills(trader: Trader, orderId: string): Promise<readonly TrueFill[]> {
  const fills = await trader.truth.fills(orderId);
  const told = await eventually('every fill on our own stream', () => {
    const known = fillsOf(updatesOf(trader.updates, orderId));
    return known.length >= fills.length ? known : undefined;
  });
  same('fills', told.map(fillText), fills.map(toTold).map(fillText));
  const rounding = units('0.000000001');
  for (const { price, amount, quote } of fills) {
    const off = times(units(price), units(amount)) - units(quote);
    claim(-rounding < off && off < rounding, `${quote} for ${amount} at ${price}`);
  }
  return fills;
}

function toTold({ amount, quote, fee }: TrueFill): ToldFill {
  return { amount: units(amount), quote: units(quote), fee: units(fee) };
}

function fillText({ amount, quote, fee }: ToldFill): string {
  return `${decimalText(amount)} for ${decimalText(quote)} and ${decimalText(fee)}`;
}
