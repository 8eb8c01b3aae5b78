import type { ExternalOrder, SpotConnector, StandardOrderType, Trading } from '../../src/index.ts';

declare const makerOnly: SpotConnector<'limit_maker'>;
declare const standard: SpotConnector;
declare const withStops: SpotConnector<StandardOrderType | 'stop_limit'>;

const terms = { pair: 'BTC-USDT', side: 'buy', amount: '1' } as const;

// A type of order that the connector does not claim.
// error TS2322: '"market"' is not assignable to type '"limit_maker"'
void makerOnly.trading.placeOrder({ ...terms, type: 'market' });
// error TS2322: '"stop_limit"' is not assignable to type
void standard.trading.placeOrder({ ...terms, type: 'stop_limit', price: '1' });
// A program that needs more than a connector takes.
// error TS2322: 'SpotConnector<"limit_maker">' is not assignable to type 'SpotConnector<
const needsAll: SpotConnector = makerOnly;

// Fields that the type of the order does not have, or must have.
// error TS2345: type: "market"; price: string; }' is not assignable
void standard.trading.placeOrder({ ...terms, type: 'market', price: '1' });
// error TS2345: Property 'price' is missing
void standard.trading.placeOrder({ ...terms, type: 'limit' });
// error TS2322: 'string' is not assignable to type 'TimeInForce'
void standard.trading.placeOrder({ ...terms, type: 'limit_maker', price: '1', timeInForce: 'IOC' });

// A float is no price.
// error TS2322: 'number' is not assignable to type 'MoneyInput'
void standard.trading.placeOrder({ ...terms, type: 'limit', price: 0.1 });

// An order of somebody else is not ours to cancel.
declare const other: ExternalOrder;
// error TS2345: 'ExternalOrder' is not assignable to parameter of type 'OrderReference'
void standard.trading.cancelOrder(other);
for (const order of standard.trading.orders) {
  // error TS2345: is not assignable to parameter of type 'OrderReference'
  void standard.trading.cancelOrder(order);
  if (order.origin !== 'external') void standard.trading.cancelOrder(order);
}

// What is claimed compiles, and a connector that takes more serves a program that needs less.
void withStops.trading.placeOrder({ ...terms, type: 'stop_limit', price: '1', stopPrice: '2' });
const less: SpotConnector<'limit_maker'> = withStops;
const least: Trading<never> = makerOnly.trading;
void [needsAll, less, least];
