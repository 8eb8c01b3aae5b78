import type { ExternalOrder, Instrument, Instruments, TrackedOrder } from '@venuekit/connector-core';
import { createInstrument } from '../src/market-data/instrument.ts';
import { createInstruments } from '../src/market-data/instrument-list.ts';
import { newOrder } from '../src/orders/new-order.ts';
import { createManualRuntime, type ManualRuntime } from '../src/testing/manual-runtime.ts';

/** An instrument whose rules let everything pass that has three digits. */
const gold: Instrument = createInstrument({
  ...{ pair: 'GOLD-COIN', base: 'GOLD', quote: 'COIN', tickSize: '0.001', lotSize: '0.001' },
  ...{ maxAmount: '1000000', maxNotional: '1000000000' },
});

/** A venue's list with that instrument alone. */
export const goldOnly: Instruments = createInstruments('v', [gold]);

/** An order to buy 10 at 2, with what is given instead. */
export function goldOrder(
  change: Partial<TrackedOrder> = {},
  runtime: ManualRuntime = createManualRuntime(),
): TrackedOrder {
  const request = { type: 'limit', pair: gold.pair, side: 'buy', amount: '10', price: '2' } as const;
  return { ...newOrder(request, { runtime, instruments: goldOnly }), ...change };
}

/** The same of somebody else. */
export function othersOrder(change: Partial<ExternalOrder> = {}): ExternalOrder {
  return {
    ...goldOrder(),
    clientOrderId: undefined,
    venueOrderId: 'v1',
    status: 'open',
    origin: 'external',
    ...change,
  };
}
