import { decimal, type OrderType, type TimeInForce } from '@venuekit/connector-core';
import type { Need, Target } from '../../src/index.ts';
import { type Spot, vary, varyTrading } from './broken-connector.ts';
import { capabilities, createReferenceSpot } from './reference-connector.ts';
import { referenceTarget } from './reference-target.ts';
import type { ReferenceVenue } from './reference-venue.ts';

/** A connector that does not claim something and answers all the same. */
export interface AnsweringConnector {
  readonly need: Need;
  readonly target: Target<ReferenceVenue>;
}

const { marketData, trading } = capabilities;

/** Answers with everything that the reference has, whatever it claims. */
function answering(
  need: Need,
  claims: Spot['capabilities'],
  change = (all: Spot) => all,
): AnsweringConnector {
  const create: Target['create'] = (runtime) =>
    vary(change(createReferenceSpot(runtime, { checks: 'local', capabilities })), { capabilities: claims });
  return { need, target: { ...referenceTarget, capabilities: claims, create } };
}

function without<T>(list: readonly T[], what: T): readonly T[] {
  return list.filter((each) => each !== what);
}

/** Takes any order for one that rests. */
function taking(type: OrderType): AnsweringConnector {
  const claims = { marketData, trading: { ...trading, orderTypes: without(trading.orderTypes, type) } };
  return takingAll(`trading.orderTypes.${type}`, claims);
}

function takingAll(need: Need, claims: Spot['capabilities']): AnsweringConnector {
  return answering(need, claims, (all) =>
    varyTrading(all, ({ placeOrder }) => ({
      placeOrder: ({ pair, side, amount }, options) =>
        placeOrder({ type: 'limit_maker', pair, side, amount, price: '50' }, options),
    })),
  );
}

/** Takes a limit order for any time, and does not claim one of them. */
function takingFor(timeInForce: TimeInForce): AnsweringConnector {
  const others = without(['GTC', 'IOC', 'FOK'] as const, timeInForce);
  const claims = {
    marketData,
    trading: { ...trading, orderTypes: ['limit'] as const, timeInForce: others },
  };
  return takingAll(`trading.timeInForce.${timeInForce}`, claims);
}

/** One for each thing that can be left unclaimed. */
export const answeringConnectors: readonly AnsweringConnector[] = [
  ...(['book', 'trades', 'ticker'] as const).map((stream) =>
    answering(`marketData.streams.${stream}`, {
      ...{ trading, marketData: { ...marketData, streams: without(marketData.streams, stream) } },
    }),
  ),
  ...(['tickers', 'trades', 'book'] as const).map((fetch) =>
    answering(`marketData.fetches.${fetch}`, {
      ...{ trading, marketData: { ...marketData, fetches: without(marketData.fetches, fetch) } },
    }),
  ),
  ...(['limit', 'limit_maker', 'market', 'stop_limit', 'stop_market'] as const).map(taking),
  ...(['GTC', 'IOC', 'FOK'] as const).map(takingFor),
  answering('trading.fetches.order-history', capabilities, (all) =>
    varyTrading(all, () => ({ fetchOrderHistory: async function* () {} })),
  ),
  answering('trading.fetches.fees', capabilities, (all) =>
    varyTrading(all, () => ({ fees: async () => ({ maker: decimal('0'), taker: decimal('0') }) })),
  ),
];
