/**
 * Keeps one bid and one ask around the middle of the book, and takes both back while the book cannot be trusted. It asks for a
 * connector that takes `limit_maker` orders: the compiler refuses one that does not.
 */
import { type Decimal, isVenueError, type Side, type SpotConnector } from '@venuekit/connector-core';
import { createImaginarySpot } from './03-connector-in-memory.ts';

/** What to quote. */
interface Quoting {
  readonly pair: string;
  /** Of each quote, in base. */
  readonly amount: string;
  /** From the middle of the book to each quote, in quote per base. */
  readonly distance: string;
}

/** Quotes until the signal is aborted, and leaves nothing at the venue. */
async function makeMarket(venue: SpotConnector<'limit_maker'>, quoting: Quoting, signal: AbortSignal) {
  const { pair, amount, distance } = quoting;
  const { trading } = venue;
  using market = await venue.marketData.open(pair, { streams: ['book'], signal });

  async function quote(side: Side, price: Decimal): Promise<void> {
    // Orders whose fate is unknown count as open: a second one is never placed on top of them.
    const own = trading.orders.open(pair).filter((order) => order.side === side);
    if (own.some((order) => order.price?.equals(price))) return;
    for (const order of own) await trading.cancelOrder(order);
    try {
      await trading.placeOrder({ type: 'limit_maker', pair, side, amount, price, increments: 'safe' });
    } catch (error) {
      // The market came nearer in the meantime: the next change of the book brings another price.
      if (!isVenueError(error) || error.rule?.rule !== 'would-take') throw error;
    }
  }

  try {
    for await (const _ of market.book.until(signal)) {
      const book = market.book.read();
      if (book.state !== 'live' || trading.state !== 'ready') {
        await trading.cancelAll({ pair });
      } else if (book.bestBid !== undefined && book.bestAsk !== undefined) {
        const middle = book.bestBid.price.plus(book.bestAsk.price).times('0.5');
        await quote('buy', middle.minus(distance));
        await quote('sell', middle.plus(distance));
      }
    }
  } finally {
    const { complete, remaining, uncertain } = await trading.cancelAll({ pair });
    const left = remaining.length + uncertain.length;
    console.log(complete ? 'nothing is left at the venue' : `still there, or perhaps: ${left}`);
  }
}

const venue = createImaginarySpot();
await venue.connect();
const stopping = new AbortController();
let fills = 0;
venue.trading.events.subscribe((event) => {
  if (event.kind !== 'order-fill') return;
  const { side, amount, price } = event.fill;
  console.log(`${side === 'buy' ? 'bought' : 'sold'} ${amount} at ${price}`);
  fills += 1;
  if (fills === 4) stopping.abort();
});
await makeMarket(venue, { pair: 'GOLD-COIN', amount: '0.5', distance: '0.05' }, stopping.signal);
await venue.close();
