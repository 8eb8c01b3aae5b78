import { createAscendexDialect } from './dialect/ascendex/ascendex-dialect.ts';
import type { Dialect } from './dialect/dialect.ts';
import type { Fault } from './faults/fault.ts';
import { createFaultControl } from './faults/fault-control.ts';
import type { Market } from './market/market.ts';
import type { MarketRuntime } from './market/market-runtime.ts';
import { createReplayMarket } from './replay/replay-market.ts';
import type { SimulatorOptions } from './simulator-options.ts';
import { createCounters, readStats, type SimulatorStats } from './stats.ts';
import { createStreamRegistry, type StreamRegistry } from './stream-registry.ts';
import { createSyntheticMarket } from './synthetic/synthetic-market.ts';
import { createSystemRuntime } from './system-runtime.ts';
import { createTimerGroup } from './timer-group.ts';
import { createMarketTruth } from './truth/market-truth.ts';
import { isTooLong, refuseUrl } from './url-limit.ts';

/** A whole exchange, without a way to reach it. */
export interface Exchange {
  /** Answers a REST request; after the end, with 503. */
  fetch(request: Request): Response | Promise<Response>;
  readonly streams: StreamRegistry;
  /** Path of the stream. */
  readonly streamPath: string;
  /** Resolves when a recorded session has been given out; settles on close at the latest. */
  readonly finished: Promise<void>;
  /** A fresh copy. */
  readonly stats: SimulatorStats;
  /** Lets something go wrong. */
  inject(fault: Fault): void;
  /** Cuts every stream and ends the market; no timer is left. Doing it again does nothing. */
  close(): void;
}

/**
 * Opens an exchange. The options have been checked.
 * @throws VenueError `invalid-options` if a market cannot be made of them, or a fault names a symbol that is not there.
 */
export function createExchange(options: SimulatorOptions): Exchange {
  const { truth } = options;
  const { clock, timers: allTimers, random } = options.runtime ?? createSystemRuntime();
  const timers = createTimerGroup(allTimers);
  const counters = createCounters();
  const market = createMarket(options.market, { clock, timers, truth: createMarketTruth(truth) });
  const speed = options.market.kind === 'replay' && options.market.speed !== 'max' ? options.market.speed : 1;
  const dropAll = (): void => streams.cutAll();
  const faults = createFaultControl({ market, clock, timers, random, dropAll, speed, truth });
  const dialect: Dialect = createAscendexDialect({ market, faults, counters, clock, timers });
  const streams = createStreamRegistry({ dialect, faults, counters, clock, truth });
  let closed = false;

  function close(): void {
    closed = true;
    streams.close();
    market.close();
    timers.close();
  }

  function answer(request: Request): Response | Promise<Response> {
    const { pathname, search } = new URL(request.url);
    return isTooLong(pathname + search) ? refuseUrl() : dialect.fetch(request);
  }

  async function answerAndTell(request: Request, tell: NonNullable<typeof truth>): Promise<Response> {
    const response = await answer(request);
    const { method, url } = request;
    const path = new URL(url).pathname;
    tell({ kind: 'request', timeMs: clock.now(), method, path, status: response.status });
    return response;
  }

  try {
    for (const fault of options.faults ?? []) faults.plan(fault);
  } catch (error) {
    close();
    throw error;
  }
  return {
    fetch(request) {
      if (closed) return new Response(null, { status: 503 });
      return truth === undefined ? answer(request) : answerAndTell(request, truth);
    },
    streams,
    streamPath: dialect.streamPath,
    finished: market.finished,
    get stats() {
      return readStats(counters, faults.fired);
    },
    inject: faults.inject,
    close,
  };
}

function createMarket(market: SimulatorOptions['market'], runtime: MarketRuntime): Market {
  return market.kind === 'replay'
    ? createReplayMarket(market, runtime)
    : createSyntheticMarket(market, runtime);
}
