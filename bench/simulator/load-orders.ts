import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { LoadAccount, LoadAddress } from './load-plan.ts';
import { type LoadSocket, openSocket, streamOf } from './load-socket.ts';

/** Round trips in milliseconds, from the moment at which a request is written. */
export interface RoundTrips {
  /** Until the reply to an order is there. */
  readonly placed: number[];
  /** Until the private stream has told of an order. */
  readonly announced: number[];
  /** The same of cancels. */
  readonly canceled: number[];
  readonly cancelAnnounced: number[];
}

/** A customer who places orders that rest, and cancels them, one at a time. */
export interface OrderLoad {
  /** Goes on for so long, at so many orders a second. */
  run(seconds: number, ordersPerSecond: number): Promise<RoundTrips>;
}

interface Answer {
  readonly code: number;
  readonly data: { readonly info: { readonly orderId: string } };
}

const symbol = 'BTC/USDT';
/** So far below the market that nobody sells at it. */
const orderPrice = '10000';

/** Opens the private stream of an account, and asks for what happens to its orders. */
export async function openOrderLoad({ restUrl, streamUrl, accounts }: LoadAddress): Promise<OrderLoad> {
  const [account] = accounts;
  if (account === undefined) throw new Error('expected an account, got none');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const url = `${restUrl}/${account.group}/api/pro/v1/cash/order`;
  const updates = await openUpdates(streamOf(streamUrl, account.group), account);

  /** One request, with the times until its reply and until its update. */
  async function act(
    method: 'POST' | 'DELETE',
    status: string,
    fields: object,
    times: readonly [replies: number[], updates: number[]],
  ): Promise<string> {
    const body = JSON.stringify({ ...fields, symbol, time: Date.now() });
    const headers = {
      ...signed(account as LoadAccount),
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    };
    const sentAt = performance.now();
    const told = updates.next(status).then((atMs) => times[1].push(atMs - sentAt));
    const answer = await exchange(url, { method, headers, agent }, body);
    times[0].push(performance.now() - sentAt);
    const { code, data } = JSON.parse(answer) as Answer;
    if (code !== 0) throw new Error(`expected ${method} to be taken, got ${answer}`);
    await told;
    return data.info.orderId;
  }

  return {
    async run(seconds, ordersPerSecond) {
      const trips: RoundTrips = { placed: [], announced: [], canceled: [], cancelAnnounced: [] };
      const order = { orderPrice, orderQty: '0.001', orderType: 'limit', side: 'buy', respInst: 'ACK' };
      const untilMs = performance.now() + seconds * 1_000;
      while (performance.now() < untilMs) {
        const orderId = await act('POST', 'New', order, [trips.placed, trips.announced]);
        await pause(500 / ordersPerSecond);
        await act('DELETE', 'Canceled', { orderId }, [trips.canceled, trips.cancelAnnounced]);
        await pause(500 / ordersPerSecond);
      }
      return trips;
    },
  };
}

/** Of any length about the mean, so that no rhythm of the server is met or missed. */
function pause(meanMs: number): Promise<void> {
  return wait(2 * meanMs * Math.random());
}

function signed({ key, secret }: LoadAccount): Readonly<Record<string, string>> {
  const timestamp = `${Date.now()}`;
  const signature = createHmac('sha256', secret).update(`${timestamp}+order`).digest('base64');
  return { 'x-auth-key': key, 'x-auth-timestamp': timestamp, 'x-auth-signature': signature };
}

function exchange(url: string, options: Parameters<typeof request>[1], body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface OrderUpdates {
  /** When the next update of this status came, by the monotonic clock. */
  next(status: string): Promise<number>;
}

async function openUpdates(url: string, { key, secret }: LoadAccount): Promise<OrderUpdates> {
  const socket: LoadSocket = await openSocket(url, '127.0.0.1');
  const waiting = new Map<string, (atMs: number) => void>();
  const next = (name: string): Promise<number> => new Promise((resolve) => waiting.set(name, resolve));
  socket.on('message', (data) => {
    const atMs = performance.now();
    const message = JSON.parse(data.toString());
    if (message.m === 'ping') socket.send('{"op":"pong"}');
    const name = message.m === 'order' ? message.data.st : message.m;
    waiting.get(name)?.(atMs);
    waiting.delete(name);
  });
  const t = Date.now();
  const sig = createHmac('sha256', secret).update(`${t}+stream`).digest('base64');
  for (const [name, message] of [
    ['auth', { op: 'auth', t, key, sig }],
    ['sub', { op: 'sub', ch: 'order:cash' }],
  ] as const) {
    const answered = next(name);
    socket.send(JSON.stringify(message));
    await answered;
  }
  return { next };
}
