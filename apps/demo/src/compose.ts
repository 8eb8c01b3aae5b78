import { basename } from 'node:path';
import { createAscendexSpot } from '@venuekit/ascendex-spot';
import { isVenueError, type MarketDataConnector, type Runtime } from '@venuekit/connector-core';
import { type Fault, loadReplay, parseFault, startExchangeSimulator } from '@venuekit/exchange-simulator';
import type { DemoConfig, MarketSource } from './config.ts';
import { InputError, messageOf } from './input-error.ts';

/** A connector and the venue that it talks to. */
export interface Composition {
  readonly connector: MarketDataConnector;
  /** Where the market comes from, in a few words. */
  readonly source: string;
  /** Resolves when a replay has been played; `undefined` if the market has no end. */
  readonly finished: Promise<void> | undefined;
  /** Closes the connector, then the venue if it is ours. */
  close(): Promise<void>;
}

/** A venue that answers, ours or someone else's. */
interface Venue {
  readonly endpoints: { readonly restUrl: string; readonly streamUrl: string };
  readonly finished: Promise<void> | undefined;
  close(): Promise<void>;
}

/**
 * Starts the venue that the user asked for and makes a connector for it, not yet connected. This is the only place that names
 * concrete packages together.
 * @throws InputError if a file, a fault or the port cannot be used.
 */
export async function compose(config: DemoConfig, runtime: Runtime): Promise<Composition> {
  const venue = await openVenue(config);
  const connector = createAscendexSpot({ endpoints: venue.endpoints, runtime });
  return {
    connector,
    source: describeSource(config.source),
    finished: venue.finished,
    async close() {
      await connector.close();
      await venue.close();
    },
  };
}

async function openVenue(config: DemoConfig): Promise<Venue> {
  const { source, port } = config;
  if (source.kind === 'url') {
    const { restUrl, streamUrl } = source;
    return { endpoints: { restUrl, streamUrl }, finished: undefined, close: async () => undefined };
  }
  try {
    const faults = config.faults.map(toFault);
    const market = await loadMarket(source);
    const simulator = await startExchangeSimulator({
      market,
      faults,
      ...(port === undefined ? {} : { port }),
    });
    const { endpoints, finished } = simulator;
    return {
      endpoints,
      finished: source.kind === 'replay' ? finished : undefined,
      close: () => simulator.close(),
    };
  } catch (error) {
    throw explain(error, port);
  }
}

async function loadMarket(source: Exclude<MarketSource, { kind: 'url' }>) {
  if (source.kind === 'synthetic') return { kind: 'synthetic', seed: source.seed } as const;
  const { sessionFile, productsFile, speed } = source;
  const files = { sessionFile, ...(productsFile === undefined ? {} : { productsFile }) };
  return { kind: 'replay', ...(await loadReplay(files)), speed } as const;
}

function toFault(text: string): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    const message = messageOf(error).replace(/^fault: /, '');
    throw new InputError(`--fault ${JSON.stringify(text)}: ${message}`, { cause: error });
  }
}

/** What the simulator refuses was typed by the user. */
function explain(error: unknown, port: number | undefined): unknown {
  if (!isVenueError(error) || error.code !== 'invalid-options') return error;
  const { cause } = error;
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const message = isTaken ? `--port expects a free port, got ${port}, which is in use` : error.message;
  return new InputError(message, { cause: error });
}

function describeSource(source: MarketSource): string {
  if (source.kind === 'url') return `at ${source.restUrl}`;
  if (source.kind === 'synthetic') return `simulated market, seed ${source.seed}`;
  const speed = source.speed === 'max' ? 'full speed' : `speed ${source.speed}`;
  return `replay of ${basename(source.sessionFile)}, ${speed}`;
}
