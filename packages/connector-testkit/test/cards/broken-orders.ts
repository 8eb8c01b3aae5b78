import { decimal, type OrderReference, type OrderState, VenueError } from '@venuekit/connector-core';
import {
  type BrokenConnector,
  placing,
  telling,
  vary,
  varyTrading,
  withoutOpening,
} from './broken-connector.ts';
import { rules } from './reference-venue.ts';

function idOf(reference: OrderReference): string {
  if (typeof reference === 'string') return reference;
  return 'clientOrderId' in reference ? (reference.clientOrderId ?? '') : '';
}

/** Connectors that do something else with orders than they were told. */
export const brokenOrders: readonly BrokenConnector[] = [
  {
    card: 'VK-ORD-010',
    about: 'forgets its open orders',
    break: (connector) =>
      varyTrading(connector, ({ orders }) => ({ orders: vary(orders, { open: () => [] }) })),
  },
  {
    card: 'VK-ORD-010',
    about: 'tells of an acknowledgement after the order is open',
    break: (connector) =>
      varyTrading(connector, ({ events }) => {
        const story = (kind: string) => (kind === 'order-acked' ? 'order-open' : 'order-acked');
        return {
          events: vary(
            events,
            telling(events, (event) =>
              event.kind === 'order-acked' || event.kind === 'order-open'
                ? [{ ...event, kind: story(event.kind) }]
                : [event],
            ),
          ),
        };
      }),
  },
  {
    card: 'VK-ORD-020',
    about: "makes an identifier in the place of the caller's",
    also: ['VK-ORD-220'],
    break: (connector) =>
      varyTrading(connector, ({ placeOrder }) => ({
        placeOrder: ({ clientOrderId: _, ...request }, options) => placeOrder(request, options),
      })),
  },
  {
    card: 'VK-ORD-030',
    about: 'gives an order back before its cancel has arrived',
    also: ['VK-ORD-210'],
    break: (connector) =>
      varyTrading(connector, ({ cancelOrder, orders }) => ({
        cancelOrder: async (reference, options) => {
          const canceling = cancelOrder(reference, options);
          const order = orders.get(idOf(reference));
          return order?.status === 'open' && order.origin !== 'external' ? order : canceling;
        },
      })),
  },
  {
    card: 'VK-ORD-030',
    about: 'knows no order that has ended',
    break: (connector) =>
      varyTrading(connector, ({ cancelOrder, orders }) => ({
        cancelOrder: async (reference, options) => {
          const order = orders.get(idOf(reference));
          if (order?.status !== 'canceled') return cancelOrder(reference, options);
          throw new VenueError({ code: 'order-not-found', message: 'gone', outcome: 'not-sent' });
        },
      })),
  },
  {
    card: 'VK-ORD-040',
    about: 'cannot tell whether a cancel of nothing was sent',
    break: (connector) =>
      varyTrading(connector, ({ cancelOrder, orders }) => ({
        cancelOrder: async (reference, options) => {
          if (typeof reference !== 'string' || orders.get(reference) !== undefined) {
            return cancelOrder(reference, options);
          }
          throw new VenueError({ code: 'order-not-found', message: 'no such order', outcome: 'unknown' });
        },
      })),
  },
  {
    card: 'VK-ORD-050',
    about: 'says that all is canceled without a look',
    break: (connector) =>
      varyTrading(connector, () => ({
        cancelAll: async () => ({
          ...{ complete: true, canceled: [], filled: [], ended: [], remaining: [], uncertain: [] },
        }),
      })),
  },
  {
    card: 'VK-ORD-060',
    about: 'leaves a hole between the numbers of events',
    break: (connector) =>
      varyTrading(connector, ({ events }) => ({
        events: vary(
          events,
          telling(events, (event) =>
            'eventNumber' in event ? [{ ...event, eventNumber: 2 * event.eventNumber }] : [event],
          ),
        ),
      })),
  },
  {
    card: 'VK-ORD-060',
    about: 'does not say from when on events are complete',
    break: (connector) =>
      varyTrading(connector, ({ events }) => ({
        events: vary(
          events,
          telling(events, (event) => (event.kind === 'start' ? [] : [event])),
        ),
      })),
  },
  {
    card: 'VK-ORD-100',
    about: 'rounds a price without being asked',
    break: placing(({ price, increments }) =>
      increments === 'safe' ? {} : { price: decimal(price).toMultipleOf(rules.tickSize, 'down') },
    ),
  },
  {
    card: 'VK-ORD-110',
    about: 'rounds an amount without being asked',
    break: placing(({ amount, increments }) =>
      increments === 'safe' ? {} : { amount: decimal(amount).toMultipleOf(rules.lotSize, 'down') },
    ),
  },
  {
    card: 'VK-ORD-120',
    about: 'orders the least where less was asked for',
    break: placing(({ amount }) =>
      decimal(amount).sign() > 0 && decimal(amount).lessThan('0.005') ? { amount: '0.005' } : {},
    ),
  },
  {
    card: 'VK-ORD-130',
    about: 'orders the most where more was asked for',
    break: placing(({ amount }) => (decimal(amount).greaterThan('100') ? { amount: '100' } : {})),
  },
  {
    card: 'VK-ORD-140',
    about: 'takes a price of zero for one that was left out',
    break: placing(({ price }) => (decimal(price).isZero() ? { price: '80' } : {})),
  },
  {
    card: 'VK-ORD-150',
    about: 'orders without looking at the sign',
    break: placing(({ amount }) => (decimal(amount).sign() < 0 ? { amount: '0.1' } : {})),
  },
  {
    card: 'VK-ORD-160',
    about: 'orders another pair for one that it does not know',
    break: placing(() => ({ pair: rules.pair })),
  },
  {
    card: 'VK-ORD-170',
    about: 'rounds the price of a buy up',
    break: placing(({ price, increments }) =>
      increments === 'safe' ? { price: decimal(price).toMultipleOf(rules.tickSize, 'up') } : {},
    ),
  },
  {
    card: 'VK-ORD-180',
    about: 'does not look at the signal',
    break: (connector) =>
      varyTrading(connector, ({ placeOrder }) => ({ placeOrder: (request) => placeOrder(request) })),
  },
  {
    card: 'VK-ORD-190',
    about: 'refuses all orders for one that is bad',
    break: (connector) =>
      varyTrading(connector, ({ placeOrders }) => ({
        placeOrders: async (requests, options) => {
          const bad = requests.find(({ amount }) => decimal(amount).sign() < 0);
          if (bad !== undefined) throw new VenueError({ code: 'invalid-order', message: 'a bad order' });
          return placeOrders(requests, options);
        },
      })),
  },
  {
    card: 'VK-ORD-200',
    about: 'cannot tell whether an order left before it was connected',
    break: (connector) =>
      varyTrading(connector, ({ placeOrder }) => ({
        placeOrder: async (request, options) => {
          if (connector.state !== 'idle') return placeOrder(request, options);
          throw new VenueError({ code: 'not-connected', message: 'not connected', outcome: 'unknown' });
        },
      })),
  },
  {
    card: 'VK-ORD-210',
    about: 'begins with orders that have ended',
    break: (connector) =>
      varyTrading(connector, ({ orders }) => ({
        orders: vary(orders, {
          subscribe: (listener, options) => {
            for (const order of orders) if (order.status === 'canceled') listener({ kind: 'order', order });
            return orders.subscribe(listener, options);
          },
        }),
      })),
  },
  {
    card: 'VK-ORD-210',
    about: 'tells a slow reader everything that happened to an order',
    break: (connector) =>
      varyTrading(connector, ({ orders, events }) => ({
        orders: vary(orders, {
          [Symbol.asyncIterator]: () => {
            const reader = events[Symbol.asyncIterator]();
            const next = async (): Promise<IteratorResult<OrderState>> => {
              const { done, value } = await reader.next();
              if (done === true) return { done, value };
              return 'eventNumber' in value
                ? { done: false, value: { kind: 'order', order: value.order } }
                : next();
            };
            return { next };
          },
        }),
      })),
  },
  {
    card: 'VK-ORD-220',
    about: 'takes an identifier twice',
    break: (connector) =>
      varyTrading(connector, ({ placeOrder, orders }) => ({
        placeOrder: ({ clientOrderId = '', ...request }, options) => {
          const isNew = clientOrderId !== '' && orders.get(clientOrderId) === undefined;
          return placeOrder(isNew ? { ...request, clientOrderId } : request, options);
        },
      })),
  },
  {
    card: 'VK-ORD-230',
    about: 'moves a price that would trade away from the market',
    break: placing(({ side, price }) =>
      side === 'buy' && decimal(price).greaterThan('98') && decimal(price).lessThan('150')
        ? { price: '80' }
        : {},
    ),
  },
  {
    card: 'VK-ORD-240',
    about: 'orders more where an order was worth too little',
    break: placing(({ amount }) => (decimal(amount).equals('0.005') ? { amount: '1', price: '80' } : {})),
  },
  {
    card: 'VK-ORD-250',
    about: 'orders less where an order was worth too much',
    break: placing(({ amount }) =>
      decimal(amount).greaterThan('80') && !decimal(amount).greaterThan('100') ? { amount: '80' } : {},
    ),
  },
  {
    card: 'VK-BAL-010',
    about: 'tells balances only when they change',
    break: (connector) =>
      varyTrading(connector, ({ balances }) => ({ balances: vary(balances, withoutOpening(balances)) })),
  },
];
