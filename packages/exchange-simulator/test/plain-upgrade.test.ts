import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
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
    return new Response(`<${request.method} ${new URL(request.url).pathname} ${await request.text()}>`);
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
