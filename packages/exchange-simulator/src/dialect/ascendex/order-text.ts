import type { OrderPhase, OrderRecord } from '../../desk/desk-types.ts';
import type { Balance, CancelReason, OrderKind, RefusalCode } from '../../engine/engine-types.ts';
import type { Listing } from '../../floor/listing.ts';
import type { AscendexOptions } from './ascendex-options.ts';
import { amountOf, amountText, averageText } from './money-text.ts';

/** Types of orders as the venue writes them. */
export const orderTypeWords: Readonly<Record<OrderKind, string>> = {
  limit: 'Limit',
  market: 'Market',
  'stop-limit': 'StopLimit',
  'stop-market': 'StopMarket',
};

/** What the venue writes where a name has no value. */
export const noValue = 'NULL_VAL';

/** An order in replies to requests for orders. */
export interface AscendexOrder {
  readonly symbol: string;
  readonly price: string;
  readonly orderQty: string;
  readonly orderType: string;
  readonly avgPx: string;
  readonly cumFee: string;
  readonly cumFilledQty: string;
  readonly errorCode: string;
  readonly feeAsset: string;
  readonly lastExecTime: number;
  readonly orderId: string;
  readonly id: string;
  readonly seqNum: number;
  readonly side: string;
  readonly status: string;
  readonly stopPrice: string;
  readonly execInst: string;
}

/** An order in the history of the data service. */
export interface AscendexHistoryOrder {
  readonly orderId: string;
  readonly seqNum: number;
  readonly accountId: string;
  readonly symbol: string;
  readonly orderType: string;
  readonly side: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly orderQty: string;
  readonly status: string;
  readonly createTime: number;
  readonly lastExecTime: number;
  readonly avgFillPrice: string;
  readonly fillQty: string;
  readonly fee: string;
  readonly feeAsset: string;
}

/** An order in messages of the stream. */
export interface AscendexOrderData {
  readonly s: string;
  readonly sn: number;
  readonly orderId: string;
  readonly ot: string;
  readonly sd: string;
  readonly ei: string;
  readonly p: string;
  readonly q: string;
  readonly sp: string;
  readonly st: string;
  readonly err: string;
  readonly ap: string;
  readonly cfq: string;
  readonly cf: string;
  readonly fa: string;
  readonly btb: string;
  readonly bab: string;
  readonly qtb: string;
  readonly qab: string;
  readonly t: number;
}

/** What a message of the stream says besides the order. */
export interface OrderTelling {
  /** What the account has after it; zeros are written if left out. */
  readonly balances?: { readonly base: Balance; readonly quote: Balance } | undefined;
  /** In place of the order's own. */
  readonly status?: string;
  readonly error?: string;
  /** What is written where there is no stop price; nothing if left out. */
  readonly noStopPrice?: '' | '0';
}

/** Writes orders. */
export interface OrderText {
  order(record: OrderRecord): AscendexOrder;
  history(record: OrderRecord): AscendexHistoryOrder;
  stream(record: OrderRecord, telling?: OrderTelling): AscendexOrderData;
  /** Average fill price, to nine places; `0` if nothing was filled. */
  average(record: OrderRecord): string;
}

/** What can be chosen about the text of orders. */
type TextChoices = Pick<
  AscendexOptions,
  'postOnlyWord' | 'marketSellPrice' | 'waitingStopStatus' | 'postOnlyCrossing' | 'feeSignInHistory'
>;

/** Writes orders for what is listed. An order must be of one of these symbols. */
export function createOrderText(listings: ReadonlyMap<string, Listing>, options: TextChoices): OrderText {
  return new Writer(listings, options);
}

const phaseWords: Readonly<Record<Exclude<OrderPhase, 'waiting'>, string>> = {
  open: 'New',
  'partly-filled': 'PartiallyFilled',
  filled: 'Filled',
  canceled: 'Canceled',
  rejected: 'Rejected',
};

/** The venue's words are known for the first three only. */
const errorWords: Readonly<Record<CancelReason | RefusalCode, string>> = {
  'would-take': 'PostOnlyWouldTake',
  'duplicate-id': 'DupNewCoid',
  'insufficient-funds': 'NotEnoughPos',
  'not-trading': 'TradingNotAllowed',
  'unknown-account': 'InvalidAccount',
  'unknown-instrument': 'InvalidSymbol',
  'invalid-price': 'InvalidPrice',
  'invalid-stop': 'InvalidStopPrice',
  'invalid-size': 'InvalidQty',
  'invalid-notional': 'InvalidNotional',
  'invalid-combination': 'InvalidOrderParameter',
  requested: '',
  'not-fillable': '',
  'nothing-left-to-take': '',
};

class Writer implements OrderText {
  readonly #listings: ReadonlyMap<string, Listing>;
  readonly #options: TextChoices;

