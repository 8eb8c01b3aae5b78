import { createAscendexSpot } from '@venuekit/ascendex-spot';
import type { LiveBook } from '@venuekit/connector-core';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

/** The best five levels of each side with what rests as far as each, the asks on top, as traders look at a book. */
function ladder(book: LiveBook): string {
  const rows = [
    ...book
      .asks(5)
      .toReversed()
      .map((level) => ({ ...level, side: 'buy' as const, name: 'ask' })),
    ...book.bids(5).map((level) => ({ ...level, side: 'sell' as const, name: 'bid' })),
  ].map(({ name, side, price, amount }) => {
    const { foundAmount, foundQuote } = book.volumeForPrice(side, price);
    return `${name} ${[price, amount, foundAmount, foundQuote].map((value) => `${value}`.padStart(14)).join('')}`;
  });
  return [
    `message ${book.sequence}`,
    `${' '.repeat(10)}price${['amount', 'sum', 'value'].map((title) => title.padStart(14)).join('')}`,
    ...rows,
  ].join('\n');
}

const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'ladder' } });
const venue = createAscendexSpot({ endpoints: simulator.endpoints });
await venue.connect();
const { book } = await venue.marketData.open('BTC-USDT');
const live = await book.whenLive({ timeoutMs: 10_000 });
console.log(ladder(live));

const order = live.averagePrice('buy', '2', { decimalPlaces: 2, rounding: 'up' });
console.log(
  order.isDeepEnough
    ? `2 BTC cost ${order.foundQuote} now, ${order.price} each`
    : `the book knows of ${order.foundAmount} BTC only`,
);
const { price, isDeepEnough } = live.priceForQuoteVolume('sell', '100000');
console.log(
  `100000 USDT of sales reach down to ${price}${isDeepEnough ? '' : ', and farther than the book knows'}`,
);

await venue.close();
await simulator.close();
