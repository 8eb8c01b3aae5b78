import type { TradingDesk } from '../../desk/desk-types.ts';

/** Orders that were handed in and have not come to the engine yet, because it is slow. */
export interface OrdersUnderWay {
  add(account: string, orderId: string): void;
  has(account: string, orderId: string): boolean;
  /** True if the account has any. */
  any(account: string): boolean;
}

/** Beyond this many, the oldest are forgotten. */
const mostUnderWay = 10_000;

/** Knows of no orders at first. */
export function createOrdersUnderWay(desk: Pick<TradingDesk, 'order'>): OrdersUnderWay {
  const accounts = new Map<string, string>();

  function has(account: string, orderId: string): boolean {
    if (accounts.get(orderId) !== account) return false;
    if (desk.order(account, orderId) === undefined) return true;
    accounts.delete(orderId);
    return false;
  }

  return {
    add(account, orderId) {
      for (const [oldest] of accounts) {
        const isDone = desk.order(accounts.get(oldest) ?? '', oldest) !== undefined;
        if (!isDone && accounts.size < mostUnderWay) break;
        accounts.delete(oldest);
      }
      if (desk.order(account, orderId) === undefined) accounts.set(orderId, account);
    },
    has,
    any: (account) => [...accounts].some(([orderId, owner]) => owner === account && has(account, orderId)),
  };
}
