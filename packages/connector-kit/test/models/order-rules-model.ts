/** An order and its market in whole units: prices and steps in ten-thousandths, amounts likewise. */
export interface OrderInUnits {
  readonly side: 'buy' | 'sell';
  readonly safe: boolean;
  readonly amount: number;
  readonly price: number;
  readonly stopPrice: number | undefined;
  readonly tick: number;
  readonly lot: number;
  readonly minAmount: number;
  readonly maxAmount: number;
  /** In hundred-millionths: units of price times units of amount. */
  readonly minNotional: number;
  readonly maxNotional: number;
}

/** What is left of the order: its numbers in units, or the first rule that it breaks. */
export type Verdict =
  | { readonly broken: string }
  | { readonly amount: number; readonly price: number; readonly stopPrice: number | undefined };

/** A step up or down to a whole multiple, in integers. */
function stepped(value: number, step: number, up: boolean): number {
  const rest = value % step;
  if (rest === 0) return value;
  return up ? value - rest + step : value - rest;
}

/** Judges an order by integer arithmetic. */
export function judge(order: OrderInUnits): Verdict {
  const { side, safe, tick, lot } = order;
  const buys = side === 'buy';
  const numbers = [
    { name: 'amount', rule: 'lotSize', value: order.amount, step: lot, up: false },
    { name: 'price', rule: 'tickSize', value: order.price, step: tick, up: !buys },
    { name: 'stopPrice', rule: 'tickSize', value: order.stopPrice, step: tick, up: !buys },
  ];
  const settled: number[] = [];
  for (const { name, rule, value, step, up } of numbers) {
    if (value === undefined) continue;
    if (value <= 0) return { broken: `${name} breaks positive` };
    if (value % step !== 0 && !safe) return { broken: `${name} breaks ${rule}` };
    const rounded = stepped(value, step, up);
    if (rounded === 0) return { broken: `${name} breaks ${rule}` };
    settled.push(rounded);
  }
  const [amount = 0, price = 0, stopPrice] = settled;
  if (amount < order.minAmount) return { broken: 'amount breaks minAmount' };
  if (amount > order.maxAmount) return { broken: 'amount breaks maxAmount' };
  if (price * amount < order.minNotional) return { broken: 'price times amount breaks minNotional' };
  if (price * amount > order.maxNotional) return { broken: 'price times amount breaks maxNotional' };
  return { amount, price, stopPrice };
}
