import { createRequire } from 'node:module';

/** What is used of a socket of `ws`. */
export interface LoadSocket {
  on(event: 'open' | 'close', hear: () => void): void;
  on(event: 'error', hear: (error: Error) => void): void;
  on(event: 'message', hear: (data: Buffer) => void): void;
  send(text: string): void;
}

interface SocketOptions {
  readonly localAddress: string;
  readonly perMessageDeflate: boolean;
  readonly skipUTF8Validation: boolean;
}

// The simulator's own: this folder has none, and the same library at both ends leaves nothing to explain.
const library = createRequire(new URL('../../packages/exchange-simulator/package.json', import.meta.url));
const { WebSocket: Socket } = library('ws') as {
  readonly WebSocket: new (url: string, options: SocketOptions) => LoadSocket;
};

/** Opens a socket from an address of the loopback network. @throws Error if it is refused. */
export async function openSocket(url: string, localAddress: string): Promise<LoadSocket> {
  const socket = new Socket(url, { localAddress, perMessageDeflate: false, skipUTF8Validation: true });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return socket;
}

/** The stream of an account group. */
export function streamOf(streamUrl: string, group: number): string {
  return streamUrl.replace('/api/', `/${group}/api/`);
}
