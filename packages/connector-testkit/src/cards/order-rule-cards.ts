import assert from 'node:assert/strict';
import {
  type Decimal,
  decimal,
  type Instrument,
  type OrderRequest,
  type VenueErrorCode,
} from '@venuekit/connector-core';
import type { Card } from './card.ts';
import type { CardContext } from './card-context.ts';
import { refusedOrder } from './order-refusals.ts';
import { begin, instrumentOf, restingRequest, type Terms } from './order-terms.ts';

/** What breaks a rule; `undefined` where the market has no such rule. */
type Change = Readonly<Record<string, Decimal | string>> | undefined;

/** A rule is about one thing, but a poor account may be noticed before it. */
const orTooPoor: readonly VenueErrorCode[] = ['invalid-order', 'insufficient-balance'];

/** Orders that break one rule of their market, and no other as far as that can be. */
export const orderRuleCards: readonly Card[] = [
  refusal('100', 'a price off its tick', ({ tickSize }, { price }) => ({
    price: price.plus(tickSize.times('0.5')),
  })),
  refusal('110', 'an amount off its lot', ({ lotSize }, { amount }) => ({
    amount: amount.plus(lotSize.times('0.5')),
  })),
  refusal('120', 'an amount below the smallest', tooLittle, orTooPoor),
  refusal('130', 'an amount above the largest', tooMuch, orTooPoor),
  refusal('140', 'a price of zero', () => ({ price: '0' })),
  refusal('150', 'a negative amount', ({ lotSize }) => ({ amount: lotSize.negated() })),
  refusal('160', 'a pair that is not listed', () => ({ pair: 'NO-SUCH' }), ['market-unavailable']),
  refusal('240', 'an order worth less than the least', tooCheap),
  refusal('250', 'an order worth more than the most', tooDear, orTooPoor),
];

/** One lot less than allowed; where that is nothing at all, the least is one lot. At a price that makes it worth enough. */
function tooLittle({ minAmount, minNotional, lotSize, tickSize }: Instrument): Change {
  const amount = minAmount.minus(lotSize);
  if (amount.sign() <= 0) return { amount: amount.sign() === 0 ? amount : '0' };
  const price = minNotional.plus(tickSize).dividedBy(amount, { decimalPlaces: 12, rounding: 'up' });
  return { amount, price: price.toMultipleOf(tickSize, 'up'), side: 'sell' };
}

/** One lot more than allowed, at a price at which it is not worth too much. */
function tooMuch({ maxAmount, maxNotional, lotSize, tickSize }: Instrument, { price }: Terms): Change {
  if (maxAmount === undefined) return undefined;
  const amount = maxAmount.toMultipleOf(lotSize, 'down').plus(lotSize);
  if (maxNotional === undefined) return { amount };
  const most = maxNotional.dividedBy(amount, { decimalPlaces: 12, rounding: 'down' });
  const cheap = most.toMultipleOf(tickSize, 'down');
  return { amount, price: cheap.isZero() || price.lessThan(cheap) ? price : cheap };
}

/** The least amount, at a price at which it is worth too little. */
function tooCheap({ minAmount, minNotional, lotSize, tickSize }: Instrument): Change {
  const least = minAmount.toMultipleOf(lotSize, 'up');
  const amount = least.isZero() ? lotSize : least;
  const price = minNotional.dividedBy(amount, { decimalPlaces: 12, rounding: 'down' });
  const down = price.toMultipleOf(tickSize, 'down');
  const below = down.times(amount).lessThan(minNotional) ? down : down.minus(tickSize);
  return below.sign() > 0 ? { amount, price: below } : undefined;
}

/** As little as is worth too much at a price that rests. */
function tooDear({ maxAmount, maxNotional, lotSize }: Instrument, { price }: Terms): Change {
  if (maxNotional === undefined) return undefined;
  const most = maxNotional.dividedBy(price, { decimalPlaces: 12, rounding: 'up' });
  const amount = most.toMultipleOf(lotSize, 'down').plus(lotSize);
  return maxAmount !== undefined && amount.greaterThan(maxAmount) ? undefined : { amount };
}

/** An order that breaks one rule is refused: by the connector, whose message names what was found, or by the venue. */
function refusal(
  number: string,
  title: string,
  change: (instrument: Instrument, terms: Terms) => Change,
  codes: readonly VenueErrorCode[] = ['invalid-order'],
): Card {
  const run = async (context: CardContext): Promise<void> => {
    const events = await begin(context);
    const request = await restingRequest(context);
    const { price, amount } = request as Terms & typeof request;
    const changed = change(instrumentOf(context), { price, amount });
    if (changed === undefined) return;
    const asked = { ...request, ...changed } as OrderRequest<'limit_maker'>;
    const error = await refusedOrder(context, events, asked, codes);
    assert.deepEqual(context.trading.orders.open(), []);
    if (error?.outcome !== 'not-sent') return;
    const worth = decimal(asked.price).times(asked.amount);
    const values = [...Object.values(changed), worth].map((value) => value.toString());
    assert.ok(
      values.some((value) => error.message.includes(value)),
      `expected ${values.join(' or ')} in: ${error.message}`,
    );
  };
  return {
    id: `VK-ORD-${number}`,
    group: 'orders',
    title: `${title} is refused, and no order is left`,
    needs: ['marketData', 'trading', 'trading.orderTypes.limit_maker'],
    run,
  };
}
