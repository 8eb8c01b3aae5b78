import type {
  ListeningSimulator,
  SimulatorStats,
  Venue,
} from '../../packages/exchange-simulator/src/index.ts';
import type { LoadAddress, LoadMarket, ServerQuestion, ServerReading, ServerTruth } from './load-plan.ts';
import type { TruthBooks } from './truth-books.ts';

/** A simulator whose books move until they are stopped. */
export interface LoadServer {
  readonly simulator: ListeningSimulator;
  readonly venue: Venue;
  readonly truth: TruthBooks;
  /** Ends all change. */
  stop(): void;
}

/** Says where the server is, and answers whoever started this process. */
export function serveReadings(server: LoadServer): void {
  process.on('message', (question: ServerQuestion) => {
    if (question === 'stop') server.stop();
    process.send?.(question === 'truth' ? truthOf(server) : readingOf(server));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(addressOf(server));
}

function addressOf({ simulator, venue }: LoadServer): LoadAddress {
  const markets = [...venue.listings.values()].map(
    ({ symbol, priceDecimals: priceScale, sizeDecimals: amountScale }): LoadMarket => ({
      ...{ symbol, priceScale, amountScale },
    }),
  );
  return { ...simulator.endpoints, markets };
}

function readingOf({ truth }: LoadServer): ServerReading {
  const { user, system } = process.cpuUsage();
  return { processorMs: (user + system) / 1_000, made: truth.made };
}

function truthOf({ simulator, truth }: LoadServer): ServerTruth {
  const { connections, requests }: SimulatorStats = simulator.stats;
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return {
    ...{ audits: truth.audits, last: truth.last(), dials: connections.total },
    requests: {
      rest: sum(requests.rest),
      subscribe: sum(requests.subscribe),
      snapshots: requests.action['depth-snapshot'] ?? 0,
    },
  };
}
