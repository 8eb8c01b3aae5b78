import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createStreamBurst, type StreamBurst } from './stream-burst.ts';

test('what is written at one moment leaves together, behind all of it and before anything else happens', async () => {
  const { socket, burst, calls } = stage();
  let wasLate = true;
  setImmediate(() => {
    wasLate = calls.length === 0;
  });
  for (const text of ['a', 'b', 'c']) write(socket, burst, text);
  expect(calls).toEqual([]);
  await Promise.resolve();
  expect(calls).toEqual(['abc']);
  write(socket, burst, 'd');
  await Promise.resolve();
  expect(calls).toEqual(['abc', 'd']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(wasLate).toBe(false);
});

test('what waits can be sent at once, before a socket is cut', async () => {
  const { socket, burst, calls } = stage();
  write(socket, burst, 'a');
  write(socket, burst, 'b');
  burst.end();
  burst.end();
  expect(calls).toEqual(['ab']);
  socket.destroy();
  await Promise.resolve();
  expect(calls).toEqual(['ab']);
});

test('no more is kept back than a little: a reader that is behind shows at once', () => {
  const { socket, burst, calls } = stage();
  const text = 'x'.repeat(10_000);
  for (let times = 0; times < 20; times += 1) write(socket, burst, text);
  expect(calls.length).toBeGreaterThan(0);
  expect(socket.writableLength).toBeLessThanOrEqual(80_000);
});

function write(socket: Writable, burst: StreamBurst, text: string): void {
  burst.begin();
  socket.write(text);
}

/** A socket whose reader takes everything at once. */
function stage(): { readonly socket: Writable; readonly burst: StreamBurst; readonly calls: string[] } {
  const calls: string[] = [];
  const take = (text: string, done: () => void): void => {
    calls.push(text);
    done();
  };
  const socket = new Writable({
    write: (chunk, _encoding, done) => take(`${chunk}`, done),
    writev: (chunks, done) => take(chunks.map(({ chunk }) => `${chunk}`).join(''), done),
  });
  return { socket, burst: createStreamBurst(socket), calls };
}
