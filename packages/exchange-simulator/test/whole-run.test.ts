import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '@venuekit/tooling-vitest/child';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRecording } from '../src/index.ts';
import type { Announcement } from '../src/program/announcement.ts';
import { connectClient, type StreamClient } from './stream-client.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'venuekit-whole-run-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

interface Run extends Announcement {
  readonly child: Child;
  connect(): Promise<StreamClient>;
  /** Ends the program as a user does. */
  end(): Promise<void>;
}

/** Runs the program for as long as a test uses it. */
async function run<Result>(args: readonly string[], use: (run: Run) => Promise<Result>): Promise<Result> {
  await using child = new Child(process.execPath, [main, '--json', ...args]);
  const [line] = await child.until('stdout', /^\{.*\}$/m);
  const announced = JSON.parse(line) as Announcement;
  const end = async (): Promise<void> => {
    child.process.kill('SIGINT');
    expect(await child.end).toEqual({ code: 0, signal: null });
  };
  return await use({
    ...announced,
    child,
    end,
    connect: () => connectClient(`${announced.ws}/api/pro/v1/stream`),
  });
}

interface Signed {
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A request of an account that the program has told. */
async function ask<Data>(
  rest: string,
  { key, secret, group }: Announcement['accounts'][number],
  { path, body }: Signed,
): Promise<Data> {
  const time = Date.now();
  const signature = createHmac('sha256', secret).update(`${time}+${path}`).digest('base64');
  const headers = { 'x-auth-key': key, 'x-auth-timestamp': `${time}`, 'x-auth-signature': signature };
  const answer = await fetch(`${rest}/${group}/api/pro/v1/cash/${path}`, {
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify({ time, ...body }) }),
  });
  const reply = (await answer.json()) as { code: number; data: Data };
  expect(reply).toMatchObject({ code: 0 });
  return reply.data;
}

/** The middle of the best prices. */
async function priceOf({ rest }: Run, symbol: string): Promise<number> {
  const { data } = (await (await fetch(`${rest}/api/pro/v1/ticker?symbol=${symbol}`)).json()) as {
    data: { ask: [string, string]; bid: [string, string] };
  };
  return (Number(data.ask[0]) + Number(data.bid[0])) / 2;
}

const order = { symbol: 'BTC/USDT', orderQty: '0.01', orderPrice: '10000', orderType: 'limit', side: 'buy' };

test('--record: what a client has seen is played again, byte for byte', async () => {
  const session = join(folder, 'session.txt');
  const frames = (client: StreamClient): readonly string[] =>
    ['depth-snapshot', 'depth', 'trades'].flatMap((name) => client.named(name).map(({ text }) => text));
  const seen = await run(['--pairs', '2', '--record', session], async ({ connect, end }) => {
    const client = await connect();
    client.follow(['BTC/USDT']);
    await client.until(() => client.named('depth').length >= 4 && client.named('depth-snapshot').length > 0);
    await end();
    await client.gone;
    return frames(client);
  });
  await run(['--replay', session, '--speed', 'max'], async ({ pairs, connect, child }) => {
    expect(pairs).toEqual(['BTC/USDT']);
    const client = await connect();
    client.follow(pairs);
    await child.until('stderr', /every recorded frame is out/);
    await client.until(() => frames(client).length >= seen.length);
    expect(frames(client)).toEqual(seen);
  });
});

test('--truth: the books that there were from the first moment, and what became of an order', async () => {
  const truth = join(folder, 'truth.jsonl');
  const orderId = await run(['--pairs', '2', '--truth', truth], async ({ rest, accounts, end }) => {
    const { info } = await ask<{ info: { orderId: string } }>(rest, accounts[0]!, {
      path: 'order',
      body: order,
    });
    await end();
    return info.orderId;
  });
  const entries = readFileSync(truth, 'utf8').trimEnd().split('\n');
  const known = entries.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(known.slice(0, 2)).toMatchObject([
    { kind: 'book', symbol: 'BTC/USDT', whole: true },
    { kind: 'book', symbol: 'ETH/USDT', whole: true },
  ]);
  expect(known).toContainEqual(expect.objectContaining({ kind: 'request', method: 'POST', status: 200 }));
  const told = known.filter((entry) => entry.orderId === orderId);
  expect(told[0]).toMatchObject({ kind: 'order', symbol: 'BTC/USDT', side: 'buy', price: '10000' });
});

