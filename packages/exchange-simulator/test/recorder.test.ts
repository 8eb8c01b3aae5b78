import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamConnection, StreamSink } from '../src/dialect/dialect.ts';
import type { StreamCarrier } from '../src/faults/stream-carrier.ts';
import { formatRecording, parseRecording } from '../src/index.ts';
import { parseProducts } from '../src/recording/products-text.ts';
import { createRecorder, type Recorder, type RecorderOptions } from '../src/recording/recorder.ts';

const streamUrl = 'wss://venue.test/api/pro/v1/stream';
const greeting = '{"m":"connected","type":"unauth"}';

interface Stage {
  readonly recorder: Recorder;
  readonly clock: { ms: number };
  /** Without line breaks. */
  readonly lines: readonly string[];
  readonly text: string;
}

function createStage(options: Partial<RecorderOptions> = {}): Stage {
  const clock = { ms: 1_700_000_000_000 };
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  const recorder = createRecorder({ write, clock: { now: () => clock.ms }, streamUrl, ...options });
  return {
    ...{ recorder, clock },
    get lines() {
      return text.split('\n').slice(0, -1);
    },
    get text() {
      return text;
    },
  };
}

interface Carried {
  /** What the exchange uses. */
  readonly sink: StreamSink;
  /** What the transport uses. */
  readonly stream: StreamConnection;
  /** What came through, at either end. */
  readonly log: unknown[];
}

/** A stream whose exchange says nothing of itself but a greeting. */
function carry({ recorder }: Stage, answer: (text: string, sink: StreamSink) => void = () => {}): Carried {
  const log: unknown[] = [];
  let inner: StreamSink | undefined;
  const stream = recorder.carry(
    {
      send: (text, label) => void log.push(['send', text, label]),
      pong: (data) => void log.push(['pong', data]),
      cut: () => void log.push(['cut']),
      close: (code, reason) => void log.push(['close', code, reason]),
      bufferedBytes: 7,
    },
    (sink) => {
      inner = sink;
      sink.send(greeting);
      return {
        receive(text) {
          log.push(['receive', text]);
          answer(text, sink);
        },
        pinged: (data) => void log.push(['pinged', data]),
        drained: () => void log.push(['drained']),
        closed: () => void log.push(['closed']),
      };
    },
  );
  if (inner === undefined) throw new Error('expected a sink');
  return { sink: inner, stream, log };
}

const sub = '{"op":"sub","id":"1","ch":"depth:A/B"}';
const subscribed = '{"m":"sub","id":"1","ch":"depth:A/B","code":0}';
const ping = '{"m":"ping","hp":3}';

test('a stream is written down as it happens, each line with its time', () => {
  const stage = createStage();
  const { sink, stream } = carry(stage, (_, to) => to.send(subscribed));
  stage.clock.ms += 1_500;
  stream.receive(sub);
  stage.clock.ms += 0.000_25;
  sink.send(ping, { channel: 'ping' });
  stage.clock.ms += 1;
  sink.cut();
  expect(stage.lines).toEqual([
    `${streamUrl} <-> 1700000000`,
    `1700000000: ${greeting}`,
    `${streamUrl} <- 1700000001.5: ${sub}`,
    `1700000001.5: ${subscribed}`,
    expect.stringMatching(/^1700000001\.500000\d+: \{"m":"ping","hp":3\}$/),
    expect.stringMatching(/ <x> 1700000001\.50100\d*: cut$/),
  ]);
  expect(stage.recorder.counts).toEqual({ streams: 1, otherStreams: 0, lines: 6, private: 0, unreadable: 0 });
});

test('what a client says while it is sent something comes after that', () => {
  const stage = createStage();
  let inner: StreamSink | undefined;
  const stream = stage.recorder.carry(
    {
      send: () => stream.receive('{"op":"pong"}'),
      pong: () => {},
      cut: () => {},
      close: () => {},
      bufferedBytes: 0,
    },
    (sink) => {
      inner = sink;
      return { receive: () => {}, pinged: () => {}, drained: () => {}, closed: () => {} };
    },
  );
  inner?.send(ping);
  expect(stage.lines.slice(1)).toEqual([`1700000000: ${ping}`, `${streamUrl} <- 1700000000: {"op":"pong"}`]);
});

test('whoever is recorded notices nothing', () => {
  const stage = createStage();
  const data = new Uint8Array([1]);
  const { sink, stream, log } = carry(stage);
  const label = { channel: 'depth', symbol: 'A/B' };
  sink.send(ping, label);
  sink.pong(data);
  stream.receive(sub);
  stream.pinged(data);
  stream.drained();
  sink.close(1000, 'enough');
  sink.cut();
  stream.closed();
  expect(sink.bufferedBytes).toBe(7);
  expect(log).toEqual([
    ...[
      ['send', greeting, undefined],
      ['send', ping, label],
      ['pong', data],
      ['receive', sub],
      ['pinged', data],
    ],
    ...[['drained'], ['close', 1000, 'enough'], ['cut'], ['closed']],
  ]);
});

