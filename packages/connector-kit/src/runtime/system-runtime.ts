import type {
  Clock,
  Ids,
  Logger,
  Meter,
  OpenSocket,
  Random,
  Runtime,
  Timers,
} from '@venuekit/connector-core';
import { openSystemSocket } from './system-socket-runtime.ts';

/** Parts of the system runtime that a program may replace; the rest stays as it is. */
export interface SystemRuntimeOptions {
  /** Where messages go; nowhere by default. */
  readonly logger?: Logger;
  /** Where counts go; nowhere by default. */
  readonly meter?: Meter;
  /** HTTP, for example through a proxy; the global `fetch` by default. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** WebSockets, for example through an agent; `ws` by default. */
  readonly openSocket?: OpenSocket;
}

/** Longest delay that a timer of the system takes; longer ones are waited for in parts. */
const longestDelayMs = 2_147_483_647;

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

const systemTimers: Timers = {
  setTimer(delayMs, fire) {
    let handle: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      const partMs = Math.min(Math.max(leftMs, 0), longestDelayMs);
      handle = setTimeout(() => (leftMs > partMs ? wait(leftMs - partMs) : fire()), partMs);
    };
    wait(delayMs);
    return { [Symbol.dispose]: () => clearTimeout(handle) };
  },
};

const systemRandom: Random = { next: () => Math.random() };

const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const silentMeter: Meter = { count() {}, record() {} };

/** Identifiers that no other process gives: 20 letters and digits, drawn from the system's secure source. */
function systemIds(): Ids {
  return { next: () => crypto.randomUUID().replaceAll('-', '').slice(0, 20) };
}

function sharedObjects(): Runtime['shared'] {
  const objects = new Map<string, unknown>();
  return <T>(key: string, create: () => T): T => {
    if (!objects.has(key)) objects.set(key, create());
    return objects.get(key) as T;
  };
}

/** One set for the whole process: budgets are the venue's view of this machine, not of one connector. */
const processShared = sharedObjects();

/**
 * The runtime of the system. All of them in one process share one set of shared objects, so that connectors made separately
 * share their budgets.
 */
export function createSystemRuntime(options: SystemRuntimeOptions = {}): Runtime {
  return {
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    ids: systemIds(),
    logger: options.logger ?? silentLogger,
    meter: options.meter ?? silentMeter,
    fetch: options.fetch ?? ((request) => fetch(request)),
    openSocket: options.openSocket ?? openSystemSocket,
    shared: processShared,
  };
}
