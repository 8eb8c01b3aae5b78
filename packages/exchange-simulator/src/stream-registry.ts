import type { Clock } from '@venuekit/connector-core';
import type { Dialect, StreamConnection, StreamSink } from './dialect/dialect.ts';
import type { FaultControl } from './faults/fault-control.ts';
import type { Counters } from './stats.ts';
import type { StreamTruth, TruthSink } from './truth/truth-entry.ts';
import { isTooLong } from './url-limit.ts';

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
    if (isTooLong(path)) return 414;
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
      const state: { broken: boolean; cut: (() => void) | undefined } = { broken: false, cut: undefined };
      const careful = guarded(sink, () => {
        state.broken = true;
        state.cut?.();
      });
      const stream = checked(dialect.openStream(careful), careful);
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
        quietly(() => sink.cut());
      };
      cuts.add(cut);
      // The greeting is sent before there is a stream to cut.
      if (state.broken) cut();
      else state.cut = cut;
      return { ...stream, closed: ended };
    },
    cutAll,
    close() {
      closed = true;
      cutAll();
    },
  };
}

/** A sink that never throws, but tells that the one below did. */
function guarded(sink: StreamSink, onBroken: () => void): StreamSink {
  const guard = (act: () => void): void => {
    if (!quietly(act)) onBroken();
  };
  return {
    send: (text) => guard(() => sink.send(text)),
    pong: (data) => guard(() => sink.pong(data)),
    cut: () => guard(() => sink.cut()),
    close: (code, reason) => guard(() => sink.close(code, reason)),
    get bufferedBytes() {
      let bytes = 0;
      guard(() => {
        bytes = sink.bufferedBytes;
      });
      return bytes;
    },
  };
}

/** True if it did not throw. What a client's own code throws is the client's affair. */
function quietly(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
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
