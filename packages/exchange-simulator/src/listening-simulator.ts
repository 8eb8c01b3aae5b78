import { createAdmin } from './admin/admin.ts';
import { type AdminListener, listenAdmin } from './admin/admin-listener.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { listen } from './http-listener.ts';
import type { ExchangeSimulator } from './simulator.ts';
import { checkListening, checkOptions, type ListeningOptions } from './simulator-options.ts';
import { createStreamServer } from './stream-server.ts';
import type { TruthSink } from './truth/truth-entry.ts';
import { createTruthMemory, type TruthMemory } from './truth/truth-memory.ts';

/** An exchange that runs in this process and listens. */
export interface ListeningSimulator
  extends AsyncDisposable,
    Pick<ExchangeSimulator, 'finished' | 'stats' | 'inject' | 'endFault' | 'users' | 'pairs'> {
  /** Where it listens. */
  readonly endpoints: {
    /** Base of the REST paths, without a slash at the end. */
    readonly restUrl: string;
    /** The public stream. */
    readonly streamUrl: string;
    /** Base of the admin port; absent if there is none. */
    readonly adminUrl?: string;
  };
  /** Ends everything: afterwards no socket, timer or listener is left. Doing it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts an exchange simulator and listens on loopback.
 * @throws VenueError `invalid-options` if the options make no sense, a replay has no depth subscription, or the port is taken.
 */
export async function startExchangeSimulator(options: ListeningOptions): Promise<ListeningSimulator> {
  checkOptions(options, 'startExchangeSimulator');
  checkListening(options);
  const { host = '127.0.0.1', port = 0, adminPort } = options;
  const memory = adminPort === undefined ? undefined : createTruthMemory();
  const exchange = createExchange(
    memory === undefined ? options : { ...options, truth: both(memory.sink, options.truth) },
  );
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<unknown> | undefined;
  async function close(): Promise<void> {
    exchange.close();
    closing ??= Promise.all(closers.map((end) => end()));
    await closing;
  }

  try {
    const server = createStreamServer(exchange.streams);
    const listener = await listen({ host, port, fetch: exchange.fetch, streams: server });
    closers.push(listener.close);
    const admin = memory && (await openAdmin(exchange, memory, adminPort ?? 0));
    if (admin !== undefined) closers.push(admin.close);
    const authority = `${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
    const [restUrl, streamUrl] = [`http://${authority}`, `ws://${authority}${exchange.streamPath}`];
    return {
      endpoints: { restUrl, streamUrl, ...(admin && { adminUrl: admin.url }) },
      finished: exchange.finished,
      get stats() {
        return exchange.stats;
      },
      inject: exchange.inject,
      endFault: (id) => exchange.faults.end(id),
      users: exchange.users,
      pairs: exchange.pairs,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openAdmin(
  { market, users, clock, faults, actions, readStats: stats }: Exchange,
  truth: TruthMemory,
  port: number,
): Promise<AdminListener> {
  return listenAdmin(createAdmin({ market, users, clock, faults, actions, truth, stats }), port);
}

/** Tells two, of whom the second may be nobody. */
function both(one: TruthSink, other: TruthSink | undefined): TruthSink {
  if (other === undefined) return one;
  return (entry) => {
    one(entry);
    other(entry);
  };
}
