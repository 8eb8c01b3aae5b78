import { type Fill, isEnded, type Order, type OrderEventKind } from '@venuekit/connector-core';

/** What may still be told of an order that has ended, beside a correction. None of it changes the status. */
const passing: ReadonlySet<OrderEventKind> = new Set([
  'order-fill',
  'order-fill-refined',
  'order-cancel',
  'order-settled',
  'order-anomaly',
  'order-external',
  'order-adopted',
]);

/** Why something cannot be told of an order as it is kept; `undefined` if it can. */
export function endedFault(
  kept: Order,
  kind: OrderEventKind,
  order: Order,
  fill: Fill | undefined,
): string | undefined {
  if (!isEnded(kept) || kind === 'order-correction') return undefined;
  const said = `${kind} was told of an order that is ${kept.status}`;
  if (!passing.has(kind)) return `${said}: only a correction leads out of an end`;
  if (order.status !== kept.status) {
    return `${said}, as if it were ${order.status}: only a correction leads out of an end`;
  }
  if (kind === 'order-fill' && fill?.late !== true) return `${said}, and the fill is not told as late`;
  return undefined;
}
