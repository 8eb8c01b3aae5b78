import {
  type AccountEvent,
  type CancelAllResult,
  decimal,
  type LimitMakerOrderRequest,
  type Order,
  type PlaceOptions,
  type TrackedOrder,
  type Trading,
  VenueError,
} from '@venuekit/connector-core';
import { type BrokenConnector, telling, vary, varyTrading } from './broken-connector.ts';
import { rules } from './reference-venue.ts';

type SpotTrading = Trading<'limit_maker'>;
type Break = BrokenConnector['break'];

export const trading =
  (change: (trading: SpotTrading) => Partial<SpotTrading>): Break =>
  (connector) =>
    varyTrading(connector, change);

export const orders = (
  change: (orders: SpotTrading['orders'], trading: SpotTrading) => Partial<SpotTrading['orders']>,
): Break => trading((all) => ({ orders: vary(all.orders, change(all.orders, all)) }));

/** Tells events of the account in another way, to all listeners alike. */
export const events = (change: () => (event: AccountEvent) => readonly unknown[]): Break =>
  trading((all) => ({ events: vary(all.events, telling(all.events, change())) }));

/** Changes what each event of a kind is told as. */
export const tellingOf = (
  kind: AccountEvent['kind'],
  change: (event: AccountEvent) => readonly unknown[],
): Break => events(() => (event) => (event.kind === kind ? change(event) : [event]));

/** Changes orders for whoever reads them one by one. */
export const readingOrders = (change: () => Partial<TrackedOrder>): Break =>
  orders((known) => ({
    [Symbol.asyncIterator]: () => {
      const reader = known[Symbol.asyncIterator]();
      return {
        next: async () => {
          const { done, value } = await reader.next();
          if (done === true) return { done, value };
          return { done: false, value: { ...value, order: { ...value.order, ...change() } as Order } };
        },
      };
    },
  }));

/** Gives orders in another state than they are in. */
export const getting = (change: (order: Order) => object): Break =>
  orders(({ get }) => ({
    get: (clientOrderId) => {
      const order = get(clientOrderId);
      return order && ({ ...order, ...change(order) } as Order);
    },
  }));

type Place = (request: LimitMakerOrderRequest, options?: PlaceOptions) => Promise<TrackedOrder>;

/** Places orders in another way. */
export const placingBy = (change: (place: Place, all: SpotTrading) => Place): Break =>
  trading((all) => ({ placeOrder: change(all.placeOrder as Place, all) as SpotTrading['placeOrder'] }));

export const isNegative = ({ amount }: LimitMakerOrderRequest): boolean => decimal(amount).sign() < 0;

/** Places a harmless order before one that is refused, and tells nothing from then on. */
export const placingQuietly = (
  isCase: (request: LimitMakerOrderRequest, options?: PlaceOptions) => boolean,
): Break =>
  trading(({ placeOrder, events: feed }) => {
    let isQuiet = false;
    return {
      placeOrder: async (request, options) => {
        if (isCase(request as LimitMakerOrderRequest, options)) {
          isQuiet = true;
          await placeOrder(harmless);
        }
        return placeOrder(request, options);
      },
      events: vary(
        feed,
        telling(feed, (event) => (isQuiet ? [] : [event])),
      ),
    };
  });

/** Refuses a negative amount with another error. */
export const refusingBad = (change: (error: VenueError) => unknown): Break =>
  placingBy((place) => async (request, options) => {
    try {
      return await place(request, options);
    } catch (error) {
      throw isNegative(request) ? change(error as VenueError) : error;
    }
  });

export const cancelingAll = (change: (orders: readonly TrackedOrder[]) => Partial<CancelAllResult>): Break =>
  trading(({ cancelAll, orders: { open } }) => ({
    cancelAll: async (options) => {
      const before = open();
      return { ...(await cancelAll(options)), ...change(before) };
    },
  }));

/** Changes an error, and nothing else about a refusal. */
export function otherError(error: VenueError, change: Partial<VenueError>): VenueError {
  const { code, message, clientOrderId, outcome } = error;
  return new VenueError({ ...{ code, message, clientOrderId, outcome }, ...change } as never);
}

export const wouldTrade = ({ price }: LimitMakerOrderRequest): boolean =>
  decimal(price).greaterThan('98') && decimal(price).lessThan('150');
const harmless = { type: 'limit_maker', pair: rules.pair, side: 'buy', price: '80', amount: '1' } as const;

/** Cards that place an order that rests, but for the one of callers' own identifiers. */
export const resting: readonly string[] = ['010', '030', '050', '060', '170', '190', '210', '220'].map(
  (number) => `VK-ORD-${number}`,
);

/** Changes an order that was placed under an identifier that is used again. */
export const afterRepeat = (change: Partial<Order>): Break =>
  trading(({ placeOrder, orders: known }) => {
    const repeated = new Set<string>();
    return {
      placeOrder: (request, options) => {
        const { clientOrderId = '' } = request;
        if (known.get(clientOrderId) !== undefined) repeated.add(clientOrderId);
        return placeOrder(request, options);
      },
      orders: vary(known, {
        get: (clientOrderId) => {
          const order = known.get(clientOrderId);
          return order && repeated.has(clientOrderId) ? ({ ...order, ...change } as Order) : order;
        },
      }),
    };
  });

/** Tells listeners more than there is. */
export const tellingMore = (
  change: (all: SpotTrading, tell: (event: unknown) => void) => Partial<SpotTrading>,
): Break =>
  trading((all) => {
    const listeners = new Set<(event: AccountEvent) => void>();
    const tell = (event: unknown): void => {
      for (const listener of listeners) listener(event as AccountEvent);
    };
    const subscribe: SpotTrading['events']['subscribe'] = (listener, options) => {
      listeners.add(listener);
      return all.events.subscribe(listener, options);
    };
    return { ...change(all, tell), events: vary(all.events, { subscribe }) };
  });
