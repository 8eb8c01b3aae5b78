import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  createExchangeSimulator,
  type Dialect,
  type OpenDialect,
  type SimulatorOptions,
  startExchangeSimulator,
} from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect } from './plain-dialect.ts';

const market = { kind: 'synthetic', seed: 1, pairs: 1 } as const;

function fail(): never {
  throw new Error('a mistake in it');
}

/** A dialect that fails where `broken` says. */
function brokenDialect(broken: Partial<OpenDialect>): Dialect {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  return { name, nameUser, open: (venue) => ({ ...plain.open(venue), ...broken }) };
}

async function closeOf(url: string, message?: string): Promise<number> {
  const socket = new WebSocket(url);
  if (message !== undefined) socket.on('open', () => socket.send(message));
  return new Promise((resolve) => socket.on('close', resolve));
}

test('a stream whose dialect throws is cut, and the process and others go on', async () => {
  const dialect = brokenDialect({
    openStream: ({ path }) =>
      path.includes('greeting') ? fail() : { receive: fail, pinged: fail, drained: fail, closed: fail },
  });
  await using simulator = await startExchangeSimulator({ market, dialect });
  const { restUrl, streamUrl } = simulator.endpoints;
  expect(await closeOf(streamUrl, 'x')).toBe(1006);
  expect(await closeOf(`${streamUrl}?greeting`)).toBe(1006);
  expect((await fetch(`${restUrl}/time`)).status).toBe(200);
  expect(simulator.stats.connections).toMatchObject({ open: 0, total: 2 });
});

test.each([
  ['throws', () => fail()],
  ['rejects', async () => fail()],
])('whoever asks a dialect that %s is told why', async (_how, answer) => {
  const simulator = createExchangeSimulator({ market, dialect: brokenDialect({ fetch: answer }) });
  const response = await simulator.fetch(new Request('http://v.test/x'));
  expect([response.status, await response.json()]).toEqual([
    500,
    { message: 'the dialect has failed: Error: a mistake in it' },
  ]);
  simulator.close();
});

test.each<[string, Partial<SimulatorOptions>]>([
  ['a user', { users: [{ balances: { USDT: '-1' } }] }],
  ['a fault', { faults: [{ kind: 'gap', atSeconds: 1, symbol: 'NO/PAIR' }] }],
  ['a dialect', { dialect: { name: 'broken', nameUser: createPlainDialect().nameUser, open: fail } }],
])('an exchange that cannot be made for %s leaves no timer behind', (_what, options) => {
  const runtime = createHandMadeRuntime();
  expect(() => createExchangeSimulator({ market, runtime, ...options })).toThrow();
  expect(runtime.pending).toEqual([]);
});
