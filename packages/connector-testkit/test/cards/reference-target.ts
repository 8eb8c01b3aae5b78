import type { Connector, Runtime } from '@venuekit/connector-core';
import type { Target } from '../../src/index.ts';
import type { Spot } from './broken-connector.ts';
import { capabilities, createReferenceSpot } from './reference-connector.ts';
import { host, ReferenceVenue, rules, type VenueHabits } from './reference-venue.ts';

/** The reference against its venue. */
export const referenceTarget: Target<ReferenceVenue> = {
  name: 'reference',
  capabilities,
  pair: rules.pair,
  controls: ['cut', 'trade'],
  venue: (world) => new ReferenceVenue(world, { tradeId: String, tellsTime: true, openAfterMs: 0 }),
  create: (runtime) => createReferenceSpot(runtime, { checks: 'local', capabilities }),
};

/** The reference with something changed in it. */
export function changedTarget(
  change: (connector: Spot, runtime: Runtime) => Connector,
): typeof referenceTarget {
  const create = (runtime: Runtime) =>
    change(createReferenceSpot(runtime, { checks: 'local', capabilities }), runtime);
  return { ...referenceTarget, create };
}

const opaque: VenueHabits = {
  tradeId: (count) => `t-${((count * 7_919) % 99_991).toString(36)}-${count}`,
  tellsTime: false,
  openAfterMs: 700,
};

const plain: Spot['capabilities'] = {
  marketData: { ...capabilities.marketData, bookIntegrity: 'none' },
  trading: {
    ...capabilities.trading,
    clientOrderId: { pattern: '[0-9]{18}', minLength: 18, maxLength: 18 },
  },
};

/** Far away, without times, numbers of trades, checks before the wire, or numbered book messages. All of that is allowed. */
export const distantTarget: Target<ReferenceVenue> = {
  ...referenceTarget,
  name: 'distant',
  capabilities: plain,
  venue: (world) => {
    world.network.link('client', host).setLatency({ minMs: 100, maxMs: 400 });
    return new ReferenceVenue(world, opaque);
  },
  create: (runtime) => createReferenceSpot(runtime, { checks: 'venue', capabilities: plain }),
};

const little: Spot['capabilities'] = {
  marketData: { ...capabilities.marketData, streams: [], fetches: ['tickers'] },
  trading: capabilities.trading,
};

/** Claims no stream, and one question. */
export const modestTarget: Target<ReferenceVenue> = {
  ...referenceTarget,
  name: 'modest',
  capabilities: little,
  create: (runtime) => createReferenceSpot(runtime, { checks: 'local', capabilities: little }),
};
