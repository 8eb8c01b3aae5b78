import {
  type Balance,
  type Connector,
  type ConnectorEvent,
  decimal,
  type Instrument,
  type Instruments,
  isVenueError,
  type Runtime,
  VenueError,
} from '@venuekit/connector-core';
import { createInstrument, createInstruments } from '@venuekit/connector-kit/market-data';
import {
  type BrokenConnector,
  type Spot,
  telling,
  vary,
  varyMarketData,
  varyTrades,
  varyTrading,
} from './broken-connector.ts';
import { failing, fault, otherCode, refusing, statingFor } from './one-fault.ts';
import { rules } from './reference-venue.ts';

/** Changes the feed of events. */
const events =
  (change: (feed: Connector['events']) => Partial<Connector['events']>): BrokenConnector['break'] =>
  (connector) =>
    vary(connector, { events: vary(connector.events, change(connector.events)) });

/** Changes the list of markets once it is there. */
const listing =
  (change: (instruments: Instruments) => Partial<Instruments>): BrokenConnector['break'] =>
  (connector) =>
    varyMarketData(connector, (marketData) => ({
      get instruments() {
        const { instruments } = marketData;
        return instruments.size > 0 ? vary(instruments, change(instruments)) : instruments;
      },
    }));

/** Lists one market in the place of the one that there is. */
const listingOne = (change: Partial<Instrument>): BrokenConnector['break'] => {
  const list = createInstruments('reference', [{ ...createInstrument(rules), ...change }]);
  return (connector) =>
    varyMarketData(connector, (marketData) => ({
      get instruments() {
        return marketData.instruments.size > 0 ? list : marketData.instruments;
      },
    }));
};

/** Changes every balance, wherever it is shown. */
const balancing =
  (change: (balance: Balance) => Balance): BrokenConnector['break'] =>
  (connector) =>
    varyTrading(connector, ({ balances }) => ({
      balances: vary(balances, {
        [Symbol.iterator]: () => [...balances].map(change)[Symbol.iterator](),
        get: (asset) => {
          const found = balances.get(asset);
          return found && change(found);
        },
      }),
    }));

const wrongRules: readonly (readonly [about: string, change: Partial<Instrument>])[] = [
  ['a tick of nothing', { tickSize: decimal('0') }],
  ['a lot below zero', { lotSize: decimal('-0.001') }],
  ['a smallest amount below zero', { minAmount: decimal('-1') }],
  ['a smallest amount above the largest', { minAmount: decimal('101') }],
  ['a least worth above the most', { minNotional: decimal('8001') }],
];

/** The reason of a signal is no error of a venue. */
const otherReason = (error: unknown) => (isVenueError(error) ? error : new Error('aborted'));

/** What must not be done before connect. */
const early: readonly (readonly [
  about: string,
  begin: (runtime: Runtime) => void,
  ...also: readonly string[],
])[] = [
  [
    'sets a timer a moment after it is made',
    ({ timers }) => void timers.setTimer(60_000, () => {}, 'early'),
    ...['VK-LIFE-050', 'VK-LIFE-130'],
  ],
  [
    'asks the venue a moment after it is made',
    (runtime) => void runtime.fetch(new Request('http://reference.test/book')).catch(() => {}),
  ],
];

/** A few turns of the event loop later: past the promise of the call that is under way. */
function later(act: () => void, turns = 5): void {
  setImmediate(() => (turns === 0 ? act() : later(act, turns - 1)));
}

function closing(connector: Spot, closed: () => void): Pick<Connector, 'close'> {
  return {
    close: async () => {
      await connector.close();
      closed();
    },
  };
}

