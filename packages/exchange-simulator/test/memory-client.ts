import type { ExchangeSimulator, StreamConnection, StreamSink } from '../src/index.ts';

/** When the transport of a client tells the simulator that a stream is gone, after the simulator has ended it. */
export type Ending = 'at once' | 'later' | 'twice';

/** A client in memory that remembers everything. */
export interface MemoryClient {
  /** Every frame as it came. */
  readonly texts: readonly string[];
  /** How the simulator ended the stream: `cut`, or a close code. */
  readonly ends: readonly (string | number)[];
  readonly pongs: readonly string[];
  readonly stream: StreamConnection;
  send(message: object): void;
  /** Frames whose `m` is `name`, of a symbol if one is named. */
  named(name: string, symbol?: string): readonly string[];
  /** Subscribes to books, trades and best prices, and asks for every book. */
  follow(symbols: readonly string[]): void;
  /** Numbers of the depth frames of a symbol, as they came. */
  depthNumbers(symbol: string): bigint[];
  /** Tells the simulator what the ending `later` has kept back. */
  tellEnd(): void;
}

export interface MemoryClientOptions {
  readonly ending?: Ending;
  /** Told of every frame while it is sent. */
  readonly onText?: (text: string) => void;
  readonly path?: string;
}

export function connectInMemory(
  simulator: ExchangeSimulator,
  options: MemoryClientOptions = {},
): MemoryClient {
  const { ending = 'at once', onText = () => {}, path = simulator.streamPath } = options;
  const texts: string[] = [];
  const ends: (string | number)[] = [];
  const pongs: string[] = [];
  const end = (how: string | number): void => {
    ends.push(how);
    if (ending === 'later') return;
    stream.closed();
    if (ending === 'twice') stream.closed();
  };
  const sink: StreamSink = {
    send(text) {
      texts.push(text);
      onText(text);
    },
    pong: (data) => void pongs.push(String(data)),
    cut: () => end('cut'),
    close: (code) => end(code),
    bufferedBytes: 0,
  };
  const stream = opened(simulator.connect(path, sink));
  const send = (message: object): void => stream.receive(JSON.stringify(message));
  const named = (name: string, symbol?: string): readonly string[] =>
    texts.filter((text) => {
      if (!text.startsWith(`{"m":"${name}",`)) return false;
      return symbol === undefined || text.includes(`"${symbol}"`);
    });
  return {
    texts,
    ends,
    pongs,
    stream,
    send,
    named,
    follow(symbols) {
      for (const channel of ['depth', 'trades', 'bbo']) send({ op: 'sub', ch: `${channel}:${symbols}` });
      for (const symbol of symbols) send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
    },
    depthNumbers: (symbol) => named('depth', symbol).map(seqnumOf),
    tellEnd: () => stream.closed(),
  };
}

function opened(result: ReturnType<ExchangeSimulator['connect']>): StreamConnection {
  if ('refusedWith' in result) throw new Error(`refused with ${result.refusedWith}`);
  return result;
}

export function seqnumOf(text: string): bigint {
  return BigInt(/"seqnum":(\d+)/.exec(text)?.[1] ?? '-1');
}
