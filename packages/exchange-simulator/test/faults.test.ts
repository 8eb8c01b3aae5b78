import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ListeningSimulator, parseFault } from '../src/index.ts';
import { PlainBook } from './models/plain-book.ts';
import {
  closeAll,
  connectTo,
  replaySymbols,
  settle,
  startReplay,
  startSynthetic,
} from './running-simulator.ts';
import type { StreamClient } from './stream-client.ts';

afterEach(closeAll);

/** Numbers of the depth messages of a symbol, as they came. */
function depthNumbers(client: StreamClient, symbol: string): number[] {
  return client
    .named('depth')
    .filter(({ json }) => json?.symbol === symbol)
    .map(({ json }) => ((json?.data ?? {}) as { seqnum: number }).seqnum);
}

/** Differences between one number and the next. */
function steps(client: StreamClient, symbol: string): number[] {
  const numbers = depthNumbers(client, symbol);
  return numbers.slice(1).map((value, index) => value - (numbers[index] ?? 0));
}

async function playThrough(fault: string): Promise<{ simulator: ListeningSimulator; client: StreamClient }> {
  const simulator = await startReplay({}, { faults: [parseFault(fault)] });
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await simulator.finished;
  if (!fault.startsWith('silence')) await settle(client);
  return { simulator, client };
}

test('gap: one message of every symbol is left out, never the last, and the kept book has it', async () => {
  const { simulator, client } = await playThrough('gap@2');
  const whole = await playThrough('gap@1000');
  for (const symbol of replaySymbols) {
    const all = depthNumbers(whole.client, symbol);
    const missing = all.filter((seqnum) => !depthNumbers(client, symbol).includes(seqnum));
    expect(missing.length).toBe(simulator.stats.depth[symbol]?.leftOut ?? 0);
    expect(missing).not.toContain(all.at(-1));
  }
  expect(simulator.stats.faults.gap).toBeGreaterThanOrEqual(8);
  expect(steps(client, 'BTC/USDT').filter((step) => step !== 1)).toEqual([2]);
  client.send({ op: 'req', action: 'depth-snapshot', args: { symbol: 'BTC/USDT' } });
  await client.until(() => client.named('depth-snapshot').length === 11);
  const kept = new PlainBook();
  kept.snapshot(client.named('depth-snapshot').at(-1)!.text);
  const model = new PlainBook();
  for (const { text, json } of whole.client.frames) {
    if (json?.symbol !== 'BTC/USDT') continue;
    if (json.m === 'depth-snapshot') model.snapshot(text);
    if (json.m === 'depth') model.difference(text);
  }
  expect(kept.levels()).toEqual(model.levels());
});

test('gap stays armed over a drop until the client has a book again', async () => {
  const simulator = await startReplay({ speed: 50 }, { faults: [parseFault('drop@4'), parseFault('gap@4')] });
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  expect(await client.gone).toBe(1006);
  expect(simulator.stats.faults).toMatchObject({ drop: 1, gap: 0 });
  const again = await connectTo(simulator);
  again.follow(replaySymbols);
  await simulator.finished;
  await settle(again);
  const book = new PlainBook();
  const mine = again.frames.filter(({ json }) => json?.symbol === 'BTC/USDT');
  book.snapshot(mine.find(({ json }) => json?.m === 'depth-snapshot')?.text ?? '');
  for (const { text, json } of mine) if (json?.m === 'depth') book.difference(text);
  expect(book.gaps).toBe(1);
  expect(simulator.stats.connections).toMatchObject({ open: 1, total: 2 });
});

test('nothing counts as delivered on a connection that was cut', async () => {
  const simulator = await startReplay({}, { faults: [parseFault('drop@4'), parseFault('gap@4')] });
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await simulator.finished;
  expect(await client.gone).toBe(1006);
  expect(simulator.stats.faults).toMatchObject({ drop: 1, gap: 0 });
});

