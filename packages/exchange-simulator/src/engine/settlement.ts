import type { BookOrder } from './book-order.ts';
import type { Fill } from './fill.ts';
import { isFeeInQuote, paysFeeFromHold, principalOf } from './instrument.ts';
import { shareOf } from './rate.ts';
import { least, minus, plus, type Units } from './units.ts';

/**
 * Moves what one order gives and gets in a trade, and its fee, with which it charges the fill. What it gives comes out of what it holds; so
 * does the fee where it is paid on top of that, and then it is never so much that the rest of the order could not be paid: the parts of a
 * fee are rounded up one by one, and the hold but once.
 */
export function settle(order: BookOrder, fill: Fill, base: Units): void {
  const { quoteUnits: quote, role, sizeLots } = fill;
  const { instrument } = order.market;
  const isBuy = order.side === 'buy';
  const got = isBuy ? base : quote;
  const spare = minus(order.holds, isBuy ? quote : base);
  const { rates } = order.member.account;
  const rate = role === 'maker' ? rates.maker : rates.taker;
  const due = shareOf(isFeeInQuote(instrument, order.side) ? quote : base, rate);
  order.filledLots += sizeLots;
  order.traded = plus(order.traded, quote);
  const rest = principalOf(instrument, order.side, order.priceTicks, order.leftLots);
  const receiver = order.member.got(order.side);
  let fee = due;
  if (paysFeeFromHold(instrument, order.side)) {
    fee = least(due, minus(spare, rest));
    giveFromHold(order, minus(spare, fee), plus(rest, shareOf(rest, instrument.reserveRate)));
    receiver.available.add(got);
  } else {
    giveFromHold(order, spare, rest);
    receiver.available.add(minus(got, fee));
  }
  order.paid = plus(order.paid, fee);
  order.market.collect(order.side, fee);
  fill.charge(fee);
}

/** Of what an order has left, it goes on holding what its rest needs, as if that had just come; what is beyond that is free. */
function giveFromHold(order: BookOrder, left: Units, needed: Units): void {
  const holds = least(left, needed);
  const giver = order.member.given(order.side);
  giver.held.subtract(minus(order.holds, holds));
  giver.available.add(minus(left, holds));
  order.holds = holds;
}
