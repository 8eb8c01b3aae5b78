// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
// @boundaries-ignore somebody else's program, who has installed the package
import type { MarketDataConnector, Runtime } from '@venuekit/connector-core';
// @boundaries-ignore somebody else's program, who has installed the package
import { createConnectorLife } from '@venuekit/connector-kit/connector';
// @boundaries-ignore somebody else's program, who has installed the package
import {
  createInstrument,
  createInstruments,
  createLocalMarkets,
  createMarketData,
} from '@venuekit/connector-kit/market-data';
// @boundaries-ignore somebody else's program, who has installed the package
import { runCards, type Target } from '@venuekit/connector-testkit';
// @boundaries-ignore somebody else's program, who has installed the package
import { startChaosProxy } from '@venuekit/connector-testkit/chaos';
// @boundaries-ignore somebody else's program, who has installed the package
import { createDraw, runSimulation } from '@venuekit/connector-testkit/simulation';

/** A connector with books that nobody fills. */
const claims = {
  marketData: { streams: [], fetches: [], bookDepth: undefined, bookIntegrity: 'none', live: 'poll' },
} as const;

function createNothing(runtime: Runtime): MarketDataConnector {
  const venue = 'nothing';
  const gold = { pair: 'GOLD-COIN', base: 'GOLD', quote: 'COIN', tickSize: '1', lotSize: '1' };
  const instruments = createInstruments(venue, [
    createInstrument({ ...gold, maxAmount: '9', maxNotional: '9' }),
  ]);
  const markets = createLocalMarkets({ runtime, venue, instruments, streams: [] });
  const life = createConnectorLife({ runtime, venue, connect: async () => {}, close: () => markets.close() });
  const listed = () => life.afterConnect(instruments);
  return life.connectorWith({
    capabilities: claims,
    marketData: createMarketData({ venue, instruments: listed, open: markets.open }),
  });
}

/** Proves a connector, runs a seed twice, and sends bytes through a proxy. */
async function main(): Promise<void> {
  const target: Target = {
    name: 'nothing',
    capabilities: claims,
    pair: 'GOLD-COIN',
    create: createNothing,
  };
  const results = await runCards(target);
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  assert.deepEqual(failed, []);
  assert.ok(results.filter(({ outcome }) => outcome === 'passed').length > 10);

  assert.equal(createDraw('seed').integer('n', 1, 6), createDraw('seed').integer('n', 1, 6));
  const hashes = [await hashOf('one'), await hashOf('one'), await hashOf('two')];
  assert.ok(hashes[0] === hashes[1] && hashes[1] !== hashes[2]);
  await proxy();
  console.log('used');
}

async function hashOf(seed: string): Promise<string> {
  const { hash, violations } = await runSimulation(
    {
      name: 'tick',
      forMs: 1_000,
      plan: () => ({ actions: [], faults: [], switches: {} }),
      begin: ({ world }) => {
        const { runtime } = world.process('client').start();
        runtime.timers.setTimer(1_000 * runtime.random.next('delay'), () => {}, 'tick');
        return { act() {}, end: async () => {} };
      },
    },
    seed,
  );
  assert.deepEqual(violations, []);
  return hash;
}

async function proxy(): Promise<void> {
  const server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const chaos = await startChaosProxy({ target: { host: '127.0.0.1', port: address.port }, seed: 'one' });
  assert.equal(chaos.urlFor(`ws://127.0.0.1:${address.port}/x`), `ws://${chaos.host}:${chaos.port}/x`);
  await chaos.close();
  server.close();
}

void main();
