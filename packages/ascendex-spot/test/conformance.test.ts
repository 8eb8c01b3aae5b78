import { describeTarget, type Target, type TargetVenue } from '@venuekit/connector-testkit';
import { createExchangeSimulator } from '@venuekit/exchange-simulator';
import { test } from 'vitest';
import { type AscendexSpotOptions, createAscendexSpot } from '../src/index.ts';

const host = 'venue.test';
const endpoints = { restUrl: `http://${host}`, streamUrl: `ws://${host}` };
const make = (runtime?: AscendexSpotOptions['runtime']) =>
  createAscendexSpot({ endpoints, ...(runtime === undefined ? {} : { runtime }) });

/** The connector against the simulated exchange, in virtual time. */
const target: Target<TargetVenue> = {
  name: 'ascendex-spot',
  capabilities: make().capabilities,
  pair: 'BTC-USDT',
  controls: ['cut'],
  venue: (world) => {
    const market = { kind: 'synthetic', seed: world.seed } as const;
    const simulator = createExchangeSimulator({ market, runtime: world });
    world.network.listen(host, {
      fetch: (request) => simulator.fetch(request),
      openStream: (path, sink) => simulator.connect(path.split('?')[0] ?? '', sink),
    });
    return {
      cut: () => world.network.link('client', host).cut(),
      close: () => simulator.close(),
    };
  },
  create: make,
};
describeTarget(target, test);
