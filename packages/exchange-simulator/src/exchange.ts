import type { Clock } from '@venuekit/connector-core';
import { withinBodyLimit } from './body-limit.ts';
import { createAscendexDialect } from './dialect/ascendex/ascendex-dialect.ts';
import type { Caller, Dialect, OpenDialect } from './dialect/dialect.ts';
import type { Fault } from './faults/fault.ts';
import { createFaultControl, type FaultControl } from './faults/fault-control.ts';
import { createVenueActions, type VenueActions } from './faults/venue-actions.ts';
import type { Market } from './market/market.ts';
import { createRecorder, type Recorder } from './recording/recorder.ts';
import { createReplayMarket } from './replay/replay-market.ts';
import type { SimulatorOptions } from './simulator-options.ts';
import { type Counters, countFailure, createCounters, readStats, type SimulatorStats } from './stats.ts';
import { createStreamRegistry, type StreamRegistry } from './stream-registry.ts';
import { createSystemRuntime, type SimulatorRuntime } from './system-runtime.ts';
import { createTimerGroup, type TimerGroup } from './timer-group.ts';
import { createMarketTruth } from './truth/market-truth.ts';
import type { TruthSink } from './truth/truth-entry.ts';
import { isTooLong, refuseUrl } from './url-limit.ts';
import { defaultUsers, withAssets } from './users/default-users.ts';
import { drawText } from './users/draw-text.ts';
import { createUserDirectory } from './users/user-directory.ts';
import type { User, UserDirectory } from './users/user-types.ts';
import type { Venue } from './venue/venue.ts';
import { createWorld, type World } from './world/world.ts';

/** A whole exchange, without a way to reach it. */
export interface Exchange {
  /** Answers a REST request; after the end, with 503. */
  fetch(request: Request, caller: Caller): Response | Promise<Response>;
  readonly streams: StreamRegistry;
  /** Path of the stream. */
  readonly streamPath: string;
  /** Resolves when a recorded session has been given out; settles on close at the latest. */
  readonly finished: Promise<void>;
  /** Public data. */
  readonly market: Market;
  /** A fresh copy. */
  readonly stats: SimulatorStats;
  /** The same, for those who ask again and again. */
  readStats(): SimulatorStats;
  readonly users: readonly User[];
  /** Symbols that have a market. */
  readonly pairs: readonly string[];
  /** Lets something go wrong; gives the fault's number. */
  inject(fault: Fault): number;
  readonly faults: FaultControl;
  /** What operators can do; `undefined` while nothing can be traded. */
  readonly actions: VenueActions | undefined;
  /** The venue's clock, which may be wrong on purpose. */
  readonly clock: Clock;
  /** Cuts every stream and ends the market; no timer is left. Doing it again does nothing. */
  close(): void;
}

/** What everything of an exchange runs on. */
interface Ground {
  readonly runtime: SimulatorRuntime;
  /** Of the venue, which may be wrong on purpose. */
  readonly venueClock: Clock;
  readonly timers: TimerGroup;
  readonly truth: TruthSink | undefined;
  readonly engineDelayMs: () => number;
  readonly onFailure: (error: unknown) => void;
  /** How a replay ends the streams that its recording ended. */
  readonly streams: Pick<StreamRegistry, 'cutAll' | 'closeAll'>;
}

/**
 * Opens an exchange. The options have been checked.
 * @throws VenueError `invalid-options` if a market cannot be made of them, or a fault names a symbol that is not there.
 */
export function createExchange(options: SimulatorOptions): Exchange {
  const { truth } = options;
  const runtime = options.runtime ?? createSystemRuntime();
  const timers = createTimerGroup(runtime.timers);
  const { clock } = runtime;
  const counters = createCounters();
  let venueNow = (): number => clock.now();
  const venueClock: Clock = {
    now: () => venueNow(),
    monotonic: () => clock.monotonic(),
  };
  const world = openWorld(options, {
    ...{ runtime, venueClock, timers, truth },
    onFailure: (error) => countFailure(counters, error),
    engineDelayMs: () => faults.engineDelayMs(),
    streams: {
      cutAll: () => streams.cutAll(),
      closeAll: (code, reason) => streams.closeAll(code, reason),
    },
  });
  const { market } = world;
  const dialect: Dialect = options.dialect ?? createAscendexDialect();
  const users = orElse(timers.close, () => openUsers(options, dialect, world));
  const speed = options.market.kind === 'replay' && options.market.speed !== 'max' ? options.market.speed : 1;
  const dropAll = (): void => streams.cutAll();
  const { random } = runtime;
  const actions = openActions(world, users.users, (account) => {
    const user = users.users.find(({ cash }) => cash === account);
    const id = user && dialect.nameOrder?.(user, venueClock.now(), world.random);
    return id ?? drawText(world.random, 'order from outside', 32);
  });
  const faults = createFaultControl({
    ...{ market, clock, timers, random, dropAll, speed, truth, counters },
    ...{ venue: actions, users },
  });
  venueNow = faults.nowMs;
  const venue: Venue = {
    ...{ market, faults, counters, timers, listings: world.listings, desk: world.desk, random: world.random },
    users: faults.users,
    clock: venueClock,
  };
  const open: OpenDialect = orElse(timers.close, () => dialect.open(venue));
  const streams = createStreamRegistry({ dialect: open, faults, counters, clock, truth });
  const recorder = orElse(timers.close, () =>
    openRecorder(options, { clock, market, streamPath: open.streamPath }),
  );
  let closed = false;

  function close(): void {
    closed = true;
    streams.close();
    world.close();
    timers.close();
    faults.close();
  }

  const readNow = (): SimulatorStats => readStats(counters, faults.fired);

  function answer(request: Request, caller: Caller): Response | Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (isTooLong(pathname + search)) return refuseUrl();
    return withinBodyLimit(request, (whole) => fetchSafely({ dialect: open, counters }, whole, caller));
  }

  async function answerAndTell(request: Request, caller: Caller, tell: TruthSink): Promise<Response> {
    const response = await answer(request, caller);
    const { method, url } = request;
    const path = new URL(url).pathname;
    tell({ kind: 'request', timeMs: clock.now(), method, path, status: response.status });
    return response;
  }

  orElse(close, () => {
    for (const fault of options.faults ?? []) faults.plan(fault);
  });
  return {
    fetch(request, caller) {
      if (closed) return new Response(null, { status: 503 });
      const response = faults.requests.answer(request, caller, (asked) =>
        truth === undefined ? answer(asked, caller) : answerAndTell(asked, caller, truth),
      );
      return recorder === undefined ? response : recordAnswer(recorder, request, response);
    },
    streams: recorder === undefined ? streams : recordedStreams(streams, recorder),
    streamPath: open.streamPath,
    finished: market.finished,
    get stats() {
      return readNow();
    },
    ...{ market, readStats: readNow },
    users: users.users,
    pairs: market.symbols,
    inject: faults.inject,
    ...{ faults, actions, clock: venueClock, close },
  };
}

