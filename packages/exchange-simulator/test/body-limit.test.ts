import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type Dialect,
  type ListeningSimulator,
  parseFault,
  type SimulatorOptions,
  startExchangeSimulator,
  type TruthEntry,
} from '../src/index.ts';
import { flush } from './fault-stage.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect } from './plain-dialect.ts';

const limit = 1 << 20;
const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
let simulator: ListeningSimulator | undefined;

afterEach(() => simulator?.close());

/** A dialect that answers with how much it was sent. */
function measure(): Dialect {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const fetch = async (request: Request): Promise<Response> =>
    Response.json({
      bytes: (await request.arrayBuffer()).byteLength,
      type: request.headers.get('content-type'),
    });
  return { name, nameUser, open: (venue) => ({ ...plain.open(venue), fetch }) };
}

type Ask = (body: RequestInit['body'], headers?: Record<string, string>) => Promise<Response>;

/** Asks in memory, or over sockets. */
async function asking(where: string, options: Partial<SimulatorOptions> = {}): Promise<Ask> {
  const given = { market, dialect: measure(), ...options };
  const init = (body: RequestInit['body'], headers = {}): RequestInit => ({
    ...{ method: 'POST', body: body ?? null, headers, duplex: 'half' },
  });
  if (where === 'in memory') {
    const memory = createExchangeSimulator(given);
    return async (...body) => memory.fetch(new Request('http://v.test/order', init(...body)));
  }
  simulator = await startExchangeSimulator(given);
  const { restUrl } = simulator.endpoints;
  return async (...body) => fetch(`${restUrl}/order`, init(...body));
}

/** A body that comes in pieces, so that nobody says how long it will be. */
function inPieces(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const piece = Math.min(left, 60_000);
      left -= piece;
      if (piece > 0) controller.enqueue(new Uint8Array(piece));
      else controller.close();
    },
  });
}

const refusal = {
  code: 413,
  reason: 'PAYLOAD_TOO_LARGE',
  message: `expected a body of at most ${limit} bytes`,
};

test.each(['in memory', 'over sockets'])(
  '%s, a body of 1 MiB is served, a longer one is not',
  async (where) => {
    const truth: TruthEntry[] = [];
    const ask = await asking(where, {
      truth: (entry) => void (entry.kind === 'request' && truth.push(entry)),
    });
    for (const make of [(bytes: number) => 'x'.repeat(bytes), inPieces]) {
      const served = await ask(make(limit), { 'content-type': 'text/x' });
      expect(await served.json()).toEqual({ bytes: limit, type: 'text/x' });
      const refused = await ask(make(limit + 1));
      expect([refused.status, await refused.json()]).toEqual([413, refusal]);
    }
    expect((await ask('x')).status).toBe(200);
    expect(truth.map((entry) => 'status' in entry && entry.status)).toEqual([200, 413, 200, 413, 200]);
  },
);

test.each(['GET', 'HEAD'])('nobody looks for a body of %s, for a look is dear', async (method) => {
  const memory = createExchangeSimulator({ market, dialect: measure() });
  const request = new Request('http://v.test/order', { method });
  let looks = 0;
  const body = {
    get() {
      looks += 1;
      return null;
    },
  };
  const { status } = await memory.fetch(Object.defineProperty(request, 'body', body));
  expect([status, looks]).toEqual([200, 0]);
  memory.close();
});

/** Asks in memory, 5 seconds late. */
async function askLate(
  body: ReadableStream,
  headers: Record<string, string>,
): Promise<[Response, TruthEntry[]]> {
  const runtime = createHandMadeRuntime();
  const truth: TruthEntry[] = [];
  const tell = (entry: TruthEntry): void => void (entry.kind === 'request' && truth.push(entry));
  const memory = createExchangeSimulator({ market, dialect: measure(), runtime, truth: tell });
  memory.inject(parseFault('late-request@0,seconds=5'));
  const init = { method: 'POST', body, headers, duplex: 'half' } as const;
  const late = memory.fetch(new Request('http://v.test/order', init));
  await flush();
  runtime.pass(4_999);
  await flush();
  expect(truth).toEqual([]);
  runtime.pass(1);
  const answer = await late;
  memory.close();
  return [answer, truth];
}

test.each([
  ['says so', { 'content-length': '4000000000' }, 0],
  ['does not say so', {}, limit + 60_000],
])('a late body without end that %s is not read to its end either', async (_how, headers, most) => {
  let read = 0;
  const pull = (controller: ReadableStreamDefaultController): void => {
    read += 60_000;
    if (read > limit << 4) controller.close();
    else controller.enqueue(new Uint8Array(60_000));
  };
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });
  const [answer, truth] = await askLate(body, headers);
  expect([answer.status, await answer.json()]).toEqual([413, refusal]);
  expect(read).toBeLessThanOrEqual(most);
  expect(truth).toMatchObject([{ method: 'POST', status: 413 }]);
});

test('a late body of 1 MiB is served', async () => {
  const [answer] = await askLate(inPieces(limit), { 'content-type': 'text/x' });
  expect(await answer.json()).toEqual({ bytes: limit, type: 'text/x' });
});

test('a dialect notices that somebody has given up, with a body as without', async () => {
  const signals: AbortSignal[] = [];
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const fetch = async (request: Request): Promise<Response> => {
    signals.push(request.signal);
    return Response.json({});
  };
  const dialect: Dialect = { name, nameUser, open: (venue) => ({ ...plain.open(venue), fetch }) };
  const memory = createExchangeSimulator({ market, dialect });
  const giveUp = new AbortController();
  const init = { method: 'POST', body: '{}', signal: giveUp.signal };
  await memory.fetch(new Request('http://v.test/order', init));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  giveUp.abort();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  memory.close();
});

test('a body that breaks off is the fault of who sent it', async () => {
  const ask = await asking('in memory');
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
  const answer = await ask(broken);
  expect([answer.status, await answer.json()]).toMatchObject([400, { message: 'the body has broken off' }]);
});

test.each([
  ['says so', 'Content-Length: 4000000000\r\n\r\n', (data: Buffer) => data],
  [
    'does not say so',
    'Transfer-Encoding: chunked\r\n\r\n',
    (data: Buffer) => Buffer.concat([Buffer.from('10000\r\n'), data, Buffer.from('\r\n')]),
  ],
])('a body without end that %s is answered, and its connection ends', async (_how, head, pack) => {
  await asking('over sockets');
  const socket = connect(Number(new URL(simulator?.endpoints.restUrl ?? '').port), '127.0.0.1');
  let got = '';
  socket.on('data', (data) => {
    got += String(data);
  });
  socket.on('error', () => {});
  socket.write(`POST /order HTTP/1.1\r\nHost: x\r\n${head}`);
  const piece = pack(Buffer.alloc(0x10000, 'x'));
  const push = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', push);
  push();
  await new Promise((resolve) => socket.on('close', resolve));
  expect(got).toMatch(/^HTTP\/1\.1 413 /);
});
