import { Deviation, given } from './expectations.ts';
import type { RawBalance } from './raw-account.ts';
import type { Answer } from './raw-client.ts';

/** An order as it is. Money is decimal text. */
export interface TrueOrder {
  /** What happened last. A refused cancel leaves the order as it was, and is later than that. */
  readonly change: 'accepted' | 'triggered' | 'filled' | 'canceled' | 'rejected' | 'cancel-refused';
  readonly orderId: string;
  /** Empty if its owner calls it nothing. */
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market' | 'stop-limit' | 'stop-market';
  readonly postOnly: boolean;
  readonly price: string;
  readonly stopPrice?: string;
  readonly amount: string;
  readonly phase: 'waiting' | 'open' | 'partly-filled' | 'filled' | 'canceled' | 'rejected';
  readonly filled: string;
  /** Paid or got for it, without fees. */
  readonly filledQuote: string;
  readonly fee: string;
  readonly feeAsset: string;
  /** Time of {@link TrueOrder.change}, in milliseconds since the epoch. */
  readonly timeMs: number;
}

/** A fill of an order. Money is decimal text. */
export interface TrueFill {
  readonly orderId: string;
  readonly liquidity: 'maker' | 'taker';
  readonly price: string;
  readonly amount: string;
  readonly quote: string;
  readonly fee: string;
  readonly feeAsset: string;
  /** In milliseconds since the epoch. */
  readonly timeMs: number;
}

/** A trade of anybody. Money is decimal text. */
export interface TrueTrade {
  readonly symbol: string;
  readonly price: string;
  readonly amount: string;
  /** True if the taker sold. */
  readonly buyerIsMaker: boolean;
  /** In milliseconds since the epoch. */
  readonly timeMs: number;
}

/** A book as it was published last: price and amount as decimal text, the best first. */
export interface TrueBook {
  readonly seqnum: number;
  /** In milliseconds since the epoch. */
  readonly timeMs: number;
  readonly bids: readonly (readonly [price: string, amount: string])[];
  readonly asks: readonly (readonly [price: string, amount: string])[];
}

/** What is true at the venue, told by its engine and not by what speaks to clients. */
export interface TruthReader {
  /** The venue's time, in milliseconds since the epoch. */
  time(): Promise<number>;
  /** Symbols that have a market. */
  pairs(): Promise<readonly string[]>;
  book(symbol: string): Promise<TrueBook>;
  /** Of a symbol, or of all; oldest first. */
  trades(symbol?: string): Promise<readonly TrueTrade[]>;
  /** @throws Deviation if there is no such user. */
  account(uid: string): Promise<AccountTruth>;
}

/** What is true of a user. */
export interface AccountTruth {
  readonly group: number;
  /** Fractions of a trade, as decimal text. */
  readonly fees: { readonly maker: string; readonly taker: string };
  /** In the order of their coming. */
  orders(): Promise<readonly TrueOrder[]>;
  /** @throws Deviation if there is none of that id. */
  order(orderId: string): Promise<TrueOrder>;
  /** Of an order, oldest first. */
  fills(orderId: string): Promise<readonly TrueFill[]>;
  /** By asset; one that the account never had is missing. */
  balances(category?: 'cash' | 'margin'): Promise<ReadonlyMap<string, RawBalance>>;
}

/** Makes a reader of the truth log behind an admin port. */
export function createTruthReader(admin: string): TruthReader {
  async function read(path: string, query: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${admin}${path}?${new URLSearchParams(query)}`);
    const text = await response.text();
    if (!response.ok) throw new Deviation(`${path}: HTTP ${response.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text);
  }
  return {
    time: async () => (await read('/state')).timeMs,
    pairs: async () => (await read('/state')).pairs,
    async book(symbol) {
      const book = await read('/truth/book', { symbol });
      return { ...book, seqnum: Number(book.seqnum) };
    },
    async trades(symbol) {
      const all: readonly TrueTrade[] = await read('/truth/trades');
      return symbol === undefined ? all : all.filter((trade) => trade.symbol === symbol);
    },
    async account(uid) {
      const { users } = await read('/state');
      return createAccountTruth(
        read,
        given(
          users.find((user: Answer) => user.uid === uid),
          `user ${uid}`,
        ),
      );
    },
  };
}

function createAccountTruth(
  read: (path: string, query: Record<string, string>) => Promise<Answer>,
  { group, fees, cash, margin }: Answer,
): AccountTruth {
  const orders = (): Promise<readonly TrueOrder[]> => read('/truth/orders', { account: cash });
  return {
    group,
    fees,
    orders,
    async order(orderId) {
      const found = (await orders()).find((order) => order.orderId === orderId);
      return given(found, `${orderId} in the truth log`);
    },
    async fills(orderId) {
      const fills: readonly TrueFill[] = await read('/truth/fills', { account: cash });
      return fills.filter((fill) => fill.orderId === orderId);
    },
    async balances(category = 'cash') {
      const rows = await read('/truth/balances', { account: category === 'cash' ? cash : margin });
      return new Map(rows.map(({ asset, total, available }: Answer) => [asset, { total, available }]));
    },
  };
}
