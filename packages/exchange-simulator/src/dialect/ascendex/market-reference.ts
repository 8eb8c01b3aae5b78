import type { OrderSide } from '../../engine/engine-types.ts';
import type { Listing } from '../../floor/listing.ts';
import type { Market } from '../../market/market.ts';

/** Prices to go by, in ticks; `undefined` where there is none. */
export interface MarketReference {
  /** What an order would trade at first: the best price of the other side, else that of the last trade. */
  against(listing: Listing, side: OrderSide): number | undefined;
  /** Between the best prices if there are both, else the last trade. */
  middle(listing: Listing): number | undefined;
}

/** Reads prices from a market as it is at the moment. */
export function createMarketReference(market: Pick<Market, 'liveBook' | 'trades'>): MarketReference {
  const best = ({ symbol, ticksOf }: Listing): Partial<Record<'ask' | 'bid', number | undefined>> => {
    const book = market.liveBook(symbol, 1);
    const [ask, bid] = [book?.asks[0]?.[0], book?.bids[0]?.[0]];
    return { ask: ask === undefined ? ask : ticksOf(ask), bid: bid === undefined ? bid : ticksOf(bid) };
  };
  const last = ({ symbol, ticksOf }: Listing): number | undefined => {
    const price = market.trades(symbol).at(-1)?.price;
    return price === undefined ? undefined : ticksOf(price);
  };
  return {
    against: (listing, side) => best(listing)[side === 'buy' ? 'ask' : 'bid'] ?? last(listing),
    middle(listing) {
      const { ask, bid } = best(listing);
      if (ask === undefined || bid === undefined) return last(listing);
      return Math.round((ask + bid) / 2);
    },
  };
}
