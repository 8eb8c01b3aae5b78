import { readFileSync } from 'node:fs';
import type { BookEvent, LiveBook, MarketHandle, TradeEvent } from '@venuekit/connector-core';
import {
  type Fault,
  type ListeningSimulator,
  type LoadedReplay,
  loadReplay,
  type ReplayMarket,
  startExchangeSimulator,
} from '@venuekit/exchange-simulator';
import type { RecordedSession } from '@venuekit/tooling-vitest/recordings';
import { expect } from 'vitest';
import { type AscendexSpot, createAscendexSpot } from '../src/index.ts';
import { readSessionTruth, type SessionTruth } from './models/session-truth.ts';

/** A session with what it must yield. */
export interface LoadedSession {
  readonly replay: LoadedReplay;
  readonly truth: SessionTruth;
}

export async function loadSession({ sessionFile, productsFile }: RecordedSession): Promise<LoadedSession> {
  const truth = readSessionTruth(readFileSync(sessionFile, 'utf8'));
  return { replay: await loadReplay({ sessionFile, productsFile }), truth };
}

/** What was seen of one market, in order. */
export interface Sighting {
  readonly handle: MarketHandle;
  readonly events: BookEvent[];
}

/** A running replay with a connector on it. */
export interface RunningReplay {
  readonly simulator: ListeningSimulator;
  readonly venue: AscendexSpot;
  readonly markets: ReadonlyMap<string, Sighting>;
  readonly trades: TradeEvent[];
  close(): Promise<void>;
}

/** What a replay runs with. */
export interface ReplayRun extends Partial<Omit<ReplayMarket, 'kind'>> {
  readonly faults?: readonly Fault[];
  /** The only market whose book is held against the truth at every event; all by default. */
  readonly watched?: string;
}

/** Starts a replay and opens every market of it in one tick; each live book is held against the truth, at every event. */
export async function runReplay(
  { replay, truth }: LoadedSession,
  run: ReplayRun = {},
): Promise<RunningReplay> {
  const { faults = [], watched, ...market } = run;
  const simulator = await startExchangeSimulator({
    market: { kind: 'replay', speed: 'max', ...replay, ...market },
    faults,
  });
  const venue = createAscendexSpot({ endpoints: simulator.endpoints });
  await venue.connect();
  const pairs = [...truth.markets.keys()];
  const handles = await Promise.all(pairs.map((pair) => venue.marketData.open(pair)));
  const trades: TradeEvent[] = [];
  const markets = new Map<string, Sighting>();
  for (const handle of handles) {
    const events: BookEvent[] = [];
    markets.set(handle.pair, { handle, events });
    handle.book.subscribe((event) => {
      events.push(event);
      const view = handle.book.read();
      if (view.state === 'live' && (watched ?? handle.pair) === handle.pair) expectTrue(view, truth);
    });
    handle.trades.subscribe((event) => trades.push(event));
    handle.ticker.subscribe(() => {});
  }
  const close = async () => {
    for (const { handle } of markets.values()) expect(handle.book.stats.listenerErrors).toBe(0);
    await venue.close();
    await simulator.close();
  };
  return { simulator, venue, markets, trades, close };
}

/** A live book must be the session's own at that number. */
function expectTrue(view: LiveBook, truth: SessionTruth): void {
  const book = truth.markets.get(view.pair)?.books.get(view.sequence ?? -1n);
  const rows = (levels: ReturnType<LiveBook['bids']>) =>
    levels.map(({ price, amount }) => `${price} ${amount}`);
  expect({ bids: rows(view.bids()), asks: rows(view.asks()) }).toEqual(book);
}

/**
 * Waits until the session is over and everything sent was read. The frames of a connection come in order, so the answer to a
 * snapshot request, which every audit makes, comes after all of them.
 */
export async function finish({ simulator, markets }: RunningReplay): Promise<Map<string, string>> {
  await simulator.finished;
  const outcomes = await Promise.all(
    [...markets].map(async ([pair, { handle }]): Promise<[string, string]> => {
      await handle.book.whenLive({ timeoutMs: 10_000 });
      return [pair, (await handle.book.audit({ timeoutMs: 10_000 })).outcome];
    }),
  );
  return new Map(outcomes);
}

/** `bid ask` of each market: the prices now. */
export function tops(markets: RunningReplay['markets']): Record<string, string> {
  return Object.fromEntries(
    [...markets].map(([pair, { handle }]) => [
      pair,
      `${handle.book.bestBid()?.price} ${handle.book.bestAsk()?.price}`,
    ]),
  );
}

/** `bid ask` of each market as the session ends. */
export function trueTops(truth: SessionTruth): Record<string, string> {
  return Object.fromEntries(
    [...truth.markets].map(([pair, { books }]) => {
      const last = [...books.values()].at(-1);
      return [pair, `${last?.bids[0]?.split(' ')[0]} ${last?.asks[0]?.split(' ')[0]}`];
    }),
  );
}

/** Sum of one counter over all markets. */
export function total(
  markets: RunningReplay['markets'],
  counter: 'applied' | 'dropped' | 'gaps' | 'resyncs',
): number {
  return [...markets.values()].reduce((sum, { handle }) => sum + handle.book.stats[counter], 0);
}
