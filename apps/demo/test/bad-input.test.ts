import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDemo } from './child.ts';

/** A server on a free port, with the port, until it is disposed. */
async function listening<S extends Server>(
  server: S,
): Promise<{ server: S; port: number } & AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { server, port: address.port, [Symbol.asyncDispose]: close };
}

/** Runs with flags that cannot work and gives the one sentence with which the user is answered. */
async function complaint(code: number, ...flags: string[]): Promise<string> {
  await using demo = await runDemo(...flags);
  expect(demo.stdout).toBe('');
  const lines = demo.stderr.trimEnd().split('\n');
  expect(lines, demo.stderr).toHaveLength(1);
  expect(demo.stderr).not.toMatch(/^\s+at /m);
  expect(demo.code, demo.stderr).toBe(code);
  return lines[0] ?? '';
}

test.concurrent('an unknown flag', async () => {
  expect(await complaint(2, '--jsno')).toBe('there is no flag --jsno; did you mean --json?');
});

test.concurrent('an unknown pair names some that look alike', async () => {
  expect(await complaint(2, '--pairs', 'BTC-USTD', '--json')).toMatch(/BTC-USTD.*BTC-USDT/);
});

test.concurrent('a file that is not there', async () => {
  expect(await complaint(2, '--replay', '/nowhere/session.txt')).toMatch(/\/nowhere\/session\.txt/);
});

test.concurrent('a folder in place of a file, and a folder that is not there for the products', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'venuekit-demo-'));
  expect(await complaint(2, '--replay', folder)).toContain(folder);
  await rm(folder, { recursive: true });
});

test.concurrent('a malformed recording names the line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'venuekit-demo-'));
  const file = join(folder, 'session.txt');
  await writeFile(file, '1618677608.5: {"m":"ping","hp":3}\n1618677609.5: {"m":"dep\n');
  expect(await complaint(2, '--replay', file)).toMatch(/session\.txt.*\b2\b/);
  await rm(folder, { recursive: true });
});

test.concurrent('a fault that does not exist', async () => {
  expect(await complaint(2, '--fault', 'explode@3')).toMatch(/^--fault "explode@3".*got "explode".*--help/);
  expect(await complaint(2, '--fault', 'drop')).toMatch(/^--fault "drop".*KIND@SECONDS/);
});

test.concurrent('a port in use', async () => {
  await using other = await listening(createServer());
  const message = await complaint(2, '--port', String(other.port), '--json');
  expect(message).toBe(`--port expects a free port, got ${other.port}, which is in use`);
});

test.concurrent('a server that is not there', async () => {
  let port = 0;
  {
    await using gone = await listening(createServer());
    port = gone.port;
  }
  expect(await complaint(1, '--url', `http://127.0.0.1:${port}`)).toContain(`127.0.0.1:${port}`);
});

test.concurrent('a server that accepts and says nothing is given up in bounded time', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await using server = await listening(silent);
  expect(await complaint(1, '--url', `http://127.0.0.1:${server.port}`)).toMatch(/10000 ms|timeout|within/);
});

test.concurrent('a server that answers HTML', async () => {
  const html = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Hello</title>');
  });
  await using server = await listening(html);
  expect(await complaint(1, '--url', `http://127.0.0.1:${server.port}`)).toMatch(/expected .*got/i);
});