  constructor(listings: ReadonlyMap<string, Listing>, options: TextChoices) {
    this.#listings = listings;
    this.#options = options;
  }

  order(record: OrderRecord): AscendexOrder {
    const { symbol, price, size, type, side, status } = this.#common(record);
    return {
      symbol,
      price,
      orderQty: size,
      orderType: type,
      avgPx: this.average(record),
      cumFee: amountText(record.fee),
      cumFilledQty: this.#size(record, record.filledLots),
      errorCode: errorOf(record),
      feeAsset: record.feeAsset,
      lastExecTime: record.updatedAtMs,
      orderId: record.id,
      id: record.clientId,
      seqNum: record.sequence,
      side,
      status,
      stopPrice: this.#stop(record, ''),
      execInst: this.#instruction(record),
    };
  }

  history(record: OrderRecord): AscendexHistoryOrder {
    const { symbol, price, size, type, side, status } = this.#common(record);
    const fee = this.#options.feeSignInHistory === 'positive' ? record.fee : -record.fee;
    return {
      orderId: record.id,
      seqNum: record.sequence,
      accountId: record.account,
      symbol,
      orderType: type,
      side,
      price,
      stopPrice: this.#stop(record, '0'),
      orderQty: size,
      status,
      createTime: record.createdAtMs,
      lastExecTime: record.updatedAtMs,
      avgFillPrice: this.average(record),
      fillQty: this.#size(record, record.filledLots),
      fee: amountText(fee),
      feeAsset: record.feeAsset,
    };
  }

  stream(record: OrderRecord, telling: OrderTelling = {}): AscendexOrderData {
    const { symbol, price, size, type, side, status } = this.#common(record);
    const { balances, noStopPrice = '' } = telling;
    return {
      s: symbol,
      sn: record.sequence,
      orderId: record.id,
      ot: type,
      sd: side,
      ei: this.#instruction(record),
      p: price,
      q: size,
      sp: this.#stop(record, noStopPrice),
      st: telling.status ?? status,
      err: telling.error ?? errorOf(record),
      ap: this.average(record),
      cfq: this.#size(record, record.filledLots),
      cf: amountText(record.fee),
      fa: record.feeAsset,
      ...balanceText(balances),
      t: record.updatedAtMs,
    };
  }

  average(record: OrderRecord): string {
    const lot = amountOf(this.#listing(record).rules.lotSize) ?? 0n;
    return averageText(record.filledQuote, lot * BigInt(record.filledLots));
  }

  #common(record: OrderRecord): Record<'symbol' | 'price' | 'size' | 'type' | 'side' | 'status', string> {
    return {
      symbol: record.symbol,
      price: this.#price(record),
      size: this.#size(record, record.sizeLots),
      type: orderTypeWords[record.kind],
      side: record.side === 'buy' ? 'Buy' : 'Sell',
      status: this.#status(record),
    };
  }

  #price({ kind, side, priceTicks, symbol }: OrderRecord): string {
    const isMarket = kind === 'market' || kind === 'stop-market';
    if (isMarket && side === 'sell' && this.#options.marketSellPrice === 'empty') return '';
    return this.#listing({ symbol }).priceText(priceTicks);
  }

  #size(record: OrderRecord, lots: number): string {
    return this.#listing(record).sizeText(lots);
  }

  #stop(record: OrderRecord, none: '' | '0'): string {
    const { stopTicks } = record;
    return stopTicks === undefined ? none : this.#listing(record).priceText(stopTicks);
  }

  #status({ phase, reason }: OrderRecord): string {
    if (phase === 'waiting') return this.#options.waitingStopStatus;
    const wasRefused = reason === 'would-take' && this.#options.postOnlyCrossing === 'rejected';
    return wasRefused ? phaseWords.rejected : phaseWords[phase];
  }

  #instruction({ postOnly }: OrderRecord): string {
    return postOnly ? this.#options.postOnlyWord : noValue;
  }

  #listing({ symbol }: Pick<OrderRecord, 'symbol'>): Listing {
    const listing = this.#listings.get(symbol);
    if (listing === undefined) throw new Error(`order of ${symbol}: expected a symbol that is listed`);
    return listing;
  }
}

/** Why an order has ended, in the venue's words; empty if nothing went wrong. */
function errorOf({ reason }: Pick<OrderRecord, 'reason'>): string {
  return reason === undefined ? '' : errorWords[reason];
}

function balanceText(
  balances: OrderTelling['balances'],
): Pick<AscendexOrderData, 'btb' | 'bab' | 'qtb' | 'qab'> {
  if (balances === undefined) return { btb: '0', bab: '0', qtb: '0', qab: '0' };
  const { base, quote } = balances;
  return {
    btb: amountText(base.total),
    bab: amountText(base.total - base.held),
    qtb: amountText(quote.total),
    qab: amountText(quote.total - quote.held),
  };
}
