import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import {
  type ListeningOptions,
  type ListeningSimulator,
  loadReplay,
  type ReplayMarket,
  startExchangeSimulator,
} from '../src/index.ts';
import { connectClient, type StreamClient } from './stream-client.ts';

const running = new Set<ListeningSimulator>();

/** Starts a replay of the committed session. */
export async function startReplay(
  market: Partial<ReplayMarket> = {},
  options: Partial<ListeningOptions> = {},
): Promise<ListeningSimulator> {
  const { sessionFile, productsFile } = syntheticSession;
  const replay = await loadReplay({ sessionFile, productsFile });
  return track(
    await startExchangeSimulator({
      market: { kind: 'replay', ...replay, speed: 'max', ...market },
      ...options,
    }),
  );
}

/** Starts a synthetic market with fast rounds. */
export async function startSynthetic(options: Partial<ListeningOptions> = {}): Promise<ListeningSimulator> {
  return track(
    await startExchangeSimulator({
      market: { kind: 'synthetic', seed: 1, pairs: 3, depthIntervalMs: 5 },
      ...options,
    }),
  );
}

function track(simulator: ListeningSimulator): ListeningSimulator {
  running.add(simulator);
  return simulator;
}

/** Closes what a test has started. */
export async function closeAll(): Promise<void> {
  await Promise.all([...running].map((simulator) => simulator.close()));
  running.clear();
}

export async function connectTo(simulator: ListeningSimulator): Promise<StreamClient> {
  return connectClient(simulator.endpoints.streamUrl);
}

/** Everything that was sent before the call has arrived after it. */
export async function settle(client: StreamClient): Promise<void> {
  const pongs = client.named('pong').length;
  client.send({ op: 'ping' });
  await client.until(() => client.named('pong').length > pongs);
}

/** Symbols of the committed session. */
export const replaySymbols: readonly string[] = [
  'BTC/USDT',
  'ETH/USDT',
  'SHIB/USDT',
  'XRP/USDT',
  'ETH/BTC',
  'DOGE/USDT',
  'PAXG/USDT',
  'ADA/BTC',
  'SOL/USDT',
  'LINK/ETH',
];
