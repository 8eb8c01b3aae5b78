import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeAll, connectTo, settle, startReplay, startSynthetic } from './running-simulator.ts';
import { connectClient, type StreamClient } from './stream-client.ts';

afterEach(closeAll);

/** The answer to one message, apart from the greeting. */
async function answers(client: StreamClient, message: object | string, count = 1): Promise<unknown[]> {
  await client.until(() => client.frames.length > 0);
  const before = client.frames.length;
  client.send(message);
  await client.until(() => client.frames.length >= before + count);
  return client.frames.slice(before, before + count).map(({ json }) => json);
}

test('greets first, on every path of the stream', async () => {
  const simulator = await startReplay();
  const base = simulator.endpoints.streamUrl.replace('/api/pro/v1/stream', '');
  for (const path of [
    '/api/pro/v1/stream',
    '/api/pro/v2/stream',
    '/7/api/pro/v1/stream',
    '/0/api/pro/v2/stream',
  ]) {
    const client = await connectClient(base + path);
    await client.until(() => client.frames.length > 0);
    expect(client.frames[0]?.text).toBe('{"m":"connected","type":"unauth"}');
    await client.close();
  }
  const socket = new WebSocket(`${base}/elsewhere`);
  socket.on('error', () => undefined);
  const status = await new Promise((resolve) =>
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
  );
  socket.terminate();
  expect(status).toBe(404);
});

test('confirms each symbol with the id of the client, and refuses what is not there', async () => {
  const simulator = await startReplay();
  const client = await connectTo(simulator);
  const replies = await answers(client, { op: 'sub', id: 'x', ch: 'trades:BTC/USDT,NOPE/USDT,ETH/USDT' }, 3);
  expect(replies).toEqual([
    { m: 'sub', id: 'x', ch: 'trades:BTC/USDT', code: 0 },
    { m: 'sub', id: 'x', ch: 'trades:NOPE/USDT', code: 100008, reason: 'there is no symbol NOPE/USDT' },
    { m: 'sub', id: 'x', ch: 'trades:ETH/USDT', code: 0 },
  ]);
  expect(await answers(client, { op: 'sub', ch: 'depth:OLD/BTC' })).toEqual([
    { m: 'sub', ch: 'depth:OLD/BTC', code: 100008, reason: 'the recorded session has no market OLD/BTC' },
  ]);
  expect(await answers(client, { op: 'sub', ch: 'bbo:OLD/BTC' })).toEqual([
    { m: 'sub', ch: 'bbo:OLD/BTC', code: 0 },
  ]);
  expect(await answers(client, { op: 'sub', ch: 'depth:BTC-PERP' })).toMatchObject([{ code: 100008 }]);
});

