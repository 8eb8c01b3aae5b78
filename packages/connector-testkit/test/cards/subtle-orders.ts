import { type AccountEvent, decimal, type TrackedOrder, VenueError } from '@venuekit/connector-core';
import { type BrokenConnector, placing, telling, vary, varyTrading } from './broken-connector.ts';
import { fault, otherCode, refusing } from './one-fault.ts';
import {
  afterRepeat,
  cancelingAll,
  events,
  getting,
  isNegative,
  orders,
  otherError,
  placingBy,
  placingQuietly,
  readingOrders,
  refusingBad,
  resting,
  tellingMore,
  tellingOf,
  trading,
  wouldTrade,
} from './order-faults.ts';
import { rules } from './reference-venue.ts';

/** Connectors that do something with orders that only one assertion finds out. */
export const subtleOrders: readonly BrokenConnector[] = [
  fault('VK-ORD-010', 'forgets an order a moment after it was opened', (connector, runtime) => {
    const seen = new Map<string, number>();
    return varyTrading(connector, ({ orders: known }) => ({
      orders: vary(known, {
        get: (clientOrderId) => {
          const now = runtime.clock.monotonic();
          const order = known.get(clientOrderId);
          if (order?.status !== 'open') return order;
          if (!seen.has(clientOrderId)) seen.set(clientOrderId, now);
          return now - (seen.get(clientOrderId) ?? now) < 500 ? order : undefined;
        },
      }),
    }));
  }),
  fault(
    'VK-ORD-010',
    'opens each order twice',
    tellingOf('order-open', (event) => [event, event]),
    'VK-ORD-060',
  ),
  fault(
    'VK-ORD-020',
    'gets every order as one that has ended',
    getting(({ status }) => (status === 'open' ? { status: 'filled' } : {})),
    ...resting,
  ),
  fault(
    'VK-ORD-020',
    'gets every order as one of somebody else',
    getting(() => ({ origin: 'external' })),
    ...resting,
  ),
  fault(
    'VK-ORD-020',
    "gives back another identifier than the caller's",
    placingBy((place) => async (request, options) => {
      const order = await place(request, options);
      return request.clientOrderId === undefined ? order : { ...order, clientOrderId: 'another' };
    }),
    'VK-ORD-220',
  ),
  fault(
    'VK-ORD-030',
    'gives an order back as it was before its cancel',
    trading(({ cancelOrder, orders: known }) => ({
      cancelOrder: async (reference, options) => {
        const before =
          typeof reference === 'string' ? undefined : known.get((reference as TrackedOrder).clientOrderId);
        const canceled = await cancelOrder(reference, options);
        return before?.status === 'open' && before.origin !== 'external' ? before : canceled;
      },
    })),
  ),
  fault(
    'VK-ORD-030',
    'tells of each cancel twice',
    tellingOf('order-canceled', (event) => [event, event]),
    'VK-ORD-060',
  ),
  fault(
    'VK-ORD-030',
    'lists an order as open that was canceled',
    orders((known) => ({ open: () => [...known] as readonly TrackedOrder[] })),
    ...['VK-ORD-050', 'VK-ORD-230'],
  ),
  fault(
    'VK-ORD-040',
    'has another code for a cancel of nothing',
    trading((all) => refusing(all, 'cancelOrder', otherCode, 'order-not-found')),
  ),
  fault(
    'VK-ORD-050',
    'does not call a cancel of all complete',
    cancelingAll(() => ({ complete: false })),
  ),
  fault(
    'VK-ORD-050',
    'names no order that it canceled',
    cancelingAll(() => ({ canceled: [] })),
  ),
  fault(
    'VK-ORD-050',
    'says that orders remain which do not',
    cancelingAll((remaining) => ({ remaining })),
  ),
  fault(
    'VK-ORD-050',
    'is uncertain of orders that it canceled',
    cancelingAll((uncertain) => ({ uncertain })),
  ),
  fault(
    'VK-ORD-050',
    'names orders as canceled and leaves them',
    trading(({ orders: { open } }) => ({
      cancelAll: async () => ({
        ...{ complete: true, canceled: open(), filled: [], ended: [], remaining: [], uncertain: [] },
      }),
    })),
  ),
  fault(
    'VK-ORD-060',
    'says from when on events are complete behind the first of them',
    events(() => {
      let start: readonly AccountEvent[] = [];
      return (event) => {
        if (event.kind === 'start') start = [event];
        if (event.kind === 'start') return [];
        const all = 'eventNumber' in event ? [event, ...start] : [event];
        if ('eventNumber' in event) start = [];
        return all;
      };
    }),
  ),
  fault(
    'VK-ORD-060',
    'tells of two events and no more',
    events(() => (event) => ('eventNumber' in event && event.eventNumber > 2 ? [] : [event])),
    ...['VK-ORD-010', 'VK-ORD-030'],
  ),
  fault(
    'VK-ORD-170',
    'rounds an amount up',
    placing(({ amount, increments }) =>
      increments === 'safe' ? { amount: decimal(amount).toMultipleOf(rules.lotSize, 'up') } : {},
    ),
  ),
  fault(
    'VK-ORD-180',
    'rejects with an error of its own where a signal was aborted',
    placingBy((place) => async (request, options) => {
      if (options?.signal?.aborted) throw new Error('aborted');
      return place(request, options);
    }),
  ),
  fault(
    'VK-ORD-180',
    'makes an order before it looks at the signal, and cancels it',
    placingBy((place, { cancelOrder }) => async (request, options) => {
      if (!options?.signal?.aborted) return place(request, options);
      await cancelOrder(await place(request));
      throw options.signal.reason;
    }),
  ),
  fault(
    'VK-ORD-180',
    'makes an order before it looks at the signal, and tells nobody',
    placingQuietly((_request, options) => options?.signal?.aborted === true),
  ),
  fault(
    'VK-ORD-190',
    'answers once more than it was asked',
    trading(({ placeOrders }) => ({
      placeOrders: async (requests, options) => {
        const results = await placeOrders(requests, options);
        return [...results, ...results.slice(0, 1)];
      },
    })),
  ),
  fault(
    'VK-ORD-190',
    'refuses a good order for a bad one before it, and tells nobody',
    trading(({ placeOrders }) => ({
      placeOrders: async (requests, options) => {
        const results = await placeOrders(requests, options);
        return results.map((result, at) => (at === 2 ? (results[1] ?? result) : result));
      },
    })),
  ),
  fault(
    'VK-ORD-190',
    'takes a bad order for a good one',
    trading(({ placeOrders }) => ({
      placeOrders: async (requests, options) => {
        const results = await placeOrders(requests, options);
        return results.map((result, at) => (at === 1 ? (results[0] ?? result) : result));
      },
    })),
  ),
  fault(
    'VK-ORD-200',
    'has another code for an order before connect',
    trading((all) => refusing(all, 'placeOrder', otherCode, 'not-connected')),
  ),
  fault(
    'VK-ORD-210',
    'names orders otherwise to a slow reader',
    readingOrders(() => ({ clientOrderId: 'another' })),
  ),
  fault(
    'VK-ORD-210',
    'tells a slow reader of orders as they were',
    readingOrders(() => ({ status: 'sent' })),
  ),
  fault(
    'VK-ORD-220',
    'has another code for an identifier that was used before',
    placingBy((place, { orders: known }) => async (request, options) => {
      const isNew = known.get(request.clientOrderId ?? '') === undefined;
      if (isNew) return place(request, options);
      throw new VenueError({ ...otherCode, message: 'used before', outcome: 'not-sent' });
    }),
  ),
  fault(
    'VK-ORD-220',
    'cannot tell whether an order left whose identifier was used before',
    placingBy((place, { orders: known }) => async (request, options) => {
      const isNew = known.get(request.clientOrderId ?? '') === undefined;
      if (isNew) return place(request, options);
      throw new VenueError({ code: 'invalid-order', message: 'used before', outcome: 'unknown' });
    }),
  ),
  fault('VK-ORD-220', 'ends an order whose identifier is used again', afterRepeat({ status: 'canceled' })),
  fault('VK-ORD-220', "gives an order's place at the venue to another", afterRepeat({ venueOrderId: 'V2' })),
  fault(
    'VK-ORD-220',
    'tells of an order as sent that it refused',
    tellingMore(({ placeOrder, orders: known }, tell) => ({
      placeOrder: (request, options) => {
        const order = known.get(request.clientOrderId ?? '');
        if (order !== undefined) tell({ kind: 'order-sent', order });
        return placeOrder(request, options);
      },
    })),
  ),
  fault(
    'VK-ORD-230',
    'tells of a fill of an order that was refused',
    tellingOf('order-rejected', (event) => [event, { ...event, kind: 'order-fill' }]),
  ),
  fault(
    'VK-ORD-230',
    'places another order for one that would trade',
    placingBy((place) => async (request, options) => {
      if (wouldTrade(request)) await place({ ...request, price: '80' }, options);
      return place(request, options);
    }),
  ),
  fault(
    'VK-ORD-230',
    'does not tell of a refusal of the venue',
    tellingOf('order-rejected', () => []),
  ),
  fault(
    'VK-ORD-230',
    'tells of a refusal of the venue with another code',
    tellingOf('order-rejected', (event) => [{ ...event, ...otherCode }]),
  ),
  fault(
    'VK-ORD-230',
    'takes an order that the venue refuses, and tells of it with another code',
    (connector) =>
      varyTrading(connector, ({ placeOrder, orders: known, events: feed }) => ({
        placeOrder: (request, options) =>
          placeOrder(request, options).catch((error: VenueError) => {
            const order = known.get(error.clientOrderId ?? '');
            if (error.outcome === 'rejected' && order !== undefined) return order as TrackedOrder;
            throw error;
          }),
        events: vary(
          feed,
          telling(feed, (event) => [event.kind === 'order-rejected' ? { ...event, ...otherCode } : event]),
        ),
      })),
  ),
  fault('VK-ORD-150', 'places another order for a bad one, and tells nobody', placingQuietly(isNegative)),
  fault(
    'VK-ORD-160',
    'tells of an order as sent that never left',
    tellingMore(({ placeOrder }, tell) => ({
      placeOrder: (request, options) => {
        if (request.pair !== rules.pair) tell({ kind: 'order-sent', order: request });
        return placeOrder(request, options);
      },
    })),
  ),
  ...(
    [
      [
        'with an error that is none of a venue',
        (error) =>
          Object.assign(new Error(error.message), { ...error, code: error.code, outcome: error.outcome }),
      ],
      ['with another code', (error) => otherError(error, otherCode)],
      ['without saying whether it was sent', (error) => otherError(error, { outcome: 'unknown' })],
      ['without naming what is wrong', (error) => otherError(error, { message: 'bad' })],
    ] as const satisfies readonly (readonly [string, (error: VenueError) => unknown])[]
  ).map(([how, change]) => fault('VK-ORD-150', `refuses a bad order ${how}`, refusingBad(change))),
];
