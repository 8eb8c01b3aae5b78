import { getEventListeners, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { isVenueError, type Runtime } from '@venuekit/connector-core';
import { createHttpClient, type HttpClient, type HttpRequest } from '@venuekit/connector-kit/http';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { failureOf } from './failure-of.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Timers of the runtime that are still armed. */
let armed = 0;

function countedRuntime(): Runtime {
  const system = createSystemRuntime();
  const setTimer: Runtime['timers']['setTimer'] = (delayMs, fire, label) => {
    let live = true;
    const settle = (): void => {
      if (live) armed -= 1;
      live = false;
    };
    armed += 1;
    const timer = system.timers.setTimer(
      delayMs,
      () => {
        settle();
        fire();
      },
      label,
    );
    return {
      [Symbol.dispose]: () => {
        settle();
        timer[Symbol.dispose]();
      },
    };
  };
  return { ...system, timers: { setTimer } };
}

function clientOf(port: number): HttpClient {
  return createHttpClient({ runtime: countedRuntime(), venue: 'venue', baseUrl: `http://127.0.0.1:${port}` });
}

async function serve(
  handler: Handler,
): Promise<{ readonly client: HttpClient; readonly server: Server; readonly port: number }> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { client: clientOf(port), server, port };
}

const question: HttpRequest = {
  operation: 'fetchBook',
  method: 'GET',
  path: '/depth',
  query: { key: 'secret' },
};

/** Resolves once the server has seen this connection end. */
const gone = (request: IncomingMessage): Promise<unknown> =>
  new Promise((resolve) => request.socket.on('error', () => {}).once('close', resolve));

describe('replies', () => {
  test('plain, slow and chunked bodies arrive whole, with their times', async () => {
    const { client } = await serve((request, response) => {
      expect(request.url).toBe('/depth?key=secret');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"text":"\u00e4');
      // Splits the three bytes of one character.
      const bytes = Buffer.from('€"}');
      setTimeout(() => response.write(bytes.subarray(0, 1)), 20);
      setTimeout(() => response.end(bytes.subarray(1)), 40);
    });
    const reply = await client.request(question);
    expect(reply.text).toBe('{"text":"ä€"}');
    expect(reply.roundTripMs).toBeGreaterThan(30);
    expect(reply.receivedAtMs - reply.sentAtMs).toBeGreaterThan(25);
    expect(armed).toBe(0);
  });

  test('a compressed body is read, and its limit counts what it becomes', async () => {
    const text = `{"text":"${'x'.repeat(1_000_000)}"}`;
    const { client } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(text));
    });
    expect((await client.request(question)).text).toBe(text);
    const error = await failureOf(client.request({ ...question, maxBodyBytes: 100_000 }));
    expect(error).toMatchObject({ code: 'protocol' });
    expect(error.message).toContain('at most 100000 bytes');
    expect(armed).toBe(0);
  });

  test('DELETE carries its body and its length', async () => {
    const { client } = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        const { method, headers } = request;
        response.end(
          JSON.stringify({ body, method, length: headers['content-length'], type: headers['content-type'] }),
        );
      });
    });
    const reply = await client.request({ ...question, method: 'DELETE', body: '{"orderId":"a"}' });
    expect(JSON.parse(reply.text)).toEqual({
      body: '{"orderId":"a"}',
      method: 'DELETE',
      length: '15',
      type: 'application/json',
    });
  });

  test('a page of the network in front is an error of its own', async () => {
    const { client } = await serve((_request, response) => {
      response
        .writeHead(403, { 'content-type': 'text/html', 'retry-after': '60' })
        .end('<h1>Access denied</h1>');
    });
    const error = await failureOf(client.request(question));
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 60_000 });
    expect(error.message).toContain('"Access denied"');
    expect(error.message).not.toContain('secret');
  });

  test('a redirect is refused and the other place never asked', async () => {
    const asked: string[] = [];
    const { client } = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere?key=secret' }).end();
    });
    const error = await failureOf(client.request({ ...question, method: 'POST', body: '{}' }));
    expect(error).toMatchObject({ code: 'protocol' });
    expect(error.message).toContain('a redirect (HTTP 307) to 127.0.0.1');
    expect(asked).toEqual(['/depth?key=secret']);
  });

  test('a huge body is given up and its connection with it', async () => {
    const { client } = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!request.socket.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      closed = gone(request);
      more();
    });
    let closed: Promise<unknown> | undefined;
    const error = await failureOf(client.request({ ...question, maxBodyBytes: 1_000_000 }));
    expect(error).toMatchObject({ code: 'protocol' });
    await closed;
    expect(armed).toBe(0);
  });
});

