import { createHmac } from 'node:crypto';
import { canaryCredentials, canaryIn } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import type { StreamConnection, StreamSink } from '../src/dialect/dialect.ts';
import { createExchangeSimulator, parseRecording, type RecordedItem } from '../src/index.ts';
import { createRecorder } from '../src/recording/recorder.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';

const streamUrl = 'wss://venue.test/api/pro/v1/stream';
const { apiKey, secret } = canaryCredentials;

interface Result {
  readonly text: string;
  readonly left: number;
  /** All that the client was sent. */
  readonly seen: readonly string[];
}

/** Records a customer that follows a book, logs in, and trades. */
function recordCustomer(withPrivate: boolean): Result {
  const runtime = createHandMadeRuntime();
  const users = [{ group: 4, balances: { USDT: '100000', BTC: '2' }, keys: [{ key: apiKey, secret }] }];
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'p', pairs: 2 },
    runtime,
    users,
  });
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  const recorder = createRecorder({ write, clock: runtime.clock, streamUrl, private: withPrivate });
  const seen: string[] = [];
  const sink: StreamSink = {
    send: (frame) => void seen.push(frame),
    pong: () => {},
    cut: () => {},
    close: () => {},
    bufferedBytes: 0,
  };
  const stream = recorder.carry(sink, (to) => {
    const opened = simulator.connect('/4/api/pro/v1/stream', to);
    if ('refusedWith' in opened) throw new Error(`refused with ${opened.refusedWith}`);
    return opened;
  });
  const say = (message: object): void => {
    stream.receive(JSON.stringify(message));
    runtime.pass(400);
  };
  say({ op: 'sub', id: 's1', ch: 'depth:BTC/USDT' });
  say({ op: 'req', action: 'nothing', id: 'n1' });
  say({ op: 'auth', id: 'a1', t: runtime.clock.now(), key: apiKey, sig: 'wrong' });
  say({
    op: 'AUTH',
    id: 'a2',
    t: runtime.clock.now(),
    key: apiKey,
    sig: loginSignature(runtime.clock.now()),
  });
  say({
    op: 'auth',
    id: 'a3',
    t: runtime.clock.now(),
    key: apiKey,
    sig: loginSignature(runtime.clock.now()),
  });
  say({ op: 'sub', id: 's2', ch: 'order:cash' });
  const order = {
    id: 'k7Qm2Zt9X',
    symbol: 'BTC/USDT',
    orderPrice: '1000',
    orderQty: '0.01',
    orderType: 'limit',
    side: 'buy',
  };
  say({
    op: 'req',
    action: 'place-Order',
    id: 'o1',
    account: 'cash',
    args: { ...order, time: runtime.clock.now() },
  });
  say({ op: 'req', action: 'place-order', args: { symbol: 'NO/NE' } });
  say({ op: 'req', action: 'balance', id: 'b1', account: 'cash' });
  say({ op: 'req', action: 'open-order', id: 'q1', account: 'cash', args: { symbols: 'BTC/USDT' } });
  say({ op: 'sub', id: 's3', ch: 'trades:BTC/USDT' });
  say({ op: 'unsub', id: 's4', ch: 'order' });
  say({ op: 'ping', id: 'p1' });
  stream.closed();
  simulator.close();
  const { private: kept, unreadable } = recorder.counts;
  expect(unreadable).toBe(0);
  return { text, left: kept, seen };
}

function loginSignature(timeMs: number): string {
  return createHmac('sha256', secret).update(`${timeMs}+stream`).digest('base64');
}

/** The frames of a recording, without the public data. */
function talk(text: string): string[] {
  const frames = parseRecording(text, 'a.txt').items.flatMap((item: RecordedItem) =>
    item.kind === 'sent' || item.kind === 'received' ? [item.text] : [],
  );
  return frames.filter((frame) => !/"m":"(?:depth|trades|ping)"/.test(frame));
}

