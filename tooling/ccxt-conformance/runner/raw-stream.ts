import { type Answer, sign } from './raw-client.ts';
import type { Account } from './start-simulator.ts';
import { inTime } from './waiting.ts';

/** Everything that one connection of ours has been sent. */
export interface RawStream {
  /** In the order of their coming; it grows. */
  readonly messages: readonly Answer[];
  /** Subscribes, and settles when that is confirmed. */
  subscribe(channel: string): Promise<void>;
  request(action: string, args: object): void;
  close(): void;
}

/** Opens a stream without ccxt. With an account, it is signed in as the documents of the venue say. */
export async function openRawStream(ws: string, account?: Account): Promise<RawStream> {
  const group = account === undefined ? '' : `/${account.group}`;
  const socket = new WebSocket(`${ws}${group}/api/pro/v1/stream`);
  const messages: Answer[] = [];
  const waiting = new Map<string, (answer: Answer) => void>();
  let number = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    messages.push(message);
    if (message.m === 'ping') socket.send('{"op":"pong"}');
    waiting.get(message.id)?.(message);
  });
  await inTime(
    'our own stream opens',
    new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error('our own stream does not open')));
    }),
    5_000,
  );
  function exchange(message: object): Promise<Answer> {
    number += 1;
    const id = `raw${number}`;
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ ...message, id }));
    return inTime(`answer to ${JSON.stringify(message).slice(0, 80)}`, answer, 5_000);
  }
  async function settle(message: object): Promise<void> {
    const answer = await exchange(message);
    if (answer.code !== 0) throw new Error(`our own stream: ${JSON.stringify(answer)}`);
  }
  if (account !== undefined) {
    const t = Date.now();
    await settle({ op: 'auth', t, key: account.key, sig: sign(account.secret, String(t), 'stream') });
  }
  return {
    messages,
    subscribe: (ch) => settle({ op: 'sub', ch }),
    request: (action, args) => socket.send(JSON.stringify({ op: 'req', action, args })),
    close: () => socket.close(),
  };
}
