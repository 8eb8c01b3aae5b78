import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeAll, startSynthetic } from './running-simulator.ts';

afterEach(closeAll);

test('who leaves while an upgrade hangs is let go of', { timeout: 5_000 }, async () => {
  const simulator = await startSynthetic();
  simulator.inject({ kind: 'hung-upgrade', atSeconds: 0, durationSeconds: 1_000 });
  const sockets = Array.from({ length: 3 }, () =>
    connect(Number(new URL(simulator.endpoints.restUrl).port), '127.0.0.1'),
  );
  let got = '';
  for (const socket of sockets) {
    socket.on('data', (data) => {
      got += String(data);
    });
    socket.write(
      'GET /api/pro/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
  }
  while (simulator.stats.connections.refused < sockets.length)
    await new Promise((resolve) => setImmediate(resolve));
  // A connection that the other side has not let go of stays half open, and this never comes.
  const gone = sockets.map((socket) => once(socket, 'close'));
  for (const socket of sockets) socket.end('what nobody reads');
  await Promise.all(gone);
  expect(got).toBe('');
});
