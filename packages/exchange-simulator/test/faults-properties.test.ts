import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExchange, type Exchange } from '../src/exchange.ts';
import { checkFault, faultKinds } from '../src/faults/fault.ts';
import { faultCatalogue } from '../src/faults/fault-catalogue.ts';
import { faultChannels } from '../src/faults/fault-parts.ts';
import type { Fault, FaultPart } from '../src/faults/fault-types.ts';
import { createAscendexDialect, type StreamSink } from '../src/index.ts';
import { flush } from './fault-stage.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';

const symbols = ['BTC/USDT', 'ETH/USDT'];
const users = [
  { uid: 'one', balances: { USDT: '100000', BTC: '2' }, keys: [{ key: 'first' }] },
  { uid: 'two' },
];

const decimals = fc.constantFrom('0', '0.00', '1', '-1', '0.01', '20000', '1.123456789', '-999999999999999');
const short = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);

/** What each part may be, sense or nonsense; what does not pass the check is left out. */
const domains: Readonly<Record<FaultPart, fc.Arbitrary<string | number>>> = {
  durationSeconds: fc.oneof(short, fc.constant(1e-7)),
  symbol: fc.constantFrom(...symbols),
  channel: fc.constantFrom('depth' as const, 'snapshot' as const, ...faultChannels),
  count: fc.integer({ min: 1, max: 4 }),
  path: fc.constantFrom('/', '/', 'nowhere'),
  method: fc.constantFrom('GET', 'POST'),
  address: fc.constantFrom('127.0.0.1', '127.0.0.1', '10.0.0.1'),
  account: fc.constantFrom('one', 'two'),
  key: fc.constantFrom('first', 'nobody'),
  status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(205, 204, 205, 304)),
  seconds: fc.oneof(short, fc.constantFrom(-3, 1e-9)),
  times: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(100_000, 1e12)),
  bytes: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constant(1 << 29)),
  field: fc.constantFrom('m', 'data', 'seqnum', 'data.ts', 'code', 'nowhere', '__proto__'),
  value: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('5'.repeat(5_000), '1e9', '-0.5', '{"m":"disconnected"}', '127.0.0.1', '/ü€', 'a\nb'),
    decimals,
  ),
  ending: fc.constantFrom('hang', 'reset'),
  body: fc.constantFrom('html', 'json', 'empty'),
  code: fc.integer({ min: 1_000, max: 4_999 }),
  right: fc.constantFrom('view', 'trade', 'transfer'),
  side: fc.constantFrom('buy', 'sell'),
  asset: fc.constantFrom('BTC', 'USDT'),
  price: decimals,
  amount: decimals,
};

/** Parts with which a fault strikes less. */
const narrowing: readonly FaultPart[] = ['path', 'address', 'channel', 'symbol', 'method'];

const faults: fc.Arbitrary<Fault> = fc
  .constantFrom(...faultKinds)
  .chain((kind) => {
    const { parts } = faultCatalogue[kind];
    const chosen = parts.map((part) => {
      const given = domains[part].map((value) => [[part, value]] as const);
      return fc.oneof(
        { weight: narrowing.includes(part) ? 3 : 1, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: given },
      );
    });
    return fc
      .tuple(fc.constantFrom(0, 0, 0, 0.4), ...chosen)
      .map(([atSeconds, ...given]) => ({ kind, atSeconds, ...Object.fromEntries(given.flat()) }) as Fault);
  })
  .filter(makesSense);

function makesSense(fault: Fault): boolean {
  try {
    checkFault(fault);
    return true;
  } catch {
    return false;
  }
}

/** Whoever answers at once would soon have exceeded the ordinary limits. */
const many = [1e6, 1e6] as const;

/** A world in which a client trades words with an exchange. */
interface Stage {
  readonly exchange: Exchange;
  readonly runtime: HandMadeRuntime;
  /** What the dialect writes to, of the streams that are open. */
  readonly sinks: ReadonlySet<StreamSink>;
}

function open(): Stage {
  const runtime = createHandMadeRuntime();
  const sinks = new Set<StreamSink>();
  const inner = createAscendexDialect({
    limits: { ...{ admin: many, stream: many, snapshots: many }, connects: 1e6 },
  });
  const exchange = createExchange({
    market: { kind: 'synthetic', seed: 'faults', pairs: 2 },
    ...{ runtime, users },
    dialect: {
      ...inner,
      open(venue) {
        const opened = inner.open(venue);
        const openStream: typeof opened.openStream = (request, sink) => {
          sinks.add(sink);
          const connection = opened.openStream(request, sink);
          const closed = (): void => {
            sinks.delete(sink);
            connection.closed();
          };
          return { ...connection, closed };
        };
        return { ...opened, openStream };
      },
    },
  });
  return { exchange, runtime, sinks };
}

type Opened = ReturnType<Exchange['streams']['open']>;

/** A client in memory. */
interface Follower {
  readonly texts: readonly string[];
  /** Lets it ask so many times more, from now on. */
  more(times: number): void;
}

