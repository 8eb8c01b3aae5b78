import type { Runtime, Socket } from '@venuekit/connector-core';
import { createHttpClient } from '@venuekit/connector-kit/http';
import type { Incarnation, VirtualDisk } from '@venuekit/connector-kit/testing';

/** What a toy client is made of. */
export interface ToyClientOptions {
  readonly incarnation: Incarnation;
  /** Orders that are to be placed in all, by all incarnations together. */
  readonly orderCount: number;
  /** Hears of every operation right before it. */
  readonly onOperation?: (operation: string) => void;
  /** Chance; that of the runtime by default. */
  readonly draw?: () => number;
}

const text = new TextDecoder();
const journal = 'orders';

/**
 * Starts a toy client: a stream that comes back and is pinged, two sweeps that are due at the same instants, and orders with
 * a journal: the intent is written and synced before the request, the outcome afterwards and not synced.
 * @returns lets go of everything.
 */
export function startToyClient(options: ToyClientOptions): Disposable {
  const runtime = watchRuntime(options.incarnation.runtime, options.onOperation ?? (() => {}));
  const disk = watchDisk(options.incarnation.disk, options.onOperation ?? (() => {}));
  const client = new ToyClient(runtime, disk, options);
  client.start();
  return { [Symbol.dispose]: () => client.stop() };
}

/** Orders that a journal says are done, without repetitions. */
export function doneOrders(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.filter((line) => line.startsWith('done ')))];
}

class ToyClient {
  readonly #runtime: Runtime;
  readonly #disk: VirtualDisk;
  readonly #options: ToyClientOptions;
  readonly #timers = new Map<string, Disposable>();
  readonly #abort = new AbortController();
  #socket: Socket | undefined;
  #open = false;
  #pings = 0;

  constructor(runtime: Runtime, disk: VirtualDisk, options: ToyClientOptions) {
    this.#runtime = runtime;
    this.#disk = disk;
    this.#options = options;
  }

  start(): void {
    this.#dial();
    this.#every('sweep-one', 100);
    this.#every('sweep-two', 100);
    this.#nextOrder(0);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
    this.#abort.abort(new Error('stopped'));
    this.#socket?.close();
    this.#socket = undefined;
  }

  #plan(label: string, delayMs: number, fire: () => void): void {
    this.#timers.set(label, this.#runtime.timers.setTimer(delayMs, fire, label));
  }

  #every(label: string, delayMs: number): void {
    this.#plan(label, delayMs, () => {
      this.#options.incarnation.record('note', label);
      if (label === 'sweep-one' && this.#open) this.#socket?.send(`ping ${++this.#pings}`);
      this.#every(label, delayMs);
    });
  }

  #dial(): void {
    this.#socket = this.#runtime.openSocket(
      'ws://venue.test/stream',
      { maxMessageBytes: 1_000 },
      {
        opened: () => {
          this.#open = true;
        },
        message: (bytes) => this.#options.incarnation.record('message', text.decode(bytes)),
        closed: () => {
          this.#open = false;
          if (!this.#abort.signal.aborted) this.#plan('redial', 50, () => this.#dial());
        },
      },
    );
  }

  #nextOrder(jitterMs: number): void {
    this.#plan('order', 60 + jitterMs, () => void this.#placeOrder().catch(() => this.#again()));
  }

  #again(): void {
    if (!this.#abort.signal.aborted) this.#nextOrder(10 * (this.#options.draw?.() ?? this.#chance()));
  }

  #chance(): number {
    return this.#runtime.random.next('jitter');
  }

  async #placeOrder(): Promise<void> {
    const number = doneOrders(this.#disk.read(journal)).length + 1;
    if (number > this.#options.orderCount) return;
    if (!this.#disk.read(journal).includes(`intent ${number}`))
      this.#disk.append(journal, `intent ${number}`);
    this.#disk.sync(journal);
    const http = createHttpClient({ runtime: this.#runtime, venue: 'toy', baseUrl: 'http://venue.test' });
    const wanted = { operation: 'order', method: 'POST', path: '/orders', body: `${number}` } as const;
    await http.request({ ...wanted, timeoutMs: 300, signal: this.#abort.signal });
    this.#disk.append(journal, `done ${number}`);
    this.#again();
  }
}

function watchRuntime(runtime: Runtime, hear: (operation: string) => void): Runtime {
  return {
    ...runtime,
    fetch: async (request) => {
      hear(`request ${await request.clone().text()}`);
      return runtime.fetch(request);
    },
    openSocket: (url, options, handlers) => {
      hear('dial');
      const socket = runtime.openSocket(url, options, handlers);
      const send = (frame: string): void => {
        hear(`send ${frame}`);
        socket.send(frame);
      };
      return {
        send,
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      };
    },
  };
}

function watchDisk(disk: VirtualDisk, hear: (operation: string) => void): VirtualDisk {
  return {
    ...disk,
    append: (file, line) => {
      hear(`append ${line}`);
      disk.append(file, line);
    },
    sync: (file) => {
      hear('sync');
      disk.sync(file);
    },
  };
}
