import type { OrderUpdate } from '../../desk/desk-types.ts';
import type { OrderIds } from './order-ids.ts';

/** A request to cancel an order, as it names itself. */
export interface CancelName {
  readonly account: string;
  readonly orderId: string;
  readonly uid: string;
  /** As its client calls it; empty if nothing. */
  readonly id: string;
  readonly timeMs: number;
}

/** Which request to cancel an order came last: a refusal that names the request may be told later. */
export interface OrderCancels {
  /** A request of the stream is about to be handed in. */
  note(request: CancelName): void;
  /** Id of the request that an update refuses; of one that came another way, an id of its kind. */
  readonly requestOf: (update: OrderUpdate) => string;
}

/** More requests than this are not waited for at a time. */
const mostRequests = 1_000;

/** Remembers no request yet. */
export function createOrderCancels(ids: OrderIds): OrderCancels {
  const requests = new Map<string, string>();
  return {
    note({ account, orderId, uid, id: clientId, timeMs }) {
      const name = `${account} ${orderId}`;
      requests.delete(name);
      requests.set(name, ids.next({ channel: 's', timeMs, uid, clientId }));
      const [oldest] = requests.keys();
      if (requests.size > mostRequests && oldest !== undefined) requests.delete(oldest);
    },
    requestOf({ account, orderId, atMs }) {
      const known = requests.get(`${account} ${orderId}`);
      return known ?? ids.next({ channel: 'a', timeMs: atMs, uid: '', clientId: '' });
    },
  };
}
