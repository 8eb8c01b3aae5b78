import type { Orders, Pair, PlaceResult } from '@venuekit/connector-core';

/** What is known of an order before it leaves. */
export interface LeavingOrder {
  readonly pair: Pair;
  readonly clientOrderId: string;
}

/** An order, or a batch, that is on its way. */
export interface OrdersOnTheirWay {
  readonly clientOrderIds: ReadonlySet<string>;
  /** Resolves when they have arrived, or have not, or nobody waits for them any more. */
  readonly done: Promise<void>;
  /** True from then on. */
  readonly isDone: boolean;
}

/** Orders that left together. */
export interface Departure {
  /** A connector's part has said what became of them. */
  arrived(results: readonly PlaceResult[]): void;
  /** Nobody waits for them any more, whatever becomes of them. */
  over(): void;
}

interface Placing extends OrdersOnTheirWay {
  orders: readonly LeavingOrder[];
  clientOrderIds: ReadonlySet<string>;
  isDone: boolean;
}

/** The orders that are on their way, and those of which nobody knows whether they have arrived. */
export class OrdersLeaving {
  readonly #orders: Orders;
  readonly #placing = new Set<Placing>();

  constructor(orders: Orders) {
    this.#orders = orders;
  }

  /** Orders are about to leave. */
  begin(orders: readonly LeavingOrder[]): Departure {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const placing: Placing = { orders, clientOrderIds: idsOf(orders), done, isDone: false };
    this.#placing.add(placing);
    const over = () => {
      placing.isDone = true;
      resolve();
    };
    return {
      over,
      arrived: (results) => {
        // One that the log knows is followed there. Of one that it does not know nobody else would.
        placing.orders = orders.filter((order, at) => this.#isLost(order, results[at]));
        placing.clientOrderIds = idsOf(placing.orders);
        if (placing.orders.length === 0) this.#placing.delete(placing);
        over();
      },
    };
  }

  /** What is on its way, of one pair or of all. What the log has seen at the venue has arrived, whatever its command knows. */
  of(pair: Pair | undefined): readonly OrdersOnTheirWay[] {
    return [...this.#placing].filter(({ orders }) =>
      orders.some((order) => (pair === undefined || order.pair === pair) && !this.#wasSeen(order)),
    );
  }

  /** True from the departure of an order on until it is known to have arrived, or not to have left. */
  has(clientOrderId: string): boolean {
    return [...this.#placing].some(({ clientOrderIds }) => clientOrderIds.has(clientOrderId));
  }

  /** True while somebody waits for an order that leaves, so that it may still be sent. */
  isWaitedFor(clientOrderId: string): boolean {
    return [...this.#placing].some(
      ({ clientOrderIds, isDone }) => !isDone && clientOrderIds.has(clientOrderId),
    );
  }

  #isLost({ clientOrderId }: LeavingOrder, result: PlaceResult | undefined): boolean {
    const isUnknown = result?.ok === false && result.error.outcome === 'unknown';
    return isUnknown && this.#orders.get(clientOrderId) === undefined;
  }

  #wasSeen({ clientOrderId }: LeavingOrder): boolean {
    const known = this.#orders.get(clientOrderId);
    return known !== undefined && !isNotYetSeen(known);
  }
}

const notYetSeen: readonly string[] = ['created', 'journaled', 'sent', 'unknown'];

/** True while the venue has not shown an order, as far as is known. */
export function isNotYetSeen({ status }: { readonly status: string }): boolean {
  return notYetSeen.includes(status);
}

function idsOf(orders: readonly LeavingOrder[]): ReadonlySet<string> {
  return new Set(orders.map(({ clientOrderId }) => clientOrderId));
}
