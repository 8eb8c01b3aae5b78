import type { StreamConnection, StreamSink } from './dialect/dialect.ts';
import { createExchange } from './exchange.ts';
import type { Fault } from './faults/fault.ts';
import { checkOptions, type SimulatorOptions } from './simulator-options.ts';
import type { SimulatorStats } from './stats.ts';

/** A stream that was not opened. */
export interface StreamRefusal {
  /**
   * The HTTP status with which a server refuses the upgrade: 404 for a path without a stream, 414 for one of
   * more than 2,048 characters with its query, 503 while streams are refused and after the close.
   */
  readonly refusedWith: number;
}

/**
 * An exchange without sockets, for transports in memory. All it does happens in a call, in a timer of its runtime, or in promise
 * work that follows from them: it never needs the event loop.
 */
export interface Simulator {
  /** Answers a REST request to any host; a URL of more than 2,048 characters from the path on with 414. After {@link Simulator.close}, with 503. */
  fetch(request: Request): Response | Promise<Response>;
  /**
   * Opens a stream at a path, with or without a query. The greeting is sent to `sink` during the call. Whoever carries the stream
   * calls `closed` when it is gone, also after a `cut` or `close` of the sink: at once, later, or twice.
   */
  openStream(path: string, sink: StreamSink): StreamConnection | StreamRefusal;
  /** Path of the public stream. */
  readonly streamPath: string;
  /**
   * Resolves when every recorded frame of a replay has been given to the streams that follow it. A synthetic market has no end: there
   * it resolves on close. It never rejects.
   */
  readonly finished: Promise<void>;
  /** What happened so far; each reading is a fresh copy. */
  readonly stats: SimulatorStats;
  /**
   * Lets something go wrong while it runs: at once with `atSeconds` 0 or in the past, else by the market's clock.
   * @throws VenueError `invalid-options` for a fault that makes no sense, or one of a symbol that has no market here.
   */
  inject(fault: Fault): void;
  /** Ends everything: every stream is cut, and afterwards no timer is left. Doing it again does nothing. */
  close(): void;
}

/**
 * Makes an exchange simulator without sockets. With a runtime of your own, nothing of it touches real time, timers or chance: one
 * seed and one clock then give the same frames byte for byte.
 * @throws VenueError `invalid-options` if the options make no sense or a replay has no depth subscription.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  checkOptions(options, 'createSimulator');
  const exchange = createExchange(options);
  const { streams } = exchange;
  return {
    fetch: exchange.fetch,
    openStream(path, sink) {
      const refusedWith = streams.refusalOf(path);
      return refusedWith === undefined ? streams.open(sink) : { refusedWith };
    },
    streamPath: exchange.streamPath,
    finished: exchange.finished,
    get stats() {
      return exchange.stats;
    },
    inject: exchange.inject,
    close: exchange.close,
  };
}
