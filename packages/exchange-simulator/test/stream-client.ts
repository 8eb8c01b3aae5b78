import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A frame as a test looks at it; `text` is what came over the wire. */
export interface Frame {
  readonly text: string;
  /** The frame as JSON, or `undefined` if it is none. */
  readonly json: Record<string, unknown> | undefined;
}

/** A client that remembers everything. */
export interface StreamClient {
  readonly frames: readonly Frame[];
  send(message: object | string): void;
  /** Frames whose `m` is `name`. */
  named(name: string): readonly Frame[];
  /** Waits until `ready` holds for what has come so far. */
  until(ready: () => boolean): Promise<void>;
  /** Resolves with the close code. */
  readonly gone: Promise<number>;
  /** Subscribes to the books and trades of `symbols` and asks for every book. */
  follow(symbols: readonly string[]): void;
  close(): Promise<void>;
  readonly socket: WebSocket;
}

export async function connectClient(url: string): Promise<StreamClient> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  socket.on('message', (data) => {
    const text = data.toString();
    frames.push({ text, json: parsed(text) });
    wake();
  });
  const gone = new Promise<number>((resolve) => socket.on('close', resolve));
  void gone.then(wake);
  await once(socket, 'open');
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    frames,
    socket,
    gone,
    send,
    named: (name) => frames.filter(({ json }) => json?.m === name),
    until: (ready) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!ready()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    follow(symbols) {
      for (let start = 0; start < symbols.length; start += 10) {
        const batch = symbols.slice(start, start + 10).join(',');
        send({ op: 'sub', id: `d${start}`, ch: `depth:${batch}` });
        send({ op: 'sub', id: `t${start}`, ch: `trades:${batch}` });
      }
      for (const symbol of symbols) send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
    },
    async close() {
      socket.close();
      await gone;
    },
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
