import { type Account, type Accounts, change } from './accounts.ts';
import type { BookOrder } from './book-order.ts';
import type { EngineFill, MoneyUnits } from './engine-types.ts';
import { holdOf, type Instrument, notionalOf, paysFeeFromHold, principalOf } from './instrument.ts';
import { least, shareOf } from './money.ts';

/** One side of a trade. */
export interface Settled {
  readonly order: BookOrder;
  readonly account: Account;
  readonly role: EngineFill['role'];
}

/**
 * Moves what one order gives and gets in a trade, and its fee. What it gives comes out of what it holds; so does the fee where it is paid
 * on top of that, and then it is never so much that the rest of the order could not be paid: the parts of a fee are rounded up one by
 * one, and the hold but once.
 */
export function settle(
  accounts: Accounts,
  instrument: Instrument,
  { order, account, role }: Settled,
  priceTicks: number,
  sizeLots: number,
): EngineFill {
  const isBuy = order.side === 'buy';
  const quote = notionalOf(instrument, priceTicks, sizeLots);
  const base = instrument.lotUnits * BigInt(sizeLots);
  const [given, got] = isBuy ? [quote, base] : [base, quote];
  const [givenAsset, gotAsset] = isBuy
    ? [instrument.quote, instrument.base]
    : [instrument.base, instrument.quote];
  const isFromHold = paysFeeFromHold(instrument, order.side);
  order.filledLots += sizeLots;
  const due = shareOf(order.feeAsset === instrument.quote ? quote : base, account.rates[role]);
  const needed = isFromHold ? principalOf(instrument, order.side, order.priceTicks, order.leftLots) : 0n;
  const fee = isFromHold ? least(due, order.held - given - needed) : due;
  order.filledQuote += quote;
  order.fee += fee;
  const held = heldAfter(instrument, order, order.held - given - (isFromHold ? fee : 0n));
  change(account, givenAsset, -given, held - order.held);
  change(account, gotAsset, got, 0n);
  accounts.charge(account, order.feeAsset, fee);
  order.held = held;
  return { priceTicks, sizeLots, quote, fee, role };
}

/** What the rest of an order holds: as if it had just come, but no more than it has left. */
function heldAfter(instrument: Instrument, order: BookOrder, left: MoneyUnits): MoneyUnits {
  return least(left, holdOf(instrument, order.side, order.priceTicks, order.leftLots));
}