test.each([
  [
    'eleven symbols',
    { op: 'sub', id: 'e', ch: `depth:${'ABCDEFGHIJK'.split('').join(',')}` },
    100005,
    /at most 10 symbols, got 11/,
  ],
  ['no symbol', { op: 'sub', id: 'e', ch: 'depth' }, 100005, /needs a symbol/],
  ['no channel', { op: 'sub', id: 'e' }, 100005, /needs "ch"/],
  ['unknown channel', { op: 'sub', id: 'e', ch: 'weather:BTC/USDT' }, 100005, /unknown channel/],
  ['depth with a word too many', { op: 'sub', id: 'e', ch: 'depth:x:BTC/USDT' }, 100005, /unknown channel/],
  ['bbo with words too many', { op: 'sub', id: 'e', ch: 'bbo:1:2:BTC/USDT' }, 100005, /unknown channel/],
  ['bar of an unknown length', { op: 'sub', id: 'e', ch: 'bar:99:BTC/USDT' }, 100005, /unknown channel/],
  ['bar without a length', { op: 'sub', id: 'e', ch: 'bar:BTC/USDT' }, 100005, /unknown channel/],
  ['unknown op', { op: 'dance', id: 'e' }, 100005, /unknown op "dance"/],
  ['unknown action', { op: 'req', id: 'e', action: 'dance' }, 100005, /unknown action "dance"/],
  ['request without a symbol', { op: 'req', id: 'e', action: 'depth-snapshot' }, 100005, /args.symbol/],
  [
    'request of an unknown symbol',
    { op: 'req', id: 'e', action: 'depth-snapshot', args: { symbol: 'NOPE' } },
    100008,
    /NOPE/,
  ],
  [
    'bad level',
    { op: 'req', id: 'e', action: 'market-trades', args: { symbol: 'BTC/USDT', level: 0 } },
    100005,
    /from 1 up/,
  ],
  ['private channel', { op: 'sub', id: 'e', ch: 'order:cash' }, 100009, /needs a login/],
  ['private channel, its end', { op: 'unsub', id: 'e', ch: 'order:CASH' }, 100009, /needs a login/],
  ['private action', { op: 'req', id: 'e', action: 'place-Order' }, 100009, /needs a login/],
])('%s is an error with its code', async (_name, message, code, info) => {
  const client = await connectTo(await startReplay());
  const [reply] = await answers(client, message);
  expect(reply).toMatchObject({ m: 'error', id: 'e', code, info: expect.stringMatching(info) });
  await settle(client);
});

test.each(['9007199254740993', '1e400', '1.0', '-0', '"a\\"b"', '7'])(
  'the id %s comes back digit for digit',
  async (id) => {
    const client = await connectTo(await startReplay());
    client.send(`{"op":"ping","id":${id}}`);
    await client.until(() => client.named('pong').length > 0);
    expect(client.named('pong')[0]?.text).toContain(`{"m":"pong","id":${id},"code":0,`);
  },
);

test('what is no name is not echoed', async () => {
  const client = await connectTo(await startReplay());
  for (const id of ['null', 'true', '[7]', '{"id":7}']) client.send(`{"op":"ping","id":${id}}`);
  await client.until(() => client.named('pong').length === 4);
  for (const { text } of client.named('pong')) expect(text).not.toContain('"id"');
});

test('bars of every length and summaries are confirmed', async () => {
  const client = await connectTo(await startSynthetic());
  for (const channel of ['bar:1', 'bar:1d', 'bar:1m', 'summary']) {
    expect(await answers(client, { op: 'sub', ch: `${channel}:BTC/USDT` })).toEqual([
      { m: 'sub', ch: `${channel}:BTC/USDT`, code: 0 },
    ]);
  }
});

test('text that is not JSON is an error and not the end', async () => {
  const client = await connectTo(await startReplay());
  expect(await answers(client, 'pong')).toMatchObject([{ m: 'error', code: 150001 }]);
  expect(await answers(client, '[1]')).toMatchObject([{ m: 'error', code: 150001 }]);
  await settle(client);
});

test('a message beyond a mebibyte ends the connection', async () => {
  const client = await connectTo(await startReplay());
  client.send('x'.repeat((1 << 20) + 1));
  expect(await client.gone).toBe(1009);
});

test('ping and auth are answered', async () => {
  const client = await connectTo(await startReplay());
  expect(await answers(client, { op: 'ping', id: 'p' })).toMatchObject([
    { m: 'pong', id: 'p', code: 0, hp: 3 },
  ]);
  expect(await answers(client, { op: 'auth', id: 'a' })).toMatchObject([
    { m: 'auth', id: 'a', code: 200001 },
  ]);
});

