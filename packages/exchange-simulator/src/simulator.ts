import type { Caller, StreamConnection, StreamRequest, StreamSink } from './dialect/dialect.ts';
import { createExchange } from './exchange.ts';
import type { Fault } from './faults/fault.ts';
import { checkOptions, type SimulatorOptions } from './simulator-options.ts';
import type { SimulatorStats } from './stats.ts';
import type { StreamRefusal } from './stream-registry.ts';
import type { User } from './users/user-types.ts';

export type { StreamRefusal } from './stream-registry.ts';

/**
 * An exchange without sockets, for transports in memory. All it does happens in a call, in a timer of its runtime, or in promise
 * work that follows from them: it never needs the event loop.
 */
export interface ExchangeSimulator extends AsyncDisposable {
  /**
   * Answers a REST request to any host, as one from `caller`, which is 127.0.0.1 if left out; a URL of more than 2,048 characters from the
   * path on with 414. After {@link ExchangeSimulator.close}, with 503. Where a fault loses a request, it rejects as a platform's own
   * fetch does when its connection is reset: at once, when `request.signal` is aborted, or on close.
   */
  fetch(request: Request, caller?: Caller): Response | Promise<Response>;
  /**
   * Opens a stream at a path, with or without a query, or as a request with headers and an address asks for it; the public one if no
   * path is given. The greeting is sent to `sink` during the call. Whoever carries the stream calls `closed` when it is gone, also
   * after a `cut` or `close` of the sink: at once, later, or twice.
   */
  connect(request: string | Partial<StreamRequest>, sink: StreamSink): StreamConnection | StreamRefusal;
  /** Path of the public stream. */
  readonly streamPath: string;
  /**
   * Resolves when every recorded frame of a replay has been given to the streams that follow it. A synthetic market has no end: there
   * it resolves on close. It never rejects.
   */
  readonly finished: Promise<void>;
  /** Who has an account, in the order of the options. */
  readonly users: readonly User[];
  /** Symbols that have a market. */
  readonly pairs: readonly string[];
  /** What happened so far; each reading is a fresh copy. */
  readonly stats: SimulatorStats;
  /**
   * Lets something go wrong while it runs: at once with `atSeconds` 0 or in the past, else by the market's clock. Gives its number.
   * @throws VenueError `invalid-options` for a fault that makes no sense, or one of a symbol that has no market here.
   */
  inject(fault: Fault): number;
  /** Ends a fault, or gives up one that is planned; false if there is none of that number any more. */
  endFault(id: number): boolean;
  /** Ends everything: every stream is cut, and afterwards no timer is left. Doing it again does nothing. `await using` does it too. */
  close(): void;
}

/** Who asks, if nobody says. */
const here: Caller = { address: '127.0.0.1' };

/**
 * Makes an exchange simulator without sockets. With a runtime of your own, nothing of it touches real time, timers or chance: one
 * seed and one clock then give the same frames byte for byte.
 * @throws VenueError `invalid-options` if the options make no sense or a replay has no depth subscription.
 */
export function createExchangeSimulator(options: SimulatorOptions): ExchangeSimulator {
  checkOptions(options, 'createExchangeSimulator');
  const exchange = createExchange(options);
  const { streams } = exchange;
  return {
    fetch: (request, caller = here) => exchange.fetch(request, caller),
    connect(asked, sink) {
      const given = typeof asked === 'string' ? { path: asked } : asked;
      const request = { path: exchange.streamPath, headers: new Headers(), ...here, ...given };
      return streams.refusalOf(request) ?? streams.open(request, sink);
    },
    streamPath: exchange.streamPath,
    finished: exchange.finished,
    get stats() {
      return exchange.stats;
    },
    inject: exchange.inject,
    endFault: (id) => exchange.faults.end(id),
    users: exchange.users,
    pairs: exchange.pairs,
    close: exchange.close,
    async [Symbol.asyncDispose]() {
      exchange.close();
    },
  };
}
