import type { OrderSide, TradingStatus } from '../engine/engine-types.ts';
import { invalid, toUnits, whole } from '../engine/money.ts';
import type { Listing } from '../floor/listing.ts';
import type { ActionEntry, TradingGround } from './fault-ground.ts';
import { signedSeconds } from './fault-parts.ts';
import type { FaultPart, VenueFaultKind } from './fault-types.ts';
import type { VenueActions } from './venue-actions.ts';

/** More than any number that a book has reached: its sequence begins anew at the lowest. */
const allTheWay = 1n << 62n;
const [restartSeconds, unavailable] = [5, 503] as const;

/** What can happen in the venue itself. Those of orders, money and trading strike nothing where nothing can be traded. */
export const venueKinds: Readonly<Record<VenueFaultKind, ActionEntry>> = {
  'slow-engine': {
    ...entry(['durationSeconds', 'seconds'], 'while'),
    what: 'orders and cancels come to the engine `seconds` late, 10 if left out',
    trade: () => undefined,
  },
  'full-engine': {
    ...entry(['durationSeconds'], 'while'),
    what: 'the venue only acknowledges orders, whatever answer was asked for',
    trade: () => undefined,
  },
  halt: {
    ...entry(['durationSeconds', 'symbol'], 'while'),
    what: 'trading stands still, and orders cannot be canceled either',
    trade: (ground) => changeStatus(ground, 'halted'),
  },
  'cancel-only': {
    ...entry(['durationSeconds', 'symbol'], 'while'),
    what: 'orders can be canceled, and no new ones are taken',
    trade: (ground) => changeStatus(ground, 'cancel-only'),
  },
  'venue-cancel': {
    ...entry(['symbol', 'account', 'times'], 'at-once'),
    what: 'the venue cancels live orders by itself; of each account the oldest `times`, or all',
    trade: ({ fault: { symbol, account, times }, venue }) => {
      venue.cancelOrders({
        ...(symbol === undefined ? {} : { symbol }),
        ...(account === undefined ? {} : { account }),
        ...(times === undefined ? {} : { most: times }),
      });
      return undefined;
    },
  },
  'foreign-order': {
    ...entry(['symbol', 'account', 'side', 'price', 'amount'], 'at-once'),
    what: 'an order appears on an account, as if placed by hand elsewhere: the smallest purchase at a twentieth below the market, if nothing is said',
    trade: placeForeign,
  },
  'foreign-money': {
    ...entry(['account', 'asset', 'amount'], 'at-once'),
    what: 'money comes to an account from outside, or goes if `amount` is negative; one of what the first pair is quoted in, if nothing is said',
    trade: moveForeign,
  },
  restart: {
    ...entry(['durationSeconds', 'status', 'body'], 'while'),
    ...{ defaultSeconds: restartSeconds, defaultStatus: unavailable },
    what: `the exchange starts anew: streams are cut, everything is answered with \`status\`, ${unavailable} if left out, for ${restartSeconds} seconds if nothing is said, and the numbers of all books begin at the lowest; orders and money stay`,
    begin({ streams, market }) {
      for (const stream of streams) stream.close(1006, '');
      for (const symbol of market.symbols) market.restart(symbol, allTheWay);
    },
  },
  'venue-closed': {
    ...entry(['durationSeconds', 'status', 'body'], 'while'),
    defaultStatus: unavailable,
    what: `the venue is closed: streams are cut, and everything is answered with \`status\`, ${unavailable} if left out, and an error page`,
    begin({ streams }) {
      for (const stream of streams) stream.close(1006, '');
    },
  },
  'clock-skew': {
    ...entry(['durationSeconds', 'seconds'], 'while'),
    rules: { seconds: signedSeconds },
    what: "the venue's clock is ahead by `seconds`, 60 if left out, and behind if they are negative; it jumps at the beginning and the end",
  },
  'clock-drift': {
    ...entry(['durationSeconds', 'seconds'], 'while'),
    rules: { seconds: signedSeconds },
    what: "the venue's clock goes wrong by `seconds` more in each minute, 1 if left out; it jumps back at the end",
  },
  'clock-stop': {
    ...entry(['durationSeconds'], 'while'),
    what: "the venue's clock stands still, and jumps ahead at the end",
  },
};

function entry(parts: readonly FaultPart[], lasts: ActionEntry['lasts']): Omit<ActionEntry, 'what'> {
  return { place: 'venue', parts, lasts };
}

function changeStatus({ fault, venue }: TradingGround, status: TradingStatus): () => void {
  const symbols = fault.symbol === undefined ? venue.symbols : [fault.symbol];
  const imposed = symbols.map((symbol) => venue.impose(symbol, status));
  return () => {
    for (const one of imposed) one[Symbol.dispose]();
  };
}

function placeForeign({ fault, venue }: TradingGround): undefined {
  const listing = venue.listing(fault.symbol);
  const account = fault.account ?? venue.accounts[0];
  if (listing === undefined || account === undefined) return undefined;
  const { symbol } = listing;
  const side = fault.side ?? 'buy';
  const price = fault.price ?? farPrice(venue, listing, side);
  const amount = fault.amount ?? smallest(listing, listing.ticksOf(price) ?? 1);
  venue.placeOrder({ account, symbol, side, price, amount });
  return undefined;
}

function moveForeign({ fault: { asset, account, amount = '1' }, venue }: TradingGround): undefined {
  const what = asset ?? venue.listing()?.quote;
  const whose = account ?? venue.accounts[0];
  if (what === undefined || whose === undefined) return undefined;
  if (venue.moveMoney(whose, what, amount)) return undefined;
  throw invalid(`foreign-money: expected no more than is available of ${what}, got ${amount}`);
}

/** A twentieth away from the market, where an order stays. */
function farPrice(venue: VenueActions, listing: Listing, side: OrderSide): string {
  const reference = venue.referenceTicks(listing.symbol, side);
  if (reference === undefined)
    throw invalid(`foreign-order: expected a price, because the book of ${listing.symbol} is empty`);
  return listing.priceText(Math.max(1, Math.floor((reference * (side === 'buy' ? 19 : 21)) / 20)));
}

/** The smallest size that the rules allow at a price. */
function smallest({ rules, lotsOf, sizeText }: Listing, priceTicks: number): string {
  const price = toUnits(rules.tickSize, 'tick') * BigInt(priceTicks);
  const perLot = price * toUnits(rules.lotSize, 'lot');
  const wanted = toUnits(rules.minNotional, 'notional') * whole;
  const lots = Number((wanted + perLot - 1n) / perLot);
  return sizeText(Math.max(lotsOf(rules.minSize) ?? 1, lots, 1));
}
