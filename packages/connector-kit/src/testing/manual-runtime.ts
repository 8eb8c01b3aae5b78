import type { Runtime, Socket, SocketHandlers, SocketOptions } from '@venuekit/connector-core';

/** A socket whose other end is the test. */
export interface ManualSocket {
  readonly url: string;
  readonly options: SocketOptions;
  /** Call these to be the venue. */
  readonly handlers: SocketHandlers;
  /** What the code under test sent, in order. */
  readonly sent: string[];
  /** True once it was dropped. */
  terminated: boolean;
  /** True once it was closed by the code under test. Set it to play a peer that does not answer. */
  closed: boolean;
}

/** A runtime in which time passes only when the test says so. */
export interface ManualRuntime extends Runtime {
  /** Lets time pass, in milliseconds, firing what becomes due in order; promise work settles in between. */
  advance(ms: number): Promise<void>;
  /** Lets time pass while nothing is fired, as when the process is busy. */
  stall(ms: number): void;
  /** Labels of the timers that are waiting, by the time at which they are due. */
  readonly waiting: readonly string[];
  /** Every socket that was opened, in order. */
  readonly sockets: readonly ManualSocket[];
  /** What `random.next` gives: from 0 (included) to 1 (excluded). */
  chance: number;
}

/** What a manual runtime may be made with. */
export interface ManualRuntimeOptions {
  /** HTTP; every request fails by default. */
  readonly fetch?: Runtime['fetch'];
  /** Wall time at the start, in milliseconds since the epoch. The monotonic clock starts at 0. */
  readonly startMs?: number;
}

interface PlannedTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly label: string;
  readonly fire: () => void;
}

const noHttp = (): Promise<Response> => Promise.reject(new Error('this runtime has no HTTP'));

/** Lets promise work settle: enough turns of the microtask queue for any chain of promises in the code under test. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

/** Makes a runtime by hand. */
export function createManualRuntime(options: ManualRuntimeOptions = {}): ManualRuntime {
  const { fetch = noHttp, startMs = 1_700_000_000_000 } = options;
  const time = new ManualTime(startMs);
  const sockets: ManualSocket[] = [];
  const shared = new Map<string, unknown>();
  let lastId = 0;
  const runtime: ManualRuntime = {
    chance: 0.5,
    sockets,
    get waiting() {
      return time.planned().map(({ label }) => label);
    },
    clock: { now: () => time.now, monotonic: () => time.now - startMs },
    timers: { setTimer: (delayMs, fire, label) => time.plan(delayMs, fire, label) },
    random: { next: () => runtime.chance },
    ids: { next: (kind) => `${kind}${++lastId}` },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    meter: { count() {}, record() {} },
    fetch,
    openSocket: (url, socketOptions, handlers) => open(sockets, url, socketOptions, handlers),
    shared: <T>(key: string, create: () => T): T => {
      if (!shared.has(key)) shared.set(key, create());
      return shared.get(key) as T;
    },
    stall: (ms) => {
      time.now += ms;
    },
    advance: (ms) => time.advance(ms),
  };
  return runtime;
}

/** A clock with its timers. */
class ManualTime {
  now: number;
  readonly #timers = new Set<PlannedTimer>();
  #order = 0;

  constructor(startMs: number) {
    this.now = startMs;
  }

  planned(): readonly PlannedTimer[] {
    return [...this.#timers].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
  }

  plan(delayMs: number, fire: () => void, label: string): Disposable {
    this.#order += 1;
    const timer = { dueAt: this.now + Math.max(0, delayMs), order: this.#order, label, fire };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    await settle();
    for (let next = this.planned()[0]; next !== undefined && next.dueAt <= until; next = this.planned()[0]) {
      this.#timers.delete(next);
      // A timer that time was stalled over fires late, not back in time.
      this.now = Math.max(this.now, next.dueAt);
      next.fire();
      await settle();
    }
    this.now = Math.max(this.now, until);
  }
}

function open(
  sockets: ManualSocket[],
  url: string,
  options: SocketOptions,
  handlers: SocketHandlers,
): Socket {
  const socket: ManualSocket = { url, options, handlers, sent: [], terminated: false, closed: false };
  sockets.push(socket);
  const end = (code: number): void => {
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