test('of a customer that trades, only what anybody may see is written down', () => {
  const { text, left, seen } = recordCustomer(false);
  const names = talk(text).map((frame) => frame.replace(/,?"(?:info|reason|err)":"[^"]*"/g, ''));
  expect(names).toEqual([
    expect.stringContaining('"connected"'),
    '{"op":"sub","id":"s1","ch":"depth:BTC/USDT"}',
    expect.stringMatching(/^\{"m":"sub","id":"s1"/),
    '{"op":"sub","id":"s3","ch":"trades:BTC/USDT"}',
    expect.stringMatching(/^\{"m":"sub","id":"s3"/),
    '{"op":"ping","id":"p1"}',
    expect.stringMatching(/^\{"m":"pong","id":"p1"/),
  ]);
  for (const word of ['order', 'balance', '"auth"', 'csh', 'k7Qm2Zt9X', '"error"'])
    expect(talk(text).join()).not.toContain(word);
  // The customer itself has seen all of that.
  for (const word of ['"order"', '"open-order"', '"auth"', 'csh', '"error"'])
    expect(seen.join()).toContain(word);
  expect(left).toBeGreaterThan(14);
  expect(canaryIn(text)).toBeUndefined();
});

test('accounts and orders are written down if asked for; a login never is', () => {
  const { text, seen } = recordCustomer(true);
  const received = parseRecording(text, 'a.txt').items.flatMap((item) =>
    item.kind === 'received' ? [item.text] : [],
  );
  expect(received).toEqual(seen);
  expect(talk(text).filter((frame) => frame.startsWith('{"op":"req"')).length).toBe(5);
  expect(text).not.toMatch(/"op":"auth"|"sig"|"key"/i);
  expect(canaryIn(text)).toBeUndefined();
});

const secretive: readonly (readonly [string, string])[] = [
  ['a login', `{"op":"auth","t":1,"key":"${apiKey}","sig":"x"}`],
  ['a login in other letters', `{"op":"Auth","t":1}`],
  ['a signature where none belongs', `{"op":"sub","ch":"depth:A/B","signature":"${secret}"}`],
  ['a signature whose name is escaped', `{"op":"sub","ch":"depth:A/B","s\\u0069g":"${secret}"}`],
  [
    'a key among the arguments',
    `{"op":"req","action":"depth-snapshot","args":{"symbol":"A/B","apiKey":"${apiKey}"}}`,
  ],
  ['a field that another one hides', `{"op":"ping","args":{"secret" : "${secret}"},"args":{}}`],
  [
    'a signature behind four million quotes',
    `{"op":"ping","x":"${'\\"'.repeat(1 << 22)}","sig" \t: "${secret}"}`,
  ],
  ['a signature behind one quote', `{"op":"ping","x":"\\"","sig":"${secret}"}`],
  ['a login that says that it is a ping', `{"op":"auth","key":"${apiKey}","op":"ping"}`],
];

test.each(secretive)('%s is never written down', (_name, frame) => {
  for (const withPrivate of [false, true]) {
    let text = '';
    const recorder = createRecorder({
      write: (line) => {
        text += line;
      },
      clock: { now: () => 1 },
      streamUrl,
      private: withPrivate,
    });
    const stream = recorder.carry(
      { send: () => {}, pong: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
      () => ({ receive: () => {}, pinged: () => {}, drained: () => {}, closed: () => {} }),
    );
    stream.receive(frame);
    expect(text).toBe(`${streamUrl} <-> 0.001\n`);
    expect(recorder.counts.private).toBe(1);
  }
});

interface Tape {
  readonly errors: readonly string[];
  readonly stream: StreamConnection;
  send(text: string): void;
}

/** A stream of which the errors that are written down are known. */
function createTape(): Tape {
  const errors: string[] = [];
  const write = (line: string): void => {
    const info = /"info":"([^"]*)"/.exec(line)?.[1];
    if (info !== undefined) errors.push(info);
  };
  const recorder = createRecorder({ write, clock: { now: () => 1 }, streamUrl });
  let inner: StreamSink | undefined;
  const stream = recorder.carry(
    { send: () => {}, pong: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
    (sink) => {
      inner = sink;
      return { receive: () => {}, pinged: () => {}, drained: () => {}, closed: () => {} };
    },
  );
  return { errors, stream, send: (text) => inner?.send(text) };
}

test('an error that answers something private is private', () => {
  const { errors, stream, send } = createTape();
  send('{"m":"error","info":"before"}');
  stream.receive('{"op":"sub","id":"1","ch":"depth:A/B"}');
  send('{"m":"error","id":"1","info":"of the sub"}');
  send('{"m":"error","id":"2","info":"of nothing"}');
  stream.receive('{"op":"req","id":"2","action":"place-order"}');
  send('{"m":"error","id":"2","info":"of the order"}');
  send('{"m":"error","info":"of whatever"}');
  send('{"m":"error","id":"1","info":"of the sub again"}');
  expect(errors).toEqual(['before', 'of the sub', 'of the sub again']);
});

test('the names of a thousand messages are remembered; an error of an older one may be anything', () => {
  const { errors, stream, send } = createTape();
  for (let id = 0; id <= 1_000; id += 1) stream.receive(`{"op":"ping","id":${id}}`);
  send('{"m":"error","id":0,"info":"of the first"}');
  send('{"m":"error","id":1,"info":"of the second"}');
  expect(errors).toEqual(['of the second']);
});