/** What `make` gives; if it throws, `undo` is done first, so that no timer of what there is already goes on. */
function orElse<Made>(undo: () => void, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    undo();
    throw error;
  }
}

function openUsers({ users }: SimulatorOptions, dialect: Dialect, world: World): UserDirectory {
  return createUserDirectory({
    ...{ desk: world.desk, fees: world.fees, random: world.random },
    nameUser: (number, random) => dialect.nameUser(number, random),
    users: users ?? defaultUsers.map((user) => withAssets(user, assetsOf(world))),
  });
}

function assetsOf({ listings }: World): ReadonlySet<string> {
  return new Set([...listings.values()].flatMap(({ base, quote }) => [base, quote]));
}

/** Who writes down what a client sees; nobody if nobody asked for it. */
function openRecorder(
  { record }: SimulatorOptions,
  {
    clock,
    market,
    streamPath,
  }: { readonly clock: Clock; readonly market: Market; readonly streamPath: string },
): Recorder | undefined {
  if (record === undefined) return undefined;
  const streamUrl = `${recordedHost}${streamPath}`;
  // Both may be of the object's class.
  const write = (text: string): void => record.write(text);
  const isPrivate = record.private ?? false;
  return createRecorder({ write, private: isPrivate, clock, streamUrl, products: market.products });
}

/** What recordings call the simulator: its port says nothing to those who read them. */
const recordedHost = 'wss://exchange-simulator.test';

async function recordAnswer(
  recorder: Recorder,
  request: Request,
  response: Response | Promise<Response>,
): Promise<Response> {
  const answer = await response;
  void recorder.answered(request, answer);
  return answer;
}

function recordedStreams(streams: StreamRegistry, recorder: Recorder): StreamRegistry {
  return {
    ...streams,
    open: (request, sink) => recorder.carry(sink, (carrier) => streams.open(request, carrier)),
  };
}

/** An answer in any case: what a dialect throws is told to whoever asked, for nobody else would hear of it. */
function fetchSafely(
  { dialect, counters }: { readonly dialect: OpenDialect; readonly counters: Counters },
  request: Request,
  caller: Caller,
): Response | Promise<Response> {
  const failed = (error: unknown): Response => {
    countFailure(counters, error);
    return Response.json({ message: `the dialect has failed: ${String(error)}` }, { status: 500 });
  };
  try {
    const answer = dialect.fetch(request, caller);
    return answer instanceof Promise ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

/** What operators can do in a world. */
function openActions(
  { desk, floor, listings, market }: World,
  users: readonly User[],
  nameOrder: (account: string) => string,
): VenueActions | undefined {
  if (desk === undefined || floor === undefined) return undefined;
  return createVenueActions({
    ...{ desk, listings, users, setStatus: floor.setStatus },
    bestPrice: (symbol, side) => market.liveBook(symbol, 1)?.[side === 'buy' ? 'bids' : 'asks'][0]?.[0],
    nameOrder,
  });
}

/** The world of a seed, or what takes its place while a recording is played: a market and nobody who trades. */
function openWorld({ market, fees }: SimulatorOptions, { runtime, streams, ...ground }: Ground): World {
  const { clock, random } = runtime;
  const { timers, truth, onFailure } = ground;
  if (market.kind === 'synthetic')
    return createWorld({ ...market, ...(fees && { fees }) }, { clock, ...ground });
  const replay = createReplayMarket(market, {
    ...{ clock, timers, streams, onFailure },
    truth: createMarketTruth(truth),
  });
  return {
    ...{ market: replay, listings: new Map(), desk: undefined, floor: undefined, random },
    fees: fees ?? { maker: '0', taker: '0' },
    close: () => replay.close(),
  };
}
