import type { Clock } from '@venuekit/connector-core';
import type { OpenDialect, StreamConnection, StreamRequest, StreamSink } from './dialect/dialect.ts';
import type { FaultControl } from './faults/fault-control.ts';
import type { StreamCarrier } from './faults/stream-carrier.ts';
import { type Counters, countFailure } from './stats.ts';
import type { StreamTruth, TruthSink } from './truth/truth-entry.ts';
import { isTooLong } from './url-limit.ts';

/** A stream that was not opened. */
export interface StreamRefusal {
  /**
   * The HTTP status with which a server refuses the upgrade: 404 for a path without a stream, 414 for one of
   * more than 2,048 characters with its query, 500 if the dialect throws, 503 while streams are refused and after the close; 0 if nothing is
   * answered at all.
   */
  readonly refusedWith: number;
  /** With status 0: whether the connection stays open without an answer, or is reset. */
  readonly ending?: 'hang' | 'reset';
  /** In how many seconds to try again, if the server says so. */
  readonly retryAfterSeconds?: number;
}

/** All open streams, however they are carried. */
export interface StreamRegistry {
  /** Why a stream is refused, which counts; `undefined` if it may be opened. */
  refusalOf(request: StreamRequest): StreamRefusal | undefined;
  /** Opens a stream that is not refused; the greeting is sent at once. */
  open(request: StreamRequest, sink: StreamCarrier): StreamConnection;
  /** Cuts every stream without a closing handshake. */
  cutAll(): void;
  /** Starts the closing handshake of every stream, which hears nothing more. */
  closeAll(code: number, reason: string): void;
  /** Cuts every stream, and opens none any more. */
  close(): void;
}

/** What a registry serves. */
export interface StreamRegistryOptions {
  readonly dialect: OpenDialect;
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
  /** How to cut each stream that is open, or to end it in another way. */
  const cuts = new Set<(end?: (carrier: StreamSink) => void) => void>();
  let closed = false;

  function tell(event: StreamTruth['event']): void {
    truth?.({ kind: 'stream', event, timeMs: clock.now() });
  }

  function refusalFor(request: StreamRequest): StreamRefusal | undefined {
    const { path } = request;
    const obstacle = closed ? undefined : faults.streams.obstacle(request);
    if (obstacle !== undefined) {
      counters.refused += 1;
      const { status, ...rest } = obstacle;
      return { refusedWith: status, ...rest };
    }
    if (isTooLong(path)) return { refusedWith: 414 };
    if (!dialect.isStream(path.split('?')[0] ?? '')) return { refusedWith: 404 };
    if (!closed && !faults.refusing) {
      const refusedWith = dialect.refuseStream(request);
      return refusedWith === undefined ? undefined : { refusedWith };
    }
    if (faults.refusing) counters.refused += 1;
    return { refusedWith: 503 };
  }

  /** An answer in any case: whoever asks would wait for one without end. */
  function refusalOrFailure(request: StreamRequest): StreamRefusal | undefined {
    try {
      return refusalFor(request);
    } catch (error) {
      countFailure(counters, error);
      return { refusedWith: 500 };
    }
  }

  function cutAll(): void {
    for (const cut of [...cuts]) cut();
  }

  return {
    refusalOf(request) {
      const refusal = refusalOrFailure(request);
      if (refusal !== undefined) tell('refused');
      return refusal;
    },
    open(request, sink) {
      counters.open += 1;
      counters.total += 1;
      tell('opened');
      const state: { broken: boolean; cut: (() => void) | undefined } = { broken: false, cut: undefined };
      const onBroken = (): void => {
        state.broken = true;
        state.cut?.();
      };
      // A stream whose dialect throws is cut, and nobody else hears of it.
      const onFailure = (error: unknown): void => {
        countFailure(counters, error);
        onBroken();
      };
      const careful = guarded(sink, onBroken);
      const stream = openOrBreak(
        () =>
          faults.streams.carry(request, careful, (struck) =>
            untilEnd(dialect.openStream(request, struck), onFailure),
          ),
        onFailure,
      );
      // What carries the stream may tell of its end later, during the cut, or twice; it counts once.
      const ended = (): void => {
        if (!cuts.delete(cut)) return;
        counters.open -= 1;
        stream.closed();
        tell('closed');
      };
      // First the end: nothing may count as delivered to a stream that is about to be cut.
      const cut = (end = (carrier: StreamSink): void => carrier.cut()): void => {
        if (!cuts.has(cut)) return;
        ended();
        quietly(() => end(sink));
      };
      cuts.add(cut);
      const receive = (text: string): void => {
        if (Buffer.byteLength(text) <= longestMessageBytes) stream.receive(text);
        else cut(closingWith(1009, 'message too long'));
      };
      // The greeting is sent before there is a stream to cut.
      if (state.broken) cut();
      else state.cut = cut;
      return { ...stream, receive, closed: ended };
    },
    cutAll,
    closeAll(code, reason) {
      for (const cut of [...cuts]) cut(closingWith(code, reason));
    },
    close() {
      closed = true;
      cutAll();
    },
  };
}

/** Starts the closing handshake of a stream; one that cannot do that is cut. */
function closingWith(code: number, reason: string): (carrier: StreamSink) => void {
  return (carrier) => {
    if (!quietly(() => carrier.close(code, reason))) carrier.cut();
  };
}

/** A stream that hears nothing. */
const deadStream: StreamConnection = { receive() {}, pinged() {}, drained() {}, closed() {} };

/** The stream that is opened; a dead one if that throws, which breaks it. */
function openOrBreak(open: () => StreamConnection, onFailure: (error: unknown) => void): StreamConnection {
  try {
    return open();
  } catch (error) {
    onFailure(error);
    return deadStream;
  }
}

/** A dialect's stream that hears of its end once and of nothing after it, and never throws. */
function untilEnd(stream: StreamConnection, onFailure: (error: unknown) => void): StreamConnection {
  let isOver = false;
  const guard = (act: () => void): void => {
    if (isOver) return;
    try {
      act();
    } catch (error) {
      onFailure(error);
    }
  };
  return {
    receive: (text) => guard(() => stream.receive(text)),
    pinged: (data) => guard(() => stream.pinged(data)),
    drained: () => guard(() => stream.drained()),
    closed: () =>
      guard(() => {
        isOver = true;
        stream.closed();
      }),
  };
}

/** A sink that never throws, but tells that the one below did. */
function guarded(sink: StreamCarrier, onBroken: () => void): StreamCarrier {
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
    ...guardedExtras(sink, guard),
  };
}

/** What only a real socket can do. */
function guardedExtras(
  { sendInPieces, cutWithin, ping, pause, resume }: StreamCarrier,
  guard: (act: () => void) => void,
): Partial<StreamCarrier> {
  return {
    ...(sendInPieces && { sendInPieces: (text, bytes) => guard(() => sendInPieces(text, bytes)) }),
    ...(cutWithin && { cutWithin: (text) => guard(() => cutWithin(text)) }),
    ...(ping && { ping: () => guard(ping) }),
    ...(pause && { pause: () => guard(pause) }),
    ...(resume && { resume: () => guard(resume) }),
  };
}

/** True if it did not throw. What a client's own code throws is its affair. */
function quietly(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
