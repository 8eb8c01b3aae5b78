import { decimal, type Instrument } from '@venuekit/connector-core';
import { createInstrument, createInstruments } from '@venuekit/connector-kit/market-data';
import {
  type BrokenConnector,
  never,
  telling,
  vary,
  varyHandle,
  varyMarketData,
} from './broken-connector.ts';
import { rules } from './reference-venue.ts';

/** Connectors that begin, end or list their markets wrongly. */
export const brokenLives: readonly BrokenConnector[] = [
  {
    card: 'VK-LIFE-010',
    about: 'sets a timer when it is made',
    also: ['VK-LIFE-070', 'VK-LIFE-090', 'VK-LIFE-100'],
    break: (connector, runtime) => {
      runtime.timers.setTimer(1, () => {}, 'too-early');
      return connector;
    },
  },
  {
    card: 'VK-LIFE-010',
    about: 'asks the venue when it is made, and has its answer soon',
    also: ['VK-LIFE-070', 'VK-LIFE-090', 'VK-LIFE-100'],
    break: (connector, runtime) => {
      void runtime.fetch(new Request('http://reference.test/book')).catch(() => {});
      return connector;
    },
  },
  {
    card: 'VK-LIFE-020',
    about: 'has a facet that it does not claim',
    break: (connector) => Object.assign(Object.create(connector), { candles: {} }),
  },
  {
    card: 'VK-LIFE-020',
    about: 'claims more than its target, so that no card looks at it',
    break: (connector) => {
      const { capabilities } = connector;
      const trading = { ...capabilities.trading, orderTypes: ['limit_maker', 'limit'] as const };
      return vary(connector, { capabilities: { ...capabilities, trading } });
    },
  },
  {
    card: 'VK-LIFE-030',
    about: 'tells each state twice',
    also: ['VK-LIFE-040', 'VK-LIFE-120'],
    break: (connector) =>
      vary(connector, {
        events: vary(
          connector.events,
          telling(connector.events, (event) => [event, event]),
        ),
      }),
  },
  {
    card: 'VK-LIFE-040',
    about: 'refuses to connect while it connects',
    break: (connector) =>
      vary(connector, {
        connect: async (options) => {
          if (connector.state === 'connecting') throw new Error('connecting already');
          return connector.connect(options);
        },
      }),
  },
  {
    card: 'VK-LIFE-050',
    about: 'leaves a timer behind',
    also: ['VK-LIFE-070', 'VK-LIFE-100', 'VK-LIFE-130'],
    break: (connector, runtime) =>
      vary(connector, {
        close: async () => {
          await connector.close();
          runtime.timers.setTimer(1_000, () => {}, 'left');
        },
      }),
  },
  {
    card: 'VK-LIFE-060',
    about: 'cannot be closed twice',
    break: (connector) =>
      vary(connector, {
        close: async () => {
          if (connector.state === 'closed') throw new Error('closed already');
          return connector.close();
        },
      }),
  },
  {
    card: 'VK-LIFE-070',
    about: 'cannot be closed before it was connected',
    also: ['VK-LIFE-080'],
    break: (connector) =>
      vary(connector, { close: () => (connector.state === 'idle' ? never() : connector.close()) }),
  },
  {
    card: 'VK-LIFE-080',
    about: 'connects after the end',
    break: (connector) =>
      vary(connector, {
        connect: async (options) => {
          if (connector.state !== 'closed') return connector.connect(options);
        },
      }),
  },
  {
    card: 'VK-LIFE-090',
    about: 'does not look at the signal',
    break: (connector) =>
      vary(connector, { connect: ({ signal: _, ...options } = {}) => connector.connect(options) }),
  },
  {
    card: 'VK-LIFE-100',
    about: 'leaves whoever waits for a connection waiting when it is closed',
    break: (connector) =>
      vary(connector, {
        connect: async (options) => {
          if (connector.state === 'closed' || options !== undefined) return connector.connect(options);
          return connector.connect().catch((error) => (error.code === 'closed' ? never() : error));
        },
      }),
  },
  {
    card: 'VK-LIFE-110',
    about: 'never ends its feed of events',
    break: (connector) =>
      vary(connector, {
        events: vary(connector.events, { subscribe: (listener) => connector.events.subscribe(listener) }),
      }),
  },
  {
    card: 'VK-LIFE-120',
    about: 'tells nobody anything after a listener threw',
    break: (connector) => {
      let threw = false;
      const careful = telling(connector.events, (event) => (threw ? [] : [event]));
      return vary(connector, {
        events: vary(connector.events, {
          subscribe: (listener, options) =>
            careful.subscribe((event) => {
              try {
                listener(event);
              } catch (error) {
                threw = true;
                throw error;
              }
            }, options),
        }),
      });
    },
  },
  {
    card: 'VK-LIFE-130',
    about: 'forgets to end its trades',
    break: (connector) =>
      varyHandle(connector, ({ trades }) => ({
        trades: vary(trades, { subscribe: (listener) => trades.subscribe(listener) }),
      })),
  },
  {
    card: 'VK-INST-010',
    about: 'lists a pair twice',
    break: (connector) =>
      varyMarketData(connector, (marketData) => ({
        get instruments() {
          const { instruments } = marketData;
          const twice = [...instruments, ...instruments];
          return vary(instruments, { [Symbol.iterator]: () => twice[Symbol.iterator]() });
        },
      })),
  },
  {
    card: 'VK-INST-020',
    about: 'has a market that pays for holding nothing back',
    break: (connector) => {
      const wrong: Instrument = { ...createInstrument(rules), feeReserveRate: decimal('-0.1') };
      const list = createInstruments('reference', [wrong]);
      return varyMarketData(connector, (marketData) => ({
        get instruments() {
          return marketData.instruments.size > 0 ? list : marketData.instruments;
        },
      }));
    },
  },
  {
    card: 'VK-INST-030',
    about: 'takes a pair in any spelling',
    break: (connector) =>
      varyMarketData(connector, (marketData) => ({
        get instruments() {
          const { instruments } = marketData;
          return vary(instruments, {
            get: (pair) => instruments.get(pair.toUpperCase()),
            require: (pair) => instruments.require(pair.toUpperCase()),
          });
        },
      })),
  },
  {
    card: 'VK-INST-040',
    about: 'lists markets before it has asked for them',
    break: (connector) => {
      const list = createInstruments('reference', [createInstrument(rules)]);
      return varyMarketData(connector, () => ({ instruments: list }));
    },
  },
];