test('--load: prices go on from the last close', async () => {
  const start = Math.floor(Date.now() / 60_000) * 60 - 20 * 60;
  const bars = Array.from({ length: 20 }, (_, at) => `${start + at * 60},3000,3010,2990,3001,2`);
  const file = fileWith('bars.csv', ['time,open,high,low,close,volume', ...bars]);
  const price = await run(['--pairs', '2', '--load', file], (running) => priceOf(running, 'BTC/USDT'));
  expect(Math.abs(price / 3_001 - 1)).toBeLessThan(0.02);
});

test('--follow: prices are those of the recording', async () => {
  const book = (seqnum: number, price: number): string =>
    JSON.stringify({
      ...{ m: 'depth-snapshot', symbol: 'BTC/USDT' },
      data: { ts: 1, seqnum, asks: [[`${price + 1}`, '1']], bids: [[`${price - 1}`, '1']] },
    });
  const session = fileWith('session.txt', [
    'wss://v/s <-> 99',
    'wss://v/s <- 100: {"op":"sub","ch":"depth:BTC/USDT"}',
    `101: ${book(1, 5_000)}`,
    `160: ${book(2, 5_000)}`,
  ]);
  const files = ['--follow', session, '--products', syntheticSession.productsFile];
  await run(files, async (running) => {
    expect(running.pairs).toEqual(['BTC/USDT']);
    expect(Math.abs((await priceOf(running, 'BTC/USDT')) / 5_000 - 1)).toBeLessThan(0.02);
    await ask(running.rest, running.accounts[0]!, { path: 'order', body: { ...order, orderPrice: '4000' } });
  });
});

test('--replay: who follows a market is sent its frames as they were recorded', async () => {
  const { sessionFile } = syntheticSession;
  const { items } = parseRecording(readFileSync(sessionFile, 'utf8'), sessionFile);
  const recorded = items.flatMap((item) => {
    if (item.kind !== 'received') return [];
    const { m, symbol } = JSON.parse(item.text) as { m: string; symbol?: string };
    return symbol === 'ETH/USDT' && (m === 'depth' || m === 'trades') ? [item.text] : [];
  });
  expect(recorded.length).toBeGreaterThan(20);
  await run(['--replay', sessionFile, '--speed', 'max'], async ({ accounts, connect, child }) => {
    expect(accounts).toEqual([]);
    const client = await connect();
    client.follow(['ETH/USDT']);
    await child.until('stderr', /every recorded frame is out/);
    const frames = (): readonly string[] =>
      client.frames.filter(({ json }) => json?.m === 'depth' || json?.m === 'trades').map(({ text }) => text);
    await client.until(() => frames().length >= recorded.length);
    expect(frames()).toEqual(recorded);
  });
});

test('--fault: it strikes when somebody follows a market, and the admin port knows of it', async () => {
  const faults = ['--fault', 'close@0,code=4001', '--fault', 'drop@1000'];
  await run(['--pairs', '1', ...faults], async ({ admin, connect }) => {
    const waiting = await connect();
    const client = await connect();
    client.send({ op: 'sub', ch: 'depth:BTC/USDT' });
    expect([await client.gone, await waiting.gone]).toEqual([4_001, 4_001]);
    expect(await (await fetch(`${admin}/faults`)).json()).toMatchObject({
      faults: [{ fault: { kind: 'drop' }, state: 'planned' }],
      fired: { close: 1, drop: 0 },
    });
  });
});

test('--accounts: each has a key of its own, the same money, and orders that the others do not see', async () => {
  await run(['--pairs', '1', '--accounts', '3'], async ({ rest, accounts }) => {
    expect(new Set(accounts.map(({ key }) => key)).size).toBe(3);
    const last = accounts.at(-1)!;
    await ask(rest, last, { path: 'order', body: order });
    const open = accounts.map((one) => ask<readonly unknown[]>(rest, one, { path: 'order/open' }));
    expect((await Promise.all(open)).map(({ length }) => length)).toEqual([0, 0, 1]);
    for (const account of accounts) {
      const balances = await ask<readonly object[]>(rest, account, { path: 'balance' });
      expect(balances).toContainEqual(expect.objectContaining({ asset: 'USDT', totalBalance: '100000' }));
    }
  });
});
