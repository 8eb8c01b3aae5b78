import { type Book, decimal, type MarketHandle } from '../../src/index.ts';

declare const market: MarketHandle;
declare const book: Book;

// A book that may be stale has no price.
const view = book.read();
// error TS2339: 'bestBid' does not exist on type 'UnavailableBook'
view.bestBid?.price.times('2');
// error TS2339: 'bestAsk' does not exist on type 'UnavailableBook'
market.book.read().bestAsk;

// A float is not money.
const price = decimal('0.1');
// error TS2345: 'number' is not assignable to parameter of type 'DecimalInput'
price.times(0.1);
// error TS2345: 'number' is not assignable to parameter of type 'DecimalInput'
decimal(0.1);
// error TS2363: must be of type 'any', 'number', 'bigint' or an enum type
const sum = 1 * price;

// What is right compiles.
if (view.state === 'live') view.bestBid?.price.times(price);
void sum;
