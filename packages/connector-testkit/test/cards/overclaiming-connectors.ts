import {
  decimal,
  type OrderType,
  type StreamName,
  type TimeInForce,
  VenueError,
} from '@venuekit/connector-core';
import type { Need, Target } from '../../src/index.ts';
import { type Spot, vary, varyMarketData, varyTrading } from './broken-connector.ts';
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

/** Refuses a stream when it is asked for, and tells it to whoever listens without asking. */
function leaking(stream: StreamName): AnsweringConnector {
  const claims = { trading, marketData: { ...marketData, streams: without(marketData.streams, stream) } };
  return answering(`marketData.streams.${stream}`, claims, (all) =>
    varyMarketData(all, ({ open }) => ({
      open: async (pair, options) => {
        if (options?.streams?.includes(stream) === true) throw unsupported();
        return open(pair, options);
      },
    })),
  );
}

/** Refuses an order of a type behind its back: it was sent. */
function sending(type: OrderType): AnsweringConnector {
  const { need, target } = taking(type);
  const create: Target<ReferenceVenue>['create'] = (runtime, venue) =>
    varyTrading(target.create(runtime, venue) as Spot, ({ placeOrder }) => ({
      placeOrder: async (request, options) => {
        await placeOrder(request, options);
        throw unsupported();
      },
    }));
  return { need, target: { ...target, create } };
}

function unsupported(): VenueError {
  return new VenueError({ code: 'unsupported', message: 'not claimed' });
}

/** One at least for each thing that can be left unclaimed. */
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
  ...(['book', 'trades', 'ticker'] as const).map(leaking),
  ...(['limit', 'stop_market'] as const).map(sending),
  ...(['limit', 'limit_maker', 'market', 'stop_limit', 'stop_market'] as const).map(taking),
  ...(['GTC', 'IOC', 'FOK'] as const).map(takingFor),
  answering('trading.fetches.order-history', capabilities, (all) =>
    varyTrading(all, () => ({ fetchOrderHistory: async function* () {} })),
  ),
  answering('trading.fetches.fees', capabilities, (all) =>
    varyTrading(all, () => ({ fees: async () => ({ maker: decimal('0'), taker: decimal('0') }) })),
  ),
];
