import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Dialect, type ListeningSimulator, startExchangeSimulator } from '../src/index.ts';
import { createPlainDialect } from './plain-dialect.ts';

let simulator: ListeningSimulator | undefined;
/** Requests that have come to the dialect. */
let heard = 0;

afterEach(async () => {
  await simulator?.close();
  heard = 0;
});

/** A dialect that answers with what it was sent. */
function echo(): Dialect {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const fetch = async (request: Request): Promise<Response> => {
    heard += 1;
    if (request.url.endsWith('/never')) await new Promise(() => {});
    const { method, url, headers } = request;
    const last = headers.has('last') ? { connection: 'close' } : {};
    return new Response(`<${method} ${new URL(url).pathname} ${await request.text()}>`, { headers: last });
  };
  return { name, nameUser, open: (venue) => ({ ...plain.open(venue), fetch }) };
}

/** Sends each part when what it waits for has come, and gives everything that came until `last` has. */
async function talk(
  parts: readonly (readonly [after: string, text: string])[],
  last: string,
): Promise<string> {
  const market = { kind: 'synthetic', seed: 1, pairs: 1 } as const;
  simulator = await startExchangeSimulator({ market, dialect: echo() });
  const socket = connect(Number(new URL(simulator.endpoints.restUrl).port), '127.0.0.1');
  const left = [...parts];
  let got = '';
  const send = (): void => {
    while (left[0] !== undefined && got.includes(left[0][0])) socket.write(left.shift()?.[1] ?? '');
  };
  send();
  for await (const data of socket) {
    got += String(data);
    send();
    if (got.includes(last)) break;
  }
  return got;
}

const upgrade =
  'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
const order = `POST /order HTTP/1.1\r\n${upgrade}Content-Length: 8\r\n\r\n`;

test('a body that comes with an upgrade that is not known is served, as Java sends it', async () => {
  expect(await talk([['', `${order}{"a": 1}`]], '>')).toMatch(
    /^HTTP\/1\.1 200 OK[\s\S]*<POST \/order \{"a": 1\}>/,
  );
});

test('a body in pieces is served, whether its length is known or not', async () => {
  const chunked = `POST /chunks HTTP/1.1\r\n${upgrade}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`;
  const continued = `POST /later HTTP/1.1\r\n${upgrade}Expect: 100-continue\r\nContent-Length: 8\r\n\r\n`;
  const got = await talk(
    [
      ['', `${order}{"a"`],
      ['', ': 1}'],
      ['<POST /order', chunked],
      ['', '6\r\na": 1}\r\n0\r\n\r\n'],
      ['<POST /chunks', continued],
      ['HTTP/1.1 100 Continue', '{"a": 2}'],
    ],
    '<POST /later {"a": 2}>',
  );
  expect(got).toContain('<POST /order {"a": 1}>');
  expect(got).toContain('<POST /chunks {"a": 1}>');
});

test('a connection is good for more requests, also for those that were sent ahead', async () => {
  const first = `GET /1 HTTP/1.1\r\n${upgrade}\r\n`;
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const got = await talk(
    [
      ['', `${first}${get('/2')}${get('/3')}`],
      ['<GET /3', `${order}{"a": 1}`],
      ['<POST', get('/4')],
    ],
    '<GET /4',
  );
  expect(got.match(/<.*?>/g)).toEqual([
    '<GET /1 >',
    '<GET /2 >',
    '<GET /3 >',
    '<POST /order {"a": 1}>',
    '<GET /4 >',
  ]);
});

test('a connection that waits for the rest of a body ends with the simulator', async () => {
  const talking = talk([['', `${order}{"a"`]], '>');
  while (heard === 0) await new Promise((resolve) => setImmediate(resolve));
  await simulator?.close();
  await expect(talking.catch(() => '')).resolves.toBe('');
});

const stream = `Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n`;
const ask = (path: string, headers = 'Host: x\r\n'): string => `GET ${path} HTTP/1.1\r\n${headers}\r\n`;

test('what is asked behind something that is not answered yet is answered behind it', async () => {
  const all = [ask('/1'), ask('/2'), ask('/3', upgrade), ask('/4', upgrade), ask('/5'), ask('/6', upgrade)];
  const got = await talk([['', all.join('')]], '<GET /6');
  expect(got.match(/<.*?>/g)).toEqual([1, 2, 3, 4, 5, 6].map((path) => `<GET /${path} >`));
});

test('a stream is opened behind the answers before it', async () => {
  const got = await talk([['', `${ask('/1')}${ask('/2')}${ask('/stream', stream)}`]], '"connected"');
  expect(got.match(/HTTP\/1\.1 \d+|<.*?>/g)).toEqual([
    ...['HTTP/1.1 200', '<GET /1 >', 'HTTP/1.1 200', '<GET /2 >', 'HTTP/1.1 101'],
  ]);
});

test('what is asked behind an answer that ends its connection is not served', async () => {
  const got = await talk([['', `${ask('/1', 'Host: x\r\nLast: 1\r\n')}${ask('/2', upgrade)}`]], 'never');
  expect([heard, got.match(/<.*?>/g)]).toEqual([1, ['<GET /1 >']]);
});

describe('an upgrade that waits behind what is never answered', () => {
  const waiting = async (path: string, headers: string): Promise<Socket> => {
    const market = { kind: 'synthetic', seed: 1, pairs: 1 } as const;
    simulator = await startExchangeSimulator({ market, dialect: echo() });
    const socket = connect(Number(new URL(simulator.endpoints.restUrl).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`${ask('/never')}${ask(path, headers)}`);
    while (heard === 0) await new Promise((resolve) => setImmediate(resolve));
    return socket;
  };

  test.each([
    ['/2', upgrade],
    ['/stream', stream],
  ])('ends with the simulator: %s', async (path, headers) => {
    const socket = await waiting(path, headers);
    await simulator?.close();
    if (!socket.closed) await once(socket, 'close');
    expect([heard, socket.bytesRead]).toEqual([1, 0]);
  });

  test('ends with its client', async () => {
    const socket = await waiting('/2', upgrade);
    socket.end();
    socket.resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBe(0);
  });

  test('is not missed when its connection is reset', async () => {
    const socket = await waiting('/2', upgrade);
    socket.resetAndDestroy();
    const { restUrl } = simulator?.endpoints ?? { restUrl: '' };
    const answer = await fetch(`${restUrl}/after`);
    expect(await answer.text()).toBe('<GET /after >');
    expect(heard).toBe(2);
  });
});
