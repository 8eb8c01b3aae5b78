import { createAscendexDialect } from '../src/dialect/ascendex/ascendex-dialect.ts';
import type { StreamConnection, StreamSink } from '../src/dialect/dialect.ts';
import { createFaultControl } from '../src/faults/fault-control.ts';
import type { ProductRecord } from '../src/market/product.ts';
import type { RecordedSession } from '../src/recording/recorded-session.ts';
import type { ReplaySpeed } from '../src/replay/replay-clock.ts';
import { createReplayMarket, type ReplayStreams } from '../src/replay/replay-market.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { createCounters } from '../src/stats.ts';
import { createStreamRegistry } from '../src/stream-registry.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';

/** Opens a stream, whoever serves it. */
export type OpenStream = (sink: StreamSink) => StreamConnection;

/** A recording that is played over streams in memory. */
export interface ReplayStage {
  readonly runtime: HandMadeRuntime;
  readonly open: OpenStream;
  readonly finished: Promise<void>;
}

/** Plays a session over the dialect and the registry, which ends streams as the recording says. */
export function createReplayStage(
  session: RecordedSession,
  products: readonly ProductRecord[],
  speed: ReplaySpeed,
): ReplayStage {
  const runtime = createHandMadeRuntime();
  const { clock, timers } = runtime;
  const streams: ReplayStreams = {
    cutAll: () => registry.cutAll(),
    closeAll: (code, reason) => registry.closeAll(code, reason),
  };
  const market = createReplayMarket({ session, products, speed }, { clock, timers, streams });
  const random = createSeededRandom('replay');
  const counters = createCounters();
  const users = { users: [], find: () => undefined };
  const faults = createFaultControl({ market, clock, timers, random, users, dropAll: () => {}, speed: 1 });
  const dialect = createAscendexDialect().open({
    ...{ market, listings: new Map(), desk: undefined, users },
    ...{ faults, counters, clock, timers, random },
  });
  const registry = createStreamRegistry({ dialect, faults, counters, clock, truth: undefined });
  const request = { path: dialect.streamPath, address: '127.0.0.1', headers: new Headers() };
  return { runtime, open: (sink) => registry.open(request, sink), finished: market.finished };
}

/** What one connection of a client was sent, and how it ended. */
export interface SeenConnection {
  readonly texts: string[];
  /** When each of them came, in milliseconds since the client has connected. */
  readonly timesMs: number[];
  readonly sent: string[];
  /** `cut` or a close code; `undefined` while it lasts. */
  end: string | number | undefined;
}

/** A client that comes back, `pauseMs` after each end, and then says the same again. */
export interface ReturningClient {
  readonly connections: readonly SeenConnection[];
  /** Leaves of itself, and does not come back. */
  leave(): void;
}

export interface ReturningClientOptions {
  readonly runtime: HandMadeRuntime;
  readonly open: OpenStream;
  /** What it says when it has connected. */
  readonly says: readonly object[];
  readonly pauseMs: number;
}

export function createReturningClient({
  runtime,
  open,
  says,
  pauseMs,
}: ReturningClientOptions): ReturningClient {
  const connections: SeenConnection[] = [];
  let stream: StreamConnection;

  function connect(): void {
    const seen: SeenConnection = { texts: [], timesMs: [], sent: [], end: undefined };
    const startMs = runtime.clock.now();
    connections.push(seen);
    const end = (how: string | number): void => {
      seen.end = how;
      stream.closed();
      runtime.timers.setTimer(pauseMs, connect, 'client comes back');
    };
    stream = open({
      send(text) {
        seen.texts.push(text);
        seen.timesMs.push(runtime.clock.now() - startMs);
      },
      pong: () => {},
      cut: () => end('cut'),
      close: (code) => end(code),
      bufferedBytes: 0,
    });
    for (const message of says) {
      const text = JSON.stringify(message);
      seen.sent.push(text);
      stream.receive(text);
    }
  }

  connect();
  return { connections, leave: () => stream.closed() };
}
