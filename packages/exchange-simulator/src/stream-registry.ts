import type { Clock } from '@venuekit/connector-core';
import type { Dialect, StreamConnection, StreamSink } from './dialect/dialect.ts';
import type { FaultControl } from './faults/fault-control.ts';
import type { Counters } from './stats.ts';
import type { StreamTruth, TruthSink } from './truth/truth-entry.ts';

/** All open streams, however they are carried. */
export interface StreamRegistry {
  /** The HTTP status with which a stream at `path` is refused, which counts; `undefined` if it may be opened. */
  refusalOf(path: string): number | undefined;
  /** Opens a stream; the greeting is sent at once. */
  open(sink: StreamSink): StreamConnection;
  /** Cuts every stream without a closing handshake. */
  cutAll(): void;
  /** Cuts every stream, and opens none any more. */
  close(): void;
}

/** What a registry serves. */
export interface StreamRegistryOptions {
  readonly dialect: Dialect;
  readonly faults: FaultControl;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly truth: TruthSink | undefined;
}

/** A longer message of a client closes its stream. */
export const longestMessageBytes: number = 1 << 20;

/** Makes a registry without streams. */
export function createStreamRegistry(options: StreamRegistryOptions): StreamRegistry {
  const { dialect, faults, counters, clock, truth } = options;
  /** How to cut each stream that is open. */
  const cuts = new Set<() => void>();
  let closed = false;

  function tell(event: StreamTruth['event']): void {
    truth?.({ kind: 'stream', event, timeMs: clock.now() });
  }

  function statusFor(path: string): number | undefined {
    if (!dialect.isStream(path.split('?')[0] ?? '')) return 404;
    if (!closed && !faults.refusing) return undefined;
    if (faults.refusing) counters.refused += 1;
    return 503;
  }

  function cutAll(): void {
    for (const cut of [...cuts]) cut();
  }

  return {
    refusalOf(path) {
      const status = statusFor(path);
      if (status !== undefined) tell('refused');
      return status;
    },
    open(sink) {
      counters.open += 1;
      counters.total += 1;
      tell('opened');
      const stream = checked(dialect.openStream(sink), sink);
      // What carries the stream may tell of its end later, during the cut, or twice; it counts once.
      const ended = (): void => {
        if (!cuts.delete(cut)) return;
        counters.open -= 1;
        stream.closed();
        tell('closed');
      };
      // First the end: nothing may count as delivered to a stream that is about to be cut.
      const cut = (): void => {
        ended();
        sink.cut();
      };
      cuts.add(cut);
      return { ...stream, closed: ended };
    },
    cutAll,
    close() {
      closed = true;
      cutAll();
    },
  };
}

/** A stream that is closed with 1009 by a message that is too long. */
function checked(stream: StreamConnection, sink: StreamSink): StreamConnection {
  return {
    ...stream,
    receive(text) {
      if (Buffer.byteLength(text) <= longestMessageBytes) stream.receive(text);
      else {
        stream.closed();
        sink.close(1009, 'message too long');
      }
    },
  };
}
