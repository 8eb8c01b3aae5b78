import { createExchange } from './exchange.ts';
import { listen } from './http-listener.ts';
import type { Simulator } from './simulator.ts';
import { checkListening, checkOptions, type ListeningOptions } from './simulator-options.ts';
import { createStreamServer } from './stream-server.ts';

/** An exchange that runs in this process and listens. */
export interface ExchangeSimulator extends AsyncDisposable, Pick<Simulator, 'finished' | 'stats' | 'inject'> {
  /** Where it listens. */
  readonly endpoints: {
    /** Base of the REST paths, without a slash at the end. */
    readonly restUrl: string;
    /** The public stream. */
    readonly streamUrl: string;
  };
  /** Ends everything: afterwards no socket, timer or listener is left. Doing it again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts an exchange simulator and listens on loopback.
 * @throws VenueError `invalid-options` if the options make no sense, a replay has no depth subscription, or the port is taken.
 */
export async function startSimulator(options: ListeningOptions): Promise<ExchangeSimulator> {
  checkOptions(options, 'startSimulator');
  checkListening(options);
  const { host = '127.0.0.1', port = 0 } = options;
  const exchange = createExchange(options);
  const server = createStreamServer(exchange.streams);
  const listener = await listen({ host, port, fetch: exchange.fetch, streams: server }).catch(
    (error: unknown) => {
      exchange.close();
      throw error;
    },
  );
  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    exchange.close();
    closing ??= listener.close();
    return closing;
  }

  const authority = `${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
  return {
    endpoints: { restUrl: `http://${authority}`, streamUrl: `ws://${authority}${exchange.streamPath}` },
    finished: exchange.finished,
    get stats() {
      return exchange.stats;
    },
    inject: exchange.inject,
    close,
    [Symbol.asyncDispose]: close,
  };
}
