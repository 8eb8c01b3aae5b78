import type { Runtime, Socket, SocketHandlers, SocketOptions } from '@venuekit/connector-core';

interface PlannedTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly label: string;
  readonly fire: () => void;
}

/** A socket whose other end is the test. */
export interface ManualSocket {
  readonly url: string;
  readonly options: SocketOptions;
  readonly handlers: SocketHandlers;
  readonly sent: string[];
  terminated: boolean;
  closed: boolean;
}

/** A runtime in which time passes only when the test says so. */
export interface ManualRuntime extends Runtime {
  /** Lets time pass, firing what becomes due in order. */
  advance(ms: number): Promise<void>;
  /** Lets time pass while nothing is fired, as when the process is busy. */
  stall(ms: number): void;
  /** Labels of the timers that are waiting. */
  readonly waiting: readonly string[];
  /** Every socket that was opened. */
  readonly sockets: readonly ManualSocket[];
  /** What `random.next` gives. */
  chance: number;
}

/** Lets promise work settle: enough turns of the microtask queue for any chain of promises in the code under test. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

/** What a manual runtime may be made with. */
export interface ManualRuntimeOptions {
  /** HTTP; none by default. */
  readonly fetch?: Runtime['fetch'];
  /** Wall time at the start. */
  readonly startMs?: number;
}

const noHttp = () => Promise.reject(new Error('this runtime has no HTTP'));

export function createManualRuntime({
  fetch = noHttp,
  startMs = 1_700_000_000_000,
}: ManualRuntimeOptions = {}): ManualRuntime {
  let now = startMs;
  const start = now;
  let order = 0;
  let lastId = 0;
  const timers = new Set<PlannedTimer>();
  const sockets: ManualSocket[] = [];
  const shared = new Map<string, unknown>();
  const byTime = () => [...timers].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);

  const runtime: ManualRuntime = {
    chance: 0.5,
    sockets,
    get waiting() {
      return byTime().map(({ label }) => label);
    },
    clock: { now: () => now, monotonic: () => now - start },
    timers: {
      setTimer: (delayMs, fire, label) => {
        const timer = { dueAt: now + Math.max(0, delayMs), order: order++, label, fire };
        timers.add(timer);
        return { [Symbol.dispose]: () => void timers.delete(timer) };
      },
    },
    random: { next: () => runtime.chance },
    ids: { next: (kind) => `${kind}${++lastId}` },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    meter: { count() {}, record() {} },
    fetch,
    openSocket: (url, options, handlers) => open(url, options, handlers),
    shared: <T>(key: string, create: () => T): T => {
      if (!shared.has(key)) shared.set(key, create());
      return shared.get(key) as T;
    },
    stall: (ms) => {
      now += ms;
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let next = byTime()[0]; next !== undefined && next.dueAt <= until; next = byTime()[0]) {
        timers.delete(next);
        now = Math.max(now, next.dueAt);
        next.fire();
        await settle();
      }
      now = Math.max(now, until);
    },
  };
  return runtime;

  function open(url: string, options: SocketOptions, handlers: SocketHandlers): Socket {
    const socket: ManualSocket = { url, options, handlers, sent: [], terminated: false, closed: false };
    sockets.push(socket);
    const end = (code: number) => {
      if (socket.closed) return;
      socket.closed = true;
      handlers.closed(code, '');
    };
    return {
      send: (text) => void socket.sent.push(text),
      close: (code = 1000) => end(code),
      terminate: () => {
        socket.terminated = true;
        end(1006);
      },
    };
  }
}
