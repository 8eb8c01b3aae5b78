import { Deviation } from './expectations.ts';
import { type Answer, createRawClient, type RawClient } from './raw-client.ts';
import type { Account } from './start-simulator.ts';

/** An account as the venue shows it without ccxt. */
export interface RawAccount {
  readonly account: Account;
  readonly client: RawClient;
  /** Balances by asset, of the cash account if left out. */
  balances(category?: 'cash' | 'margin'): Promise<ReadonlyMap<string, RawBalance>>;
  /** An order; `undefined` if there is none of that id. */
  order(orderId: string): Promise<Answer | undefined>;
  openOrders(): Promise<readonly Answer[]>;
  /** Hands in an order and gives its id. @throws Deviation if it is refused. */
  place(order: Record<string, string | boolean>): Promise<string>;
  cancelAll(): Promise<void>;
  /** A signed GET below the group, or from the root if the path starts with `/`. */
  get(path: string, signedPath: string, query?: Record<string, string>): Promise<Answer>;
}

/** What an account has of an asset, as decimal text. */
export interface RawBalance {
  readonly total: string;
  readonly available: string;
}

/** Makes the view of an account. */
export function createRawAccount(rest: string, account: Account): RawAccount {
  const client = createRawClient(rest, account);
  const base = `/${account.group}/api/pro/v1`;
  async function get(path: string, signedPath: string, query: Record<string, string> = {}): Promise<Answer> {
    const full = path.startsWith('/') ? path : `${base}/${path}`;
    return client.ask({ method: 'GET', path: full, signedPath, query });
  }
  async function balances(category = 'cash'): Promise<ReadonlyMap<string, RawBalance>> {
    const { data } = accepted(await get(`${category}/balance`, 'balance', { showAll: 'true' }));
    return new Map(
      data.map(({ asset, totalBalance, availableBalance }: Record<string, string>) => [
        asset,
        { total: totalBalance, available: availableBalance },
      ]),
    );
  }
  async function place(order: Record<string, string | boolean>): Promise<string> {
    const body = { time: Date.now(), ...order };
    const path = `${base}/cash/order`;
    const answer = await client.ask({ method: 'POST', path, signedPath: 'order', body });
    return accepted(answer).data.info.orderId;
  }
  return {
    account,
    client,
    get,
    balances,
    place,
    async order(orderId) {
      const answer = await get('cash/order/status', 'order/status', { orderId });
      return Number(answer.code) === 0 ? answer.data : undefined;
    },
    async openOrders() {
      return accepted(await get('cash/order/open', 'order/open')).data;
    },
    async cancelAll() {
      const path = `${base}/cash/order/all`;
      accepted(await client.ask({ method: 'DELETE', path, signedPath: 'order/all', body: {} }));
    },
  };
}

function accepted(answer: Answer): Answer {
  if (Number(answer.code) === 0) return answer;
  throw new Deviation(`refused without ccxt as well: ${JSON.stringify(answer).slice(0, 200)}`);
}
