import { units } from './exact-decimal.ts';
import { given } from './expectations.ts';
import type { Answer, RawClient } from './raw-client.ts';

/** What an order of a market has to keep to, in units of 10^-24. */
export interface MarketRules {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tick: bigint;
  readonly lot: bigint;
  readonly leastValue: bigint;
  readonly reserveRate: bigint;
  readonly commissionType: string;
}

/** Best first, prices and sizes in units of 10^-24. Neither side is empty. */
export interface Book {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly bid: bigint;
  readonly ask: bigint;
}

/** Price and size in units of 10^-24. */
export type Level = readonly [price: bigint, size: bigint];

/** Reads the rules of a market without ccxt. */
export async function readRules(raw: RawClient, symbol: string): Promise<MarketRules> {
  const products: readonly Answer[] = await raw.read('/api/pro/v1/cash/products');
  const product = given(
    products.find((one) => one.symbol === symbol),
    symbol,
  );
  const [base, quote] = symbol.split('/');
  return {
    symbol,
    base: given(base, 'base'),
    quote: given(quote, 'quote'),
    tick: units(product.tickSize),
    lot: units(product.lotSize),
    leastValue: units(product.minNotional),
    reserveRate: units(product.commissionReserveRate),
    commissionType: product.commissionType,
  };
}

/** Reads a book without ccxt. */
export async function readBook(raw: RawClient, symbol: string): Promise<Book> {
  const { data } = await raw.read('/api/pro/v1/depth', { symbol });
  const asks = toLevels(data.asks).sort(([a], [b]) => compare(a, b));
  const bids = toLevels(data.bids).sort(([a], [b]) => compare(b, a));
  const [ask] = given(asks[0], 'an offer');
  const [bid] = given(bids[0], 'a bid');
  return { asks, bids, ask, bid };
}

function toLevels(levels: readonly [string, string][]): Level[] {
  return levels.map(([price, size]) => [units(price), units(size)]);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