/** Connectors that begin, end, or list markets and balances in a way that only one assertion finds out. */
export const subtleLives: readonly BrokenConnector[] = [
  ...early.map(([about, begin, ...also]) =>
    fault(
      'VK-LIFE-010',
      about,
      (connector, runtime) => {
        void Promise.resolve().then(() => begin(runtime));
        return connector;
      },
      ...['VK-LIFE-070', 'VK-LIFE-090', 'VK-LIFE-100', ...also],
    ),
  ),
  fault('VK-LIFE-010', 'says that it connects before it does', statingFor('idle', 'connecting')),
  fault(
    'VK-LIFE-020',
    'keeps another version of the contract',
    (connector) => Object.create(connector, { contractVersion: { value: 0 } }) as Spot,
  ),
  fault('VK-LIFE-020', 'has no plain name for its venue', (connector) =>
    vary(connector, { venue: 'Some Venue' }),
  ),
  fault(
    'VK-LIFE-030',
    'says that it still connects when it is live',
    statingFor('live', 'connecting'),
    'VK-LIFE-040',
  ),
  fault(
    'VK-LIFE-050',
    'says that it is live when it is closed',
    statingFor('closed', 'live'),
    ...['VK-LIFE-060', 'VK-LIFE-070', 'VK-LIFE-100'],
  ),
  fault(
    'VK-LIFE-080',
    'refuses to connect after close with another code',
    (connector) => vary(connector, refusing(connector as Connector, 'connect', otherCode, 'closed')),
    'VK-LIFE-100',
  ),
  fault('VK-LIFE-090', 'rejects with an error of its own where a signal was aborted', (connector) =>
    vary(connector, failing(connector as Connector, 'connect', otherReason)),
  ),
  fault(
    'VK-LIFE-110',
    'ends its feed of events twice',
    events((feed) => ({
      subscribe: (listener, { onEnd = () => {} } = {}) => {
        let isOpening = true;
        const end = (): void => {
          onEnd();
          if (!isOpening) onEnd();
        };
        const listening = feed.subscribe(listener, { onEnd: end });
        isOpening = false;
        return listening;
      },
    })),
  ),
  fault(
    'VK-LIFE-110',
    'tells nobody of the end who comes after it',
    events((feed) => ({
      subscribe: (listener, { onEnd = () => {} } = {}) => {
        let isOpening = true;
        const listening = feed.subscribe(listener, { onEnd: () => isOpening || onEnd() });
        isOpening = false;
        return listening;
      },
    })),
  ),
  fault(
    'VK-LIFE-110',
    'ends its events without telling of the close',
    events((feed) =>
      telling(feed, (event: ConnectorEvent) =>
        event.kind === 'connection' && event.state === 'closed' ? [] : [event],
      ),
    ),
  ),
  fault(
    'VK-LIFE-120',
    'does not count errors of listeners',
    events((feed) => ({
      get stats() {
        return { ...feed.stats, listenerErrors: 0 };
      },
    })),
  ),
  fault('VK-LIFE-130', 'tells of a trade after it was closed', (connector) => {
    const told = new Set<() => void>();
    const closer = closing(connector, () => later(() => [...told].map((tell) => tell())));
    return vary(
      varyTrades(connector, (trades) => ({
        subscribe: (listener, options) =>
          trades.subscribe((event) => {
            told.add(() => listener(event));
            listener(event);
          }, options),
      })),
      closer,
    );
  }),
  fault(
    'VK-INST-010',
    'does not list the market that trades',
    listingOne({ pair: 'SILVER-COIN', base: 'SILVER' }),
  ),
  fault(
    'VK-INST-010',
    'lists and counts a pair twice',
    listing((instruments) => ({
      size: 2 * instruments.size,
      [Symbol.iterator]: () => [...instruments, ...instruments][Symbol.iterator](),
    })),
  ),
  fault(
    'VK-INST-010',
    'counts a market too many',
    listing(({ size }) => ({ size: size + 1 })),
  ),
  fault('VK-INST-010', 'names a pair not after what it trades', listingOne({ base: 'SILVER' })),
  fault(
    'VK-INST-010',
    'gives another market where one is required',
    listing((instruments) => ({
      require: (pair) => ({ ...instruments.require(pair), pair: 'SILVER-COIN' }),
    })),
  ),
  fault(
    'VK-INST-010',
    'does not find a market again',
    listing(() => ({ get: () => undefined })),
  ),
  ...wrongRules.map(([about, change]) =>
    fault('VK-INST-020', `has a market with ${about}`, listingOne(change)),
  ),
  fault(
    'VK-INST-030',
    'gets a pair in any spelling',
    listing((instruments) => ({ get: (pair) => instruments.get(pair.toUpperCase()) })),
  ),
  fault(
    'VK-INST-030',
    'requires a pair in any spelling',
    listing((instruments) => ({ require: (pair) => instruments.require(pair.toUpperCase()) })),
  ),
  fault(
    'VK-INST-030',
    'refuses an unknown pair with another code',
    listing((instruments) => refusing(instruments, 'require', otherCode, 'market-unavailable')),
  ),
  fault('VK-INST-040', 'refuses a pair before connect with another code', (connector) =>
    varyMarketData(connector, (marketData) => ({
      get instruments() {
        if (connector.state !== 'idle') return marketData.instruments;
        throw new VenueError({ ...otherCode, message: 'no list' });
      },
    })),
  ),
  fault('VK-BAL-010', 'lists balances backwards', (connector) =>
    varyTrading(connector, ({ balances }) => ({
      balances: vary(balances, {
        [Symbol.iterator]: () => [...balances].toReversed()[Symbol.iterator](),
        subscribe: (listener) => {
          for (const balance of [...balances].toReversed()) listener({ kind: 'balance', balance });
          return { [Symbol.dispose]() {} };
        },
      }),
    })),
  ),
  fault('VK-BAL-010', 'counts a balance too many', (connector) =>
    varyTrading(connector, ({ balances }) => ({ balances: vary(balances, { size: balances.size + 3 }) })),
  ),
  ...(['total', 'available'] as const).map((field) =>
    fault('VK-BAL-010', `finds another balance when asked for one: ${field}`, (connector) =>
      varyTrading(connector, ({ balances }) => ({
        balances: vary(balances, {
          get: (asset) => {
            const found = balances.get(asset);
            return found && { ...found, [field]: found[field].plus('1') };
          },
        }),
      })),
    ),
  ),
  fault(
    'VK-BAL-010',
    'has less than nothing available',
    balancing((balance) => ({ ...balance, available: decimal('-1') })),
  ),
  fault(
    'VK-BAL-010',
    'has more available than there is',
    balancing((balance) => ({ ...balance, available: balance.total.plus('1') })),
  ),
];