test('unsubscribing stops the frames, also with wildcards', async () => {
  const simulator = await startSynthetic();
  for (const pattern of ['depth:BTC/USDT,ETH/USDT', 'depth:*', 'depth']) {
    const client = await connectTo(simulator);
    client.send({ op: 'sub', ch: 'depth:BTC/USDT,ETH/USDT' });
    await client.until(() => client.named('depth').length > 3);
    client.send({ op: 'unsub', id: 'u', ch: pattern });
    await client.until(() => client.named('unsub').length > 0);
    const before = client.named('depth').length;
    const emitted = simulator.stats.depth['BTC/USDT']?.emitted ?? 0;
    const other = await connectTo(simulator);
    other.send({ op: 'sub', ch: 'depth:BTC/USDT' });
    await other.until(() => other.named('depth').length > 3);
    await settle(client);
    expect(client.named('depth').length).toBe(before);
    expect(simulator.stats.depth['BTC/USDT']?.emitted).toBeGreaterThan(emitted);
    await other.close();
    await client.close();
  }
});

test('a synthetic market publishes best prices on bbo when they change', async () => {
  const client = await connectTo(await startSynthetic());
  client.send({ op: 'sub', ch: 'bbo:BTC/USDT' });
  await client.until(() => client.named('bbo').length > 3);
  const tops = client.named('bbo').map(({ json }) => {
    const { ts: _ts, ...top } = (json?.data ?? {}) as Record<string, unknown>;
    return JSON.stringify(top);
  });
  for (const [index, top] of tops.entries()) expect(top).not.toBe(tops[index - 1]);
});

test('depth-snapshot-top100 gives at most a hundred levels a side', async () => {
  const simulator = await startSynthetic();
  const client = await connectTo(simulator);
  const [reply] = await answers(client, {
    op: 'req',
    action: 'depth-snapshot-top100',
    args: { symbol: 'BTC/USDT' },
  });
  const { data } = reply as { data: { asks: unknown[]; bids: unknown[] } };
  expect(data.asks.length).toBeGreaterThan(30);
  expect(data.asks.length).toBeLessThanOrEqual(100);
});

test('the recorded clock waits for a client that follows a book and has not asked for it', async () => {
  const simulator = await startReplay();
  const client = await connectTo(simulator);
  client.send({ op: 'sub', id: 'd', ch: 'depth:BTC/USDT' });
  await client.until(() => client.named('depth').length > 0);
  let before = 0;
  while (before !== client.named('depth').length) {
    before = client.named('depth').length;
    await settle(client);
    await settle(client);
  }
  client.send({ op: 'req', action: 'depth-snapshot', args: { symbol: 'BTC/USDT' } });
  await simulator.finished;
  await settle(client);
  const place = client.frames.findIndex(({ json }) => json?.m === 'depth-snapshot');
  expect(client.frames.slice(0, place).filter(({ json }) => json?.m === 'depth').length).toBe(before);
  const seqnum = /"seqnum":(\d+)/.exec(client.frames[place]?.text ?? '')?.[1];
  const next = /"seqnum":(\d+)/.exec(client.named('depth')[before]?.text ?? '')?.[1];
  expect(BigInt(next ?? 0)).toBe(BigInt(seqnum ?? 0) + 1n);
});

test('a book asked for on a second connection comes at its recorded place, too', async () => {
  const simulator = await startReplay();
  const second = await connectTo(simulator);
  second.send({ op: 'req', action: 'depth-snapshot', args: { symbol: 'BTC/USDT' } });
  await settle(second);
  expect(second.named('depth-snapshot').length).toBe(0);
  const first = await connectTo(simulator);
  first.send({ op: 'sub', ch: 'depth:BTC/USDT' });
  await second.until(() => second.named('depth-snapshot').length === 1);
  await simulator.finished;
});

test('counts what clients ask for', async () => {
  const simulator = await startReplay();
  const client = await connectTo(simulator);
  client.follow(['BTC/USDT']);
  client.send({ op: 'unsub', ch: 'bbo' });
  await settle(client);
  expect(simulator.stats.requests).toMatchObject({
    subscribe: { depth: 1, trades: 1 },
    unsubscribe: { bbo: 1 },
    action: { 'depth-snapshot': 1 },
  });
});
