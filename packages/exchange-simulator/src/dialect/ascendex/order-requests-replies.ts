import type { ClientOutlet } from './client-outlet.ts';
import type { AccountName } from './order-channel-text.ts';
import type { AckInfo, BatchRefusal } from './order-entry.ts';
import type { OrderRefusal } from './order-intake.ts';

/** Replies to requests about orders. Their codes stand inside of `info`: nothing at the top says that something went wrong but `status`. */
export interface OrderReplies {
  ack(action: string, info: AckInfo | readonly AckInfo[]): void;
  refuse(action: string, refusal: OrderRefusal): void;
  refuseBatch(action: string, refusal: BatchRefusal): void;
}

/** Makes the replies of a session about an account. */
export function createOrderReplies(outlet: ClientOutlet, account: AccountName): OrderReplies {
  function send(action: string, status: 'Ack' | 'Err', info: object, symbol = ''): void {
    const text = JSON.stringify({ m: 'order', ...account, action, status, info });
    outlet.push(text, { channel: 'reply', ...(symbol === '' ? {} : { symbol }) });
  }

  function refuse(action: string, { error, message, id, symbol }: OrderRefusal): void {
    const { code, reason } = error;
    send(action, 'Err', { id, symbol, code, message, reason }, symbol);
  }

  return {
    ack(action, info) {
      const symbol = 'symbol' in info ? info.symbol : '';
      send(action, 'Ack', 'symbol' in info ? inOrder(info) : info.map(inOrder), symbol);
    },
    refuse,
    refuseBatch(action, { error, message, items }) {
      if (items.length > 0) send(action, 'Err', items);
      else refuse(action, { error, message, id: '', symbol: '' });
    },
  };
}

/** The fields in the order in which the stream has them, which is not that of REST. */
function inOrder({ id, orderId, orderType, symbol, timestamp }: AckInfo): AckInfo {
  return { symbol, orderType, timestamp, id, orderId };
}
