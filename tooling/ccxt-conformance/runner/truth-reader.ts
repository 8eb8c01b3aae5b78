import { decimalText, over, times, units } from './exact-decimal.ts';
import { Deviation } from './expectations.ts';
import type { RawAccount, RawBalance } from './raw-account.ts';
import type { Answer } from './raw-client.ts';
import type { RawStream } from './raw-stream.ts';

/** An order as it truly is. Money is decimal text. */
export interface TrueOrder {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market' | 'stop_limit' | 'stop_market';
  readonly size: string;
  readonly filled: string;
  readonly status: 'open' | 'filled' | 'canceled' | 'rejected';
  readonly fee: string;
}

/** A fill of an order. Money is decimal text. */
export interface TrueFill {
  readonly orderId: string;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
}

/** Tells what is true at the venue, from another place than the one that ccxt asks. */
export interface TruthReader {
  /** Where it comes from, for the output. */
  readonly source: string;
  order(orderId: string): Promise<TrueOrder | undefined>;
  balances(): Promise<ReadonlyMap<string, RawBalance>>;
  /** In the order in which they happened. */
  fills(orderId: string): Promise<readonly TrueFill[]>;
}

/**
 * Makes the reader of an account.
 *
 * The one place to fill in: with `admin`, read `truth/orders?account=`, `truth/balances` and `truth/fills` there instead.
 */
export function createTruthReader(
  admin: string | undefined,
  account: RawAccount,
  stream: RawStream,
): TruthReader {
  if (admin !== undefined) {
    // What the port answers is not settled yet.
  }
  return createSignedTruth(account, stream);
}

/** What the venue tells whoever asks without ccxt. Fills are the differences of the order's updates on a stream of our own. */
function createSignedTruth(account: RawAccount, stream: RawStream): TruthReader {
  return {
    source: 'signed requests and a stream of our own',
    async order(orderId) {
      const record = await account.order(orderId);
      return record === undefined ? undefined : toTrueOrder(record);
    },
    balances: () => account.balances(),
    fills: async (orderId) => fillsOf(updatesOf(stream, orderId)),
  };
}

const types: Readonly<Record<string, TrueOrder['type']>> = {
  limit: 'limit',
  market: 'market',
  stoplimit: 'stop_limit',
  stopmarket: 'stop_market',
};
const statuses: Readonly<Record<string, TrueOrder['status']>> = {
  Filled: 'filled',
  Canceled: 'canceled',
  Rejected: 'rejected',
};

function toTrueOrder(record: Answer): TrueOrder {
  const { orderId, symbol, orderQty, cumFilledQty, cumFee, orderType, side, status } = record;
  const type = types[orderType.toLowerCase()];
  if (type === undefined) throw new Error(`an order of type ${orderType}`);
  return {
    orderId,
    symbol,
    side: side.toLowerCase(),
    type,
    size: orderQty,
    filled: cumFilledQty,
    status: statuses[status] ?? 'open',
    fee: cumFee,
  };
}

/** The updates of an order that a stream has been sent. */
export function updatesOf(stream: RawStream, orderId: string): readonly Answer[] {
  return stream.messages
    .filter(({ m, data }) => m === 'order' && data?.orderId === orderId)
    .map(({ data }) => data);
}

interface Standing {
  readonly filled: bigint;
  readonly average: bigint;
  readonly fee: bigint;
  readonly quoteTotal: bigint;
}

/** What an order's updates say, one after another: what was paid is the change of the quote's total. */
function fillsOf(updates: readonly Answer[]): readonly TrueFill[] {
  const fills: TrueFill[] = [];
  let before: Standing | undefined;
  for (const { orderId, s, sd, cfq, ap, cf, fa, qtb } of updates) {
    const after = { filled: units(cfq), average: units(ap), fee: units(cf), quoteTotal: units(qtb) };
    if (before !== undefined && after.filled > before.filled) {
      const size = after.filled - before.filled;
      const fee = after.fee - before.fee;
      const [, quote] = s.split('/');
      const change = after.quoteTotal - before.quoteTotal + (fa === quote ? fee : 0n);
      const value = sd === 'Buy' ? -change : change;
      checkAverage(before, after, value);
      const price = decimalText(over(value, size));
      fills.push({ orderId, price, size: decimalText(size), fee: decimalText(fee) });
    }
    before = after;
  }
  return fills;
}

/** The average has nine places, and is the more exact the less was filled before. */
function checkAverage(before: Standing, after: Standing, value: bigint): void {
  const told = times(after.filled, after.average) - times(before.filled, before.average);
  const most = times(after.filled + before.filled, units('0.000000001'));
  const distance = told > value ? told - value : value - told;
  if (distance > most) {
    throw new Deviation(`the average says ${decimalText(told)} of a fill, the balance ${decimalText(value)}`);
  }
}