test('what only a socket can do goes through as well: a message in pieces is one, and one that is cut off is none', () => {
  const stage = createStage();
  const log: unknown[] = [];
  const carrier: StreamCarrier = {
    ...{ send: () => {}, pong: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
    sendInPieces: (text, bytes) => void log.push(['pieces', text, bytes]),
    cutWithin: (text) => void log.push(['cut within', text]),
    ping: () => void log.push('ping'),
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
  };
  stage.recorder.carry(carrier, (sink) => {
    sink.sendInPieces?.(ping, 3);
    sink.ping?.();
    sink.pause?.();
    sink.resume?.();
    sink.cutWithin?.(greeting);
    return { receive: () => {}, pinged: () => {}, drained: () => {}, closed: () => {} };
  });
  expect(log).toEqual([['pieces', ping, 3], 'ping', 'pause', 'resume', ['cut within', greeting]]);
  expect(stage.lines.slice(1)).toEqual([`1700000000: ${ping}`, `${streamUrl} <x> 1700000000: cut`]);
  const plain = carry(stage);
  expect('sendInPieces' in plain.sink || 'cutWithin' in plain.sink || 'ping' in plain.sink).toBe(false);
});

test.each([
  ['cut', (carried: Carried) => carried.sink.cut()],
  ['close 4001', (carried: Carried) => carried.sink.close(4001, 'why')],
  ['cut', (carried: Carried) => carried.sink.close(1006, 'no handshake has this code')],
  ['left', (carried: Carried) => carried.stream.closed()],
] as const)('an end is written down once, as %s, and nothing after it', (how, end) => {
  const stage = createStage();
  const carried = carry(stage);
  end(carried);
  carried.sink.send(ping);
  carried.stream.receive(sub);
  carried.sink.cut();
  carried.sink.close(1000, '');
  carried.stream.closed();
  expect(stage.lines.slice(2)).toEqual([`${streamUrl} <x> 1700000000: ${how}`]);
});

test('one stream is recorded at a time: the first one, and after its end the next one that is opened', () => {
  const stage = createStage();
  const one = carry(stage);
  const other = carry(stage);
  other.sink.send(ping);
  one.sink.cut();
  other.sink.send(ping);
  other.stream.closed();
  const back = carry(stage);
  back.sink.send(ping);
  expect(stage.lines.map((line) => line.replace(/1700000000/, ''))).toEqual([
    ...[`${streamUrl} <-> `, `: ${greeting}`, `${streamUrl} <x> : cut`],
    ...[`${streamUrl} <-> `, `: ${greeting}`, `: ${ping}`],
  ]);
  expect(stage.recorder.counts).toMatchObject({ streams: 2, otherStreams: 1 });
});

test('a client that is back while it is cut is recorded', () => {
  const stage = createStage();
  let back: Carried | undefined;
  const stream = stage.recorder.carry(
    {
      send: () => {},
      pong: () => {},
      cut: () => {
        back = carry(stage);
      },
      close: () => {},
      bufferedBytes: 0,
    },
    (sink) => {
      return { receive: () => sink.cut(), pinged: () => {}, drained: () => {}, closed: () => {} };
    },
  );
  stream.receive(sub);
  back?.sink.send(ping);
  expect(stage.lines.map((line) => line.replace(/ ?1700000000/, ''))).toEqual([
    ...[`${streamUrl} <->`, `${streamUrl} <-: ${sub}`, `${streamUrl} <x>: cut`],
    ...[`${streamUrl} <->`, `: ${greeting}`, `: ${ping}`],
  ]);
});

test('a clock that goes back stands still in a recording', () => {
  const stage = createStage();
  const { sink } = carry(stage);
  stage.clock.ms -= 5_000;
  sink.send(ping);
  stage.clock.ms += 6_000;
  sink.send(ping);
  expect(stage.lines.slice(2)).toEqual([`1700000000: ${ping}`, `1700000001: ${ping}`]);
});

test('what a recording cannot hold is left out and counted', () => {
  const stage = createStage();
  const { sink, stream, log } = carry(stage);
  const odd = [
    '{"m":"depth","symb',
    'pong',
    '[1]',
    `{"m":"ping",\n"hp":3}`,
    `${ping}\r`,
    '{"m":"pong","x":"\uD800"}',
  ];
  for (const text of odd) {
    sink.send(text);
    stream.receive(text);
  }
  expect(stage.lines.length).toBe(2);
  expect(stage.recorder.counts).toMatchObject({ lines: 2, private: 0, unreadable: 2 * odd.length });
  expect(log.length).toBe(1 + 2 * odd.length);
});

const frames = fc.oneof(
  fc.constantFrom(
    ...[greeting, subscribed, ping, '{"m":"pong"}', '{"m":"unsub","ch":"depth:A/B"}', '{"m":"weather"}', '{'],
    '{"m":"depth","symbol":"A/B", "data":{"ts":1,"seqnum":9007199254740993,"asks":[["1.50","0"]],"bids":[]}}',
    '{"m":"bbo","symbol":"A/B","x":"\u2028 <-> 1: "}',
  ),
  fc.json(),
);
const deeds = fc.record({
  deed: fc.constantFrom('send', 'send', 'send', 'receive', 'cut', 'close', 'left', 'open'),
  frame: frames,
  passMs: fc.integer({ min: -5_000, max: 20_000 }),
  fraction: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

test('whatever happens, what is written can be read, and is written again byte for byte', () => {
  fc.assert(
    fc.property(fc.array(deeds, { maxLength: 60 }), fc.boolean(), (list, withPrivate) => {
      const stage = createStage({ private: withPrivate });
      let carried = carry(stage);
      for (const { deed, frame, passMs, fraction } of list) {
        stage.clock.ms += passMs + fraction;
        if (deed === 'send') carried.sink.send(frame);
        if (deed === 'receive') carried.stream.receive(frame);
        if (deed === 'cut') carried.sink.cut();
        if (deed === 'close') carried.sink.close(1001, frame);
        if (deed === 'left') carried.stream.closed();
        if (deed === 'open') carried = carry(stage);
      }
      const session = parseRecording(stage.text, 'a.txt');
      expect(formatRecording(session)).toBe(stage.text);
      const { lines, streams } = stage.recorder.counts;
      expect(session.items.length).toBe(lines);
      expect(session.items.filter(({ kind }) => kind === 'connect').length).toBe(streams);
    }),
    { numRuns: 200 },
  );
});

const body = JSON.stringify({ code: 0, data: [] });

function answer(
  url: string,
  init: RequestInit = {},
  response: Response = new Response(body),
): [Request, Response] {
  return [new Request(url, init), response];
}

test('answers to public requests are written down when they have been read, and can be read by the client as well', async () => {
  const stage = createStage();
  const [request, response] = answer('http://venue.test/api/pro/v1/ticker?symbol=A/B');
  await stage.recorder.answered(request, response);
  expect(stage.lines).toEqual([`http://venue.test/api/pro/v1/ticker?symbol=A/B -> 1700000000: ${body}`]);
  expect(await response.text()).toBe(body);
});

test.each([
  ['a POST', 'private', answer('http://v/a', { method: 'POST', body: '{}' })],
  [
    'a signed GET',
    'private',
    answer('http://v/a', { headers: { 'X-Auth-Key': 'k', 'x-auth-signature': 's' } }),
  ],
  ['a GET with a cookie', 'private', answer('http://v/a', { headers: { cookie: 'a=b' } })],
  ['a key in the address', 'private', answer('http://v/a?symbol=A/B&apiKey=k')],
  ['another status', 'unreadable', answer('http://v/a', {}, new Response(body, { status: 404 }))],
  ['no JSON', 'unreadable', answer('http://v/a', {}, new Response('<html>'))],
  ['no body', 'unreadable', answer('http://v/a', {}, new Response(null))],
  ['two lines', 'unreadable', answer('http://v/a', {}, new Response('{"a":\n1}'))],
  [
    'a body of more than 16 MiB',
    'unreadable',
    answer('http://v/a', {}, new Response(`{"a":"${'x'.repeat(1 << 24)}"}`)),
  ],
] as const)('%s is left out', async (_name, why, [request, response]) => {
  const stage = createStage();
  await stage.recorder.answered(request, response);
  expect(stage.lines).toEqual([]);
  expect(stage.recorder.counts).toMatchObject({ private: 0, unreadable: 0, [why]: 1 });
});

test('a body that breaks is left out, and is nobody else’s affair', async () => {
  const stage = createStage();
  const broken = new ReadableStream({
    pull() {
      throw new Error('gone');
    },
  });
  await stage.recorder.answered(...answer('http://v/a', {}, new Response(broken)));
  expect(stage.recorder.counts).toMatchObject({ lines: 0, unreadable: 1 });
});

test.each(['venue.test/stream', 'https://venue.test/stream', 'wss://venue.test/a b', 'wss://[venue'])(
  '%s is no address of a stream',
  (bad) => {
    expect(() => createStage({ streamUrl: bad })).toThrow(
      `createRecorder: expected streamUrl to be an address such as wss://venue.test/stream, got ${bad}`,
    );
  },
);

test('what is listed can be written down at the beginning', () => {
  const product = {
    ...{
      symbol: 'A/B',
      displayName: 'A/B',
      baseAsset: 'A',
      quoteAsset: 'B',
      status: 'Normal',
      minNotional: '5',
    },
    ...{ maxNotional: '100', marginTradable: false, commissionType: 'Quote', commissionReserveRate: '0.001' },
    ...{ tickSize: '0.01', lotSize: '1' },
  };
  const stage = createStage({ products: [product] });
  expect(stage.lines[0]).toMatch(/^https:\/\/venue\.test\/api\/pro\/v1\/products -> 1700000000: /);
  expect(parseProducts(stage.text, 'a.txt')).toEqual([product]);
});
