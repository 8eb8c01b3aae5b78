import type { MarketHandle, Runtime, Socket, SocketHandlers, StreamName } from '@venuekit/connector-core';
import { createManualRuntime, type ManualRuntime } from '@venuekit/connector-kit/testing';
import {
  createExchangeSimulator,
  createSeededRandom,
  type ExchangeSimulator,
  type Fault,
  parseFault,
  type SimulatorOptions,
} from '@venuekit/exchange-simulator';
import { type AscendexSpot, type AscendexSpotOptions, createAscendexSpot } from '../../src/index.ts';

/** How long anything is on its way, in milliseconds. */
const wayMs = 20;

/** A request that arrived at the venue. */
export interface ArrivedRequest {
  readonly atMs: number;
  /** Number of the dial that it came on, from 0. */
  readonly dial: number;
  /** `sub`, `unsub`, `ping`, or the action of a request. */
  readonly what: string;
}

/** A connector on a simulated exchange, both in time that the test passes. */
export interface SimulatedSpot {
  readonly runtime: ManualRuntime;
  readonly simulator: ExchangeSimulator;
  readonly connector: AscendexSpot;
  readonly arrived: readonly ArrivedRequest[];
  /** Dials so far. */
  readonly dials: number;
  /** What the connector counted: `NAME KEY=VALUE …` and how often. */
  readonly meter: ReadonlyMap<string, number>;
  /** Milliseconds since the beginning. */
  readonly now: number;
  /** Lets time pass. */
  advance(ms: number): Promise<void>;
  /** Breaks something from now on. */
  inject(text: string): void;
  /** Opens pairs with these streams, each followed by a listener. */
  open(pairs: readonly string[], streams: readonly StreamName[]): Promise<readonly MarketHandle[]>;
  /** Ends both. */
  close(): Promise<void>;
}

/** Starts both, and connects. */
export async function createSimulatedSpot(
  options: Omit<SimulatorOptions, 'runtime'>,
  own: Partial<AscendexSpotOptions> = {},
): Promise<SimulatedSpot> {
  const runtime = createManualRuntime({ fetch: async (request) => simulator.fetch(request) });
  const simulator = createExchangeSimulator({
    ...options,
    runtime: { ...runtime, random: createSeededRandom('simulated spot') },
  });
  const arrived: ArrivedRequest[] = [];
  const meter = new Map<string, number>();
  let dials = 0;
  const openSocket: Runtime['openSocket'] = (_url, _options, handlers) => {
    const dial = dials;
    dials += 1;
    const note = (what: string) => arrived.push({ atMs: runtime.clock.monotonic(), dial, what });
    return openLine(runtime, simulator, handlers, note);
  };
  const count: Runtime['meter']['count'] = (name, value = 1, labels = {}) => {
    const parts = Object.entries(labels).filter(([key]) => key !== 'venue');
    const key = [name, ...parts.map(([label, text]) => `${label}=${text}`)].join(' ');
    meter.set(key, (meter.get(key) ?? 0) + value);
  };
  const connector = createAscendexSpot({
    endpoints: { restUrl: 'http://v.test/', streamUrl: 'ws://v.test/' },
    runtime: { ...runtime, openSocket, meter: { count, record() {} } },
    ...own,
  });
  const advance = (ms: number) => runtime.advance(ms);
  await during(connector.connect(), runtime);
  return {
    ...{ runtime, simulator, connector, arrived, meter, advance },
    get dials() {
      return dials;
    },
    get now() {
      return runtime.clock.monotonic();
    },
    inject: (text) => void simulator.inject(parseFault(text) as Fault),
    open: async (pairs, streams) => {
      const opening = pairs.map((pair) => connector.marketData.open(pair, { streams }));
      const handles = await during(Promise.all(opening), runtime);
      for (const handle of handles) for (const stream of streams) handle[stream].subscribe(() => {});
      await advance(1_000);
      return handles;
    },
    close: async () => {
      await during(connector.close(), runtime);
      simulator.close();
    },
  };
}

/** Lets time pass until a promise settles. */
async function during<T>(promise: Promise<T>, runtime: ManualRuntime): Promise<T> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  for (let turn = 0; turn < 5_000 && !settled; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!settled) await runtime.advance(10);
  }
  return promise;
}

/** One connection: whatever is said on it arrives after a while, in order. */
function openLine(
  { timers }: ManualRuntime,
  simulator: ExchangeSimulator,
  handlers: SocketHandlers,
  note: (what: string) => void,
): Socket {
  let open = true;
  const end = (code: number) => {
    if (!open) return;
    open = false;
    if ('receive' in stream) stream.closed();
    handlers.closed(code, '');
  };
  const deliver = (text: string) =>
    timers.setTimer(wayMs, () => open && handlers.message(Buffer.from(text)), 'line-in');
  timers.setTimer(0, () => open && handlers.opened(), 'line-open');
  const stream = simulator.connect(simulator.streamPath, {
    send: deliver,
    pong: () => {},
    cut: () => end(1006),
    close: (code) => end(code),
    bufferedBytes: 0,
  });
  return {
    send: (text) => {
      const { op, action } = JSON.parse(text) as { readonly op: string; readonly action?: string };
      const arrive = () => {
        note(action ?? op);
        if (open && 'receive' in stream) stream.receive(text);
      };
      timers.setTimer(wayMs, arrive, 'line-out');
    },
    close: (code = 1000) => end(code),
    terminate: () => end(1006),
  };
}
