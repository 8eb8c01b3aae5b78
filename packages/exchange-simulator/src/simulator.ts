import { createAscendexDialect } from './dialect/ascendex/ascendex-dialect.ts';
import type { Dialect } from './dialect/dialect.ts';
import type { Fault } from './faults/fault.ts';
import { createFaultControl } from './faults/fault-control.ts';
import { listen } from './http-listener.ts';
import type { Market } from './market/market.ts';
import type { MarketRuntime } from './market/market-runtime.ts';
import { createReplayMarket } from './replay/replay-market.ts';
import { checkOptions, type SimulatorOptions } from './simulator-options.ts';
import { createCounters, readStats, type SimulatorStats } from './stats.ts';
import { createStreamServer } from './stream-server.ts';
import { createSyntheticMarket } from './synthetic/synthetic-market.ts';
import { createSystemRuntime } from './system-runtime.ts';
import { createTimerGroup } from './timer-group.ts';

/** An exchange that runs in this process. */
export interface ExchangeSimulator extends AsyncDisposable {
  /** Where it listens. */
  readonly endpoints: {
    /** Base of the REST paths, without a slash at the end. */
    readonly restUrl: string;
    /** The public stream. */
    readonly streamUrl: string;
  };
  /**
   * Resolves when every recorded frame of a replay has been given to the sockets that follow it. A synthetic market has no end:
   * there it resolves on close. It never rejects.
   */
  readonly finished: Promise<void>;
  /** What happened so far; each reading is a fresh copy. */
  readonly stats: SimulatorStats;
  /**
   * Lets something go wrong while it runs: at once with `atSeconds` 0 or in the past, else by the market's clock.
   * @throws VenueError `invalid-options` for a fault that makes no sense.
   */
  inject(fault: Fault): void;
  /** Ends everything: afterwards no socket, timer or listener is left. Doing it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts an exchange simulator and listens on loopback.
 * @throws VenueError `invalid-options` if the options make no sense, a replay has no depth subscription, or the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<ExchangeSimulator> {
  checkOptions(options);
  const { host = '127.0.0.1', port = 0, faults: planned = [] } = options;
  const { clock, timers: systemTimers } = options.runtime ?? createSystemRuntime();
  const timers = createTimerGroup(systemTimers);
  const counters = createCounters();
  const market = createMarket(options.market, { clock, timers });
  const streams = createStreamServer({ serving: () => ({ dialect, faults }), counters });
  const speed = options.market.kind === 'replay' && options.market.speed !== 'max' ? options.market.speed : 1;
  const faults = createFaultControl({ market, timers, dropAll: streams.terminateAll, speed });
  const dialect: Dialect = createAscendexDialect({ market, faults, counters, clock, timers });
  for (const fault of planned) faults.plan(fault);

  function end(): void {
    market.close();
    timers.close();
  }
  const listener = await listen({ host, port, fetch: dialect.fetch, streams }).catch((error: unknown) => {
    end();
    throw error;
  });
  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    closing ??= listener.close().finally(end);
    return closing;
  }

  const authority = `${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
  return {
    endpoints: { restUrl: `http://${authority}`, streamUrl: `ws://${authority}${dialect.streamPath}` },
    finished: market.finished,
    get stats() {
      return readStats(counters, faults.fired);
    },
    inject: faults.inject,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createMarket(market: SimulatorOptions['market'], runtime: MarketRuntime): Market {
  return market.kind === 'replay'
    ? createReplayMarket(market, runtime)
    : createSyntheticMarket(market, runtime);
}
