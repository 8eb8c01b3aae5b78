import type { OrderEventKind } from './account-events.ts';
import type { OrderStatus } from './order.ts';

/** An event of a transition. With `ifFilled` it is told only if the evidence raises the filled amount. */
export interface Emission {
  readonly kind: OrderEventKind;
  readonly ifFilled: boolean;
}

/**
 * What evidence does to an order of a status.
 *
 * `to` is the status afterwards; `by-amount` is `filled` if the whole amount is filled by now, and else `partially-filled`. An
 * anomaly cannot happen: it is told as `order-anomaly`, and the order stays as it was.
 */
export type OrderTransition =
  | {
      readonly outcome: 'applies';
      readonly to: OrderStatus | 'by-amount';
      /**
       * In causal order. `order-open` only if it was not told of this order before; `order-filled` after `by-amount` only if the
       * whole amount is filled.
       */
      readonly emits: readonly Emission[];
    }
  | {
      readonly outcome: 'anomaly';
      /** Why it cannot happen. */
      readonly why: string;
    };

/** An event, or with `?` one that is told only if the filled amount rises. */
type EmissionText = OrderEventKind | `${OrderEventKind}?`;

/** The order goes to another status. */
export function goesTo(to: OrderStatus | 'by-amount', ...emits: readonly EmissionText[]): OrderTransition {
  return { outcome: 'applies', to, emits: emits.map(toEmission) };
}

/** It cannot happen. */
export function anomaly(why: string): OrderTransition {
  return { outcome: 'anomaly', why };
}

function toEmission(text: EmissionText): Emission {
  const ifFilled = text.endsWith('?');
  return { kind: (ifFilled ? text.slice(0, -1) : text) as OrderEventKind, ifFilled };
}