/** One who answers whatever comes at once with questions, and comes back at once when the stream has ended; so many times in all. */
function follow({ exchange }: Stage, times: number): Follower {
  const texts: string[] = [];
  let left = times;
  let stream: Opened | undefined;
  const path = exchange.streamPath;
  const ask = (send: (text: string) => void): void => {
    if (left <= 0) return;
    left -= 1;
    send(JSON.stringify({ op: 'sub', ch: `depth:${symbols}` }));
    send(JSON.stringify({ op: 'sub', ch: `trades:${symbols}` }));
    send(JSON.stringify({ op: 'req', action: 'depth-snapshot', args: { symbol: symbols[0] } }));
    send(JSON.stringify({ op: 'ping' }));
  };
  const connect = (): void => {
    const request = { path, headers: new Headers(), address: '127.0.0.1' };
    if (left <= 0 || exchange.streams.refusalOf(request) !== undefined) return;
    left -= 1;
    let opened: Opened | undefined;
    const end = (): void => {
      opened?.closed();
      stream = undefined;
      connect();
    };
    opened = exchange.streams.open(request, {
      send(text) {
        texts.push(text);
        const heard = opened;
        if (heard !== undefined) ask((message) => heard.receive(message));
      },
      ...{ pong: () => {}, cut: end, close: end, bufferedBytes: 0 },
    });
    const mine = opened;
    stream = mine;
    mine.pinged(new Uint8Array());
    ask((message) => mine.receive(message));
  };
  connect();
  return {
    texts,
    more(extra) {
      left = extra;
      if (stream === undefined) connect();
      else ask((message) => stream?.receive(message));
    },
  };
}

async function request({ exchange }: Stage, path: string, init: RequestInit = {}): Promise<number | string> {
  try {
    const response = await exchange.fetch(new Request(`http://v.test${path}`, init), {
      address: '127.0.0.1',
    });
    await response.text();
    return response.status;
  } catch (error) {
    // As a platform's own fetch fails when the connection is lost, or when it was given up.
    const isLost = error instanceof Error && ['fetch failed', 'terminated'].includes(error.message);
    return isLost ? 'lost' : error instanceof Error ? error.name : 'something';
  }
}

/** Strikes, and gives the number; what cannot be done in this world is refused by name. */
function inject({ faults: control }: Exchange, fault: Fault): number | undefined {
  try {
    return control.inject(fault);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-options' });
    return undefined;
  }
}

const ofFaults = ['late message', 'late request', 'slow link', 'end of fault', 'end of refusal', 'flap'];

/** Nothing of the faults is left, whoever looks. */
function expectNothingLeft({ exchange, runtime, sinks }: Stage): void {
  const { faults: control, clock, market } = exchange;
  expect(control.states).toEqual([]);
  expect([control.silent, control.refusing, control.acknowledgesOnly]).toEqual([false, false, false]);
  expect([control.engineDelayMs(), clock.now() - runtime.clock.now()]).toEqual([0, 0]);
  expect(control.forcedLimit('127.0.0.1')).toBeUndefined();
  for (const symbol of symbols) {
    expect([market.status(symbol), control.snapshotDelayMs(symbol)]).toEqual(['trading', 0]);
    expect(control.mutes(symbol, 'depth')).toBe(false);
  }
  expect(runtime.pending.filter((label) => ofFaults.includes(label))).toEqual([]);
  expect([...sinks].map(({ bufferedBytes }) => bufferedBytes)).toEqual([...sinks].map(() => 0));
}

/** What a client that comes now gets, at once and soon. */
async function expectService(stage: Stage): Promise<void> {
  const late = follow(stage, 3);
  stage.runtime.pass(400);
  for (const message of ['"connected"', '"m":"sub"', '"m":"pong"', '"m":"depth-snapshot"', '"m":"depth"'])
    expect(
      late.texts.some((text) => text.includes(message)),
      message,
    ).toBe(true);
  expect(late.texts.every((text) => text.startsWith('{"m":'))).toBe(true);
  expect(await request(stage, '/api/pro/v1/depth?symbol=BTC/USDT')).toBe(200);
}

async function play(list: readonly Fault[]): Promise<void> {
  const stage = open();
  const { exchange, runtime } = stage;
  const giveUp = new AbortController();
  const client = follow(stage, 20);
  const ids = list.map((fault) => inject(exchange, fault));
  const asked: Promise<number | string>[] = [];
  for (let round = 0; round < 5; round += 1) {
    client.more(10);
    asked.push(request(stage, '/api/pro/v1/depth?symbol=BTC/USDT', { signal: giveUp.signal }));
    asked.push(
      request(stage, '/1/api/pro/v1/cash/order', { method: 'POST', body: '{}', signal: giveUp.signal }),
    );
    await flush();
    runtime.pass(round === 0 ? 0 : 350);
  }
  follow(stage, 20);
  giveUp.abort();
  for (const id of ids) if (id !== undefined) exchange.faults.end(id);
  for (const [index, fault] of list.entries()) {
    const { lasts } = faultCatalogue[fault.kind];
    const most = fault.count ?? (lasts === 'next' && fault.durationSeconds === undefined ? 1 : Infinity);
    const alone = list.length === 1 && ids[index] !== undefined;
    if (alone) expect(exchange.faults.fired[fault.kind]).toBeLessThanOrEqual(most);
  }
  await flush();
  runtime.pass(5_100);
  for (const outcome of await Promise.all(asked))
    expect(typeof outcome === 'number' || ['AbortError', 'lost'].includes(outcome)).toBe(true);
  expectNothingLeft(stage);
  await expectService(stage);
  exchange.close();
  expect(runtime.pending).toEqual([]);
}

test('a fault, alone or with another, neither throws nor leaves anything behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(faults, { minLength: 1, maxLength: 2 }), (list) => play(list)),
    { numRuns: 250 },
  );
}, 60_000);
