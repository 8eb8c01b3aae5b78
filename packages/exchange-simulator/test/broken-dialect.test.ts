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
  // Of the first stream, the message and the end.
  expect(simulator.stats.dialect).toEqual({ failures: 3, newest: 'Error: a mistake in it' });
});

test.each(['receive', 'pinged', 'drained', 'closed'] as const)(
  'a dialect that throws at %s throws at nobody else',
  (where) => {
    const quiet = { receive() {}, pinged() {}, drained() {}, closed() {} };
    const dialect = brokenDialect({ openStream: () => ({ ...quiet, [where]: fail }) });
    const simulator = createExchangeSimulator({ market, dialect });
    let cuts = 0;
    const cut = (): void => {
      cuts += 1;
    };
    const stream = simulator.connect({}, { send() {}, pong() {}, cut, close() {}, bufferedBytes: 0 });
    if ('refusedWith' in stream) throw new Error(`refused with ${stream.refusedWith}`);
    if (where === 'receive') stream.receive('x');
    if (where === 'pinged') stream.pinged(new Uint8Array());
    if (where === 'drained') stream.drained();
    if (where === 'closed') stream.closed();
    expect([cuts, simulator.stats.connections.open]).toEqual([where === 'closed' ? 0 : 1, 0]);
    simulator.close();
  },
);

test.each<[string, Partial<OpenDialect>]>([
  ['which paths are streams', { isStream: fail }],
  ['who is refused', { refuseStream: fail }],
])(
  'an upgrade for which a dialect cannot say %s is refused with 500, and others go on',
  async (_what, broken) => {
    await using simulator = await startExchangeSimulator({ market, dialect: brokenDialect(broken) });
    const { restUrl, streamUrl } = simulator.endpoints;
    const socket = new WebSocket(streamUrl);
    const message = await new Promise((resolve) => socket.on('error', (error) => resolve(error.message)));
    expect(message).toBe('Unexpected server response: 500');
    expect((await fetch(`${restUrl}/time`)).status).toBe(200);
    const memory = createExchangeSimulator({ market, dialect: brokenDialect(broken) });
    const sink = { send() {}, pong() {}, cut() {}, close() {}, bufferedBytes: 0 };
    expect(memory.connect({}, sink)).toEqual({ refusedWith: 500 });
    expect(memory.stats.dialect.failures).toBe(1);
    memory.close();
  },
);

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