test('duplicate: one message of every symbol comes twice', async () => {
  const { client, simulator } = await playThrough('duplicate@2');
  expect(steps(client, 'BTC/USDT').filter((step) => step !== 1)).toEqual([0]);
  expect(simulator.stats.faults.duplicate).toBeGreaterThanOrEqual(8);
});

test('reorder: two neighbours change places', async () => {
  const { client, simulator } = await playThrough('reorder@2');
  expect(steps(client, 'BTC/USDT').filter((step) => step !== 1)).toEqual([2, -1, 2]);
  expect(simulator.stats.depth['BTC/USDT']?.leftOut).toBe(0);
});

test('malformed: one frame of every symbol is broken JSON', async () => {
  const { client, simulator } = await playThrough('malformed@2');
  const broken = client.frames.filter(({ json }) => json === undefined);
  expect(broken.length).toBe(simulator.stats.faults.malformed);
  expect(broken.filter(({ text }) => text.includes('"BTC/USDT"')).length).toBe(1);
  expect(steps(client, 'BTC/USDT').filter((step) => step !== 1)).toEqual([2]);
});

test('silence: what falls into it is lost, and the connection stays', async () => {
  const { client, simulator } = await playThrough('silence@5+10');
  await settle(client);
  const times = client.named('depth').map(({ json }) => ((json?.data ?? {}) as { ts: number }).ts);
  const gaps = times.slice(1).map((ts, index) => ts - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeGreaterThan(9_000);
  expect(simulator.stats.frames.withheld).toBeGreaterThan(50);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

test('silence without an end also swallows pongs, answers and the greeting', async () => {
  const simulator = await startSynthetic();
  const client = await connectTo(simulator);
  await client.until(() => client.frames.length === 1);
  simulator.inject({ kind: 'silence', atSeconds: 0 });
  client.send({ op: 'ping' });
  client.follow(['BTC/USDT']);
  const other = await connectTo(simulator);
  other.send({ op: 'ping' });
  const before = simulator.stats.frames.sent;
  await untilTrue(() => simulator.stats.frames.withheld > 10);
  expect(simulator.stats.frames.sent).toBe(before);
  expect([client.frames.length, other.frames.length]).toEqual([1, 0]);
});

test('slow-snapshot: books come late, and the client can still join them', async () => {
  const simulator = await startReplay({ speed: 50 }, { faults: [parseFault('slow-snapshot@0+5')] });
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await client.until(() => client.named('depth-snapshot').length === 10);
  const first = client.frames.findIndex(({ json }) => json?.m === 'depth-snapshot');
  const before = client.frames.slice(0, first).filter(({ json }) => json?.m === 'depth');
  expect(before.length).toBeGreaterThan(20);
});

test('refuse: upgrades are turned away with 503, for a while', async () => {
  const simulator = await startSynthetic();
  simulator.inject({ kind: 'refuse', atSeconds: 0, durationSeconds: 0.2 });
  expect(await upgradeStatus(simulator.endpoints.streamUrl)).toBe(503);
  expect(simulator.stats.connections.refused).toBe(1);
  let status = 503;
  while (status === 503) status = await upgradeStatus(simulator.endpoints.streamUrl);
  expect(status).toBe(101);
});

test('drop by the clock of a synthetic market, which starts with the first depth subscription', async () => {
  const simulator = await startSynthetic({ faults: [parseFault('drop@0.05')] });
  const client = await connectTo(simulator);
  await settle(client);
  client.follow(['BTC/USDT']);
  expect(await client.gone).toBe(1006);
});

test('an injected fault that makes no sense is refused', async () => {
  const simulator = await startSynthetic();
  expect(() => simulator.inject({ kind: 'drop', atSeconds: -1 })).toThrow(
    /atSeconds to be a number from 0 to 1000000000, got -1/,
  );
});

async function upgradeStatus(url: string): Promise<number> {
  const socket = new WebSocket(url);
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  return status;
}

async function untilTrue(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 2));
}
