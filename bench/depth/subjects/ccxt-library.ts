import { createRequire } from 'node:module';

/** A side of a book: rows, best first. */
export interface CcxtSide extends ArrayLike<readonly [price: number, amount: number]> {
  store(price: number, amount: number): void;
}

/** A book of the library. */
export interface CcxtBook {
  readonly bids: CcxtSide;
  readonly asks: CcxtSide;
}

/** A connection of the library, which takes messages before it is opened. */
export interface CcxtClient {
  onMessage(event: { readonly data: Buffer }): void;
}

/** An exchange of the library. */
export interface CcxtExchange {
  readonly orderbooks: Record<string, CcxtBook>;
  orderBook(snapshot?: object, depth?: number): CcxtBook;
  setMarkets(markets: readonly object[]): void;
  client(url: string): CcxtClient;
}

/** What is used of a release. */
export interface CcxtRelease {
  readonly Exchange: new () => CcxtExchange;
  readonly pro: { readonly ascendex?: new () => CcxtExchange };
}

const load = createRequire(import.meta.url);

/** The last release that has this venue. */
export function lastWithVenue(): CcxtRelease {
  return load('ccxt-4.5.63') as CcxtRelease;
}

/** The current release. */
export function current(): CcxtRelease {
  return load('ccxt') as CcxtRelease;
}
