import { once } from 'node:events';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import {
  createExchangeSimulator,
  type Fault,
  parseFault,
  type SimulatorOptions,
  startExchangeSimulator,
  type TruthEntry,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect, type PlainDialect } from './plain-dialect.ts';

/** How clients reach the exchange. */
export type Transport = 'in memory' | 'over sockets';

export const transports: readonly Transport[] = ['in memory', 'over sockets'];

/** A client of a stream. */
export interface FaultClient {
  /** What came, in order; the greeting is left out. */
  readonly texts: readonly string[];
  /** How the stream ended: a close code, 1006 for one that was cut. */
  readonly ended: number | undefined;
  /** What was sent is here after it, unless nothing is answered any more. */
  settle(): Promise<void>;
  /** Waits until the stream has ended. */
  gone(): Promise<number>;
  /** Waits until so many texts have come. */
  until(count: number): Promise<void>;
  send(text: string): void;
}

/** What a request got. */
export type Answer =
  | { readonly status: number; readonly text: string; readonly headers: Headers }
  | { readonly failed: string };

/** An exchange with a plain dialect, by a clock that is moved by hand. */
export interface FaultStage {
  readonly dialect: PlainDialect;
  readonly runtime: HandMadeRuntime;
  readonly truth: readonly TruthEntry[];
  readonly fired: Readonly<Record<string, number>>;
  inject(fault: string | Fault): number;
  /** A client, or why there is none: a status, `hang` or `reset`. */
  connect(path?: string): Promise<FaultClient | number | string>;
  /** A client; fails without. */
  client(path?: string): Promise<FaultClient>;
  /** Asks; the promise is settled when the answer is here, or lost. */
  ask(method: string, path: string, signal?: AbortSignal): Promise<Answer>;
  /** Lets time pass, and everything that follows from it happen. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const open = new Set<FaultStage>();

afterEach(async () => {
  await Promise.all([...open].map((stage) => stage.close()));
  open.clear();
});

export async function openStage(
  transport: Transport,
  options: Partial<SimulatorOptions> = {},
): Promise<FaultStage> {
  const runtime = createHandMadeRuntime();
  const dialect = createPlainDialect();
  const truth: TruthEntry[] = [];
  const whole: SimulatorOptions = {
    market: { kind: 'synthetic', seed: 'faults', pairs: 2, traders: false },
    ...{ runtime, dialect, truth: (entry: TruthEntry) => void truth.push(entry) },
    ...options,
  };
  const reached = transport === 'in memory' ? reachInMemory(whole) : await reachOverSockets(whole);
  const stage: FaultStage = {
    ...{ dialect, runtime, truth },
    get fired() {
      return reached.stats().faults;
    },
    inject: (fault) => reached.inject(typeof fault === 'string' ? parseFault(fault) : fault) as number,
    connect: (path = '/stream') => reached.connect(path),
    async client(path = '/stream') {
      const client = await reached.connect(path);
      if (typeof client !== 'object') throw new Error(`expected a stream, got ${client}`);
      return client;
    },
    ask: (method, path, signal) => reached.ask(method, path, signal),
    async pass(ms) {
      await flush();
      runtime.pass(ms);
      await flush();
    },
    close: reached.close,
  };
  open.add(stage);
  return stage;
}

/** Everything that was under way in this process has happened; promises of requests take several turns. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface Reached extends Pick<FaultStage, 'connect' | 'ask' | 'close'> {
  connect(path: string): Promise<FaultClient | number | string>;
  inject(fault: Fault): unknown;
  stats(): { readonly faults: Readonly<Record<string, number>> };
}

function reachInMemory(options: SimulatorOptions): Reached {
  const simulator = createExchangeSimulator(options);
  return {
    inject: simulator.inject,
    stats: () => simulator.stats,
    async ask(method, path, signal) {
      const request = new Request(`http://venue.test${path}`, { method, ...(signal && { signal }) });
      return answerOf(Promise.resolve(simulator.fetch(request)));
    },
    async connect(path) {
      const log = clientLog();
      const end = (code: number): void => {
        log.end(code);
        if (!('refusedWith' in opened)) opened.closed();
      };
      const opened = simulator.connect(path, {
        send: (text) => log.take(text),
        pong: () => {},
        cut: () => end(1006),
        // No closing handshake can have this code.
        close: (code) => end(code === 1006 ? 0 : code),
        bufferedBytes: 0,
      });
      if ('refusedWith' in opened) return opened.ending ?? opened.refusedWith;
      return Object.assign(log, { send: (text: string) => opened.receive(text), settle: flush });
    },
    close: async () => simulator.close(),
  };
}

async function reachOverSockets(options: SimulatorOptions): Promise<Reached> {
  const simulator = await startExchangeSimulator(options);
  const { restUrl } = simulator.endpoints;
  const sockets = new Set<WebSocket>();
  return {
    inject: simulator.inject,
    stats: () => simulator.stats,
    ask: (method, path, signal) =>
      answerOf(fetch(`${restUrl}${path}`, { method, redirect: 'manual', ...(signal && { signal }) })),
    async connect(path) {
      const socket = new WebSocket(restUrl.replace('http', 'ws') + path, { perMessageDeflate: false });
      sockets.add(socket);
      const log = clientLog();
      socket.on('message', (data) => log.take(data.toString()));
      socket.on('close', (code) => log.end(code));
      const opened = await outcome(socket, () => simulator.stats.faults['hung-upgrade']);
      if (opened !== 'open') return opened;
      return Object.assign(log, {
        send: (text: string) => socket.send(text),
        settle: () => pingPong(socket),
      });
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await simulator.close();
    },
  };
}

/** `hang` is what the server has struck so. */
async function outcome(socket: WebSocket, hanging: () => number): Promise<'open' | number | string> {
  const before = hanging();
  let result: 'open' | number | string | undefined;
  socket.on('open', () => {
    result = 'open';
  });
  socket.on('unexpected-response', (_request, response) => {
    result = response.statusCode ?? 0;
  });
  socket.on('error', () => {
    result ??= 'reset';
  });
  while (result === undefined) {
    await flush();
    if (hanging() > before && result === undefined) return 'hang';
  }
  return result;
}

async function pingPong(socket: WebSocket): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return;
  const ponged = once(socket, 'pong');
  socket.ping();
  await ponged;
}

async function answerOf(promise: Promise<Response>): Promise<Answer> {
  try {
    const response = await promise;
    return { status: response.status, text: await response.text(), headers: response.headers };
  } catch (error) {
    return { failed: error instanceof Error ? error.name : 'something' };
  }
}

interface ClientLog extends Omit<FaultClient, 'send' | 'settle'> {
  take(text: string): void;
  end(code: number): void;
}

function clientLog(): ClientLog {
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  const state: { ended: number | undefined; greeted: boolean } = { ended: undefined, greeted: false };
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  const until = (ready: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!ready()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    texts,
    get ended() {
      return state.ended;
    },
    take(text) {
      if (state.greeted || text !== '{"m":"connected"}') texts.push(text);
      state.greeted = true;
      wake();
    },
    end(code) {
      state.ended = code;
      wake();
    },
    async gone() {
      await until(() => state.ended !== undefined);
      return state.ended ?? 0;
    },
    until: (count) => until(() => texts.length >= count),
  };
}
