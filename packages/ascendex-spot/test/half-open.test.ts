import { once } from 'node:events';
import type { ConnectorEvent } from '@venuekit/connector-core';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { expect, test } from 'vitest';
import { createAscendexSpot } from '../src/index.ts';
import { startSimulatorProcess } from './simulator-process.ts';

test('a peer that is frozen is noticed within 20 s, and its return within 5 s', {
  timeout: 60_000,
}, async () => {
  const simulator = await startSimulatorProcess('--seed', 'frozen', '--pairs', '3');
  const dials: number[] = [];
  const runtime = createSystemRuntime();
  const ended: number[] = [];
  const venue = createAscendexSpot({
    endpoints: simulator.endpoints,
    runtime: {
      ...runtime,
      openSocket: (url, options, handlers) => {
        dials.push(performance.now());
        return runtime.openSocket(url, options, {
          ...handlers,
          closed: (code, reason) => {
            ended.push(performance.now());
            handlers.closed(code, reason);
          },
        });
      },
    },
  });
  const events: (ConnectorEvent & { readonly at: number })[] = [];
  venue.events.subscribe((event) => events.push({ ...event, at: performance.now() }));
  await venue.connect();
  const tickers = await venue.marketData.fetchTickers();
  const markets = await Promise.all(tickers.map(({ pair }) => venue.marketData.open(pair)));
  await Promise.all(markets.map(({ book }) => book.whenLive({ timeoutMs: 10_000 })));

  simulator.process.kill('SIGSTOP');
  const frozenAt = performance.now();
  const down = Promise.withResolvers<void>();
  venue.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'down') down.resolve();
  });
  await down.promise;
  expect(performance.now() - frozenAt).toBeLessThan(20_000);
  expect(markets.map(({ book }) => book.read().state)).toEqual(['stale', 'stale', 'stale']);
  // Condition: a new dial; its own deadline is the one of the test.
  while (dials.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(dials[1]! - frozenAt).toBeLessThan(20_000);
  expect(ended[0]! - frozenAt).toBeLessThan(20_000);

  simulator.process.kill('SIGCONT');
  const thawedAt = performance.now();
  await Promise.all(markets.map(({ book }) => book.whenLive({ timeoutMs: 5_000 })));
  expect(performance.now() - thawedAt).toBeLessThan(5_000);
  await venue.close();
  simulator.process.kill('SIGTERM');
  await once(simulator.process, 'exit');
});
