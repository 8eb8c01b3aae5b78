import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeAll, connectTo, startReplay, startSynthetic } from './running-simulator.ts';

afterEach(closeAll);

test('a client that keeps its half of a refused upgrade open does not hold up the end', {
  timeout: 3_000,
}, async () => {
  const simulator = await startSynthetic();
  simulator.inject({ kind: 'refuse', atSeconds: 0 });
  const socket = connect({
    port: Number(new URL(simulator.endpoints.restUrl).port),
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
  socket.write(
    'GET /api/pro/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  await once(socket, 'data');
  await simulator.close();
  socket.destroy();
});

test('frame pings are not answered in a silence', async () => {
  const simulator = await startSynthetic();
  const client = await connectTo(simulator);
  let pongs = 0;
  client.socket.on('pong', () => (pongs += 1));
  simulator.inject({ kind: 'silence', atSeconds: 0 });
  client.socket.ping();
  client.send({ op: 'ping' });
  while (simulator.stats.frames.withheld === 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pongs).toBe(0);
});

test('names that a client chose are counted up to two hundred', async () => {
  const simulator = await startReplay();
  for (let n = 0; n < 260; n += 1) await (await fetch(`${simulator.endpoints.restUrl}/x${n}`)).text();
  const { rest } = simulator.stats.requests;
  expect([Object.keys(rest).length, rest.other]).toEqual([201, 60]);
});

/** Sends an upgrade by hand; the client keeps its half of the connection open. */
function ask(restUrl: string, path: string, upgrade: string): { socket: Socket; answer: Promise<string> } {
  const { port } = new URL(restUrl);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('end', () => resolve(text));
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`);
  return { socket, answer };
}

test('an upgrade that is not to a WebSocket is not heard: the request is answered', {
  timeout: 3_000,
}, async () => {
  const simulator = await startSynthetic();
  const { socket, answer } = ask(simulator.endpoints.restUrl, '/api/pro/v1/barhist/info', 'h2c');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.|\s)*"intervalInMillis":60000/);
  const unfinished = ask(simulator.endpoints.restUrl, '/api/pro/v1/products', 'h2c');
  await simulator.close();
  for (const client of [socket, unfinished.socket]) client.destroy();
});

test('an upgrade with a long URL is refused with 414', { timeout: 3_000 }, async () => {
  const simulator = await startSynthetic();
  const path = `/api/pro/v1/stream?${'x'.repeat(2_048)}`;
  const { socket, answer } = ask(simulator.endpoints.restUrl, path, 'WebSocket');
  expect(await answer).toMatch(/^HTTP\/1\.1 414 /);
  await simulator.close();
  socket.destroy();
});