describe('connections that fail', () => {
  test('a refused port names itself and the reason', async () => {
    const { port, server } = await serve(() => {});
    server.close();
    await once(server, 'close');
    cleanups.length = 0;
    const error = await failureOf(clientOf(port).request(question));
    expect(error).toMatchObject({ code: 'transport', venue: 'venue', operation: 'fetchBook' });
    expect(error.message).toContain(`expected a reply from 127.0.0.1:${port}, got ECONNREFUSED`);
    expect(armed).toBe(0);
  });

  test.each<[string, Handler]>([
    ['before the headers', (request) => request.socket.destroy()],
    ['by a reset', (request) => request.socket.resetAndDestroy()],
    [
      'within the body',
      (request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"a":');
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
  ])('a connection that ends %s is a transport failure, asked once', async (_name, handler) => {
    let count = 0;
    const { client } = await serve((request, response) => {
      count += 1;
      handler(request, response);
    });
    const error = await failureOf(client.request(question));
    expect(error).toMatchObject({ code: 'transport' });
    expect(error.message).not.toContain('secret');
    expect([count, armed]).toEqual([1, 0]);
  });

  test('a kept connection that the other side drops is a failure of that request alone', async () => {
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      let asked = 0;
      socket.on('error', () => {});
      socket.on('data', () => {
        asked += 1;
        if (asked > 1) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    const client = clientOf((server.address() as AddressInfo).port);
    const outcomes: string[] = [];
    // The pool decides when it takes a kept connection again, so it is asked until it has.
    while (!outcomes.includes('transport') && outcomes.length < 50) {
      const settled = client.request(question).then((reply) => reply.text);
      outcomes.push(await settled.catch((error: unknown) => (isVenueError(error) ? error.code : 'other')));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(new Set(outcomes)).toEqual(new Set(['{}', 'transport']));
    expect((await client.request(question)).text).toBe('{}');
    expect(armed).toBe(0);
  });
});

describe('requests that end early', () => {
  const stages: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['before the headers', () => {}],
    [
      'after the headers',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
    ],
    [
      'within the body',
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":['),
    ],
  ];

  test.each(stages)('%s: the deadline ends the request and its connection', async (_name, handler) => {
    const { promise: arrived, resolve } = Promise.withResolvers<Promise<unknown>>();
    const { client, port } = await serve((request, response) => {
      resolve(gone(request));
      handler(response);
    });
    const error = await failureOf(client.request({ ...question, timeoutMs: 150 }));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toContain(`from 127.0.0.1:${port}/depth within 150 ms`);
    expect(error.message).not.toContain('secret');
    await arrived;
    expect(armed).toBe(0);
  });

  test.each(stages)('%s: the caller’s reason comes back as it is', async (_name, handler) => {
    const { promise: arrived, resolve } = Promise.withResolvers<{ readonly closed: Promise<unknown> }>();
    const { client } = await serve((request, response) => {
      handler(response);
      resolve({ closed: gone(request) });
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const settled = client
      .request({ ...question, signal: controller.signal })
      .catch((error: unknown) => error);
    const { closed } = await arrived;
    controller.abort(reason);
    expect(await settled).toBe(reason);
    await closed;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(armed).toBe(0);
  });

  test('an aborted signal asks nothing', async () => {
    let count = 0;
    const { client } = await serve((_request, response) => {
      count += 1;
      response.end('{}');
    });
    const reason = new Error('enough');
    const promise = client.request({ ...question, signal: AbortSignal.abort(reason) });
    await expect(promise).rejects.toBe(reason);
    expect((await client.request(question)).text).toBe('{}');
    expect(count).toBe(1);
  });
});
