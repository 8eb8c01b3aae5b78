import type { SocketOptions } from '@venuekit/connector-core';
import { describe, expect, test } from 'vitest';
import {
  createRecordingWriter,
  type RecordingWriter,
  type RecordRuntimeOptions,
  recordRuntime,
} from '../src/recording/index.ts';
import { settle } from '../src/testing/index.ts';
import { bytesOf, createListener, createVenueRuntime, streamUrl } from './recording-venue.ts';

const socketOptions: SocketOptions = { maxMessageBytes: 1_000_000 };

interface StageOptions extends RecordRuntimeOptions {
  readonly lanes?: boolean;
  readonly answer?: Response;
}

/** A recorded client with one writer, or with one for each lane. */
function createStage(options: StageOptions = {}) {
  const warnings: string[] = [];
  const venue = createVenueRuntime(options.answer);
  const logged = { ...venue, logger: { ...venue.logger, warn: (text: string) => void warnings.push(text) } };
  const files: string[][] = [];
  const makeWriter = (lane: number): RecordingWriter => {
    const lines: string[] = [];
    files[lane] = lines;
    return createRecordingWriter({ write: (line) => lines.push(line), clock: venue.clock });
  };
  const runtime = recordRuntime(logged, options.lanes === true ? makeWriter : makeWriter(0), options);
  const open = (url = streamUrl, opened: SocketOptions = socketOptions) => {
    const listener = createListener(venue);
    const socket = runtime.openSocket(url, opened, listener.handlers);
    const server = venue.sockets.at(-1)!;
    return {
      socket,
      server,
      heard: listener.heard,
      receive: (text: string) => server.handlers.message(bytesOf(text)),
    };
  };
  return { venue, runtime, files, lines: () => files[0] ?? [], open, warnings };
}

describe('a session', () => {
  test('is written down as it passes, each frame before the client is told of it', async () => {
    const { venue, runtime, lines, open } = createStage();
    const { socket, server, heard, receive } = open();
    await venue.advance(87);
    server.handlers.opened();
    await venue.advance(1.5);
    socket.send('{"op":"sub","ch":"depth"}');
    receive('{"m":"depth", "p":"1.50", "seq":36028838561668184}');
    await venue.advance(10);
    server.handlers.closed(1_001, 'bye');
    expect(lines()).toEqual([
      `${streamUrl} <-> 1700000000.087\n`,
      `${streamUrl} <- 1700000000.0885: {"op":"sub","ch":"depth"}\n`,
      '1700000000.0885: {"m":"depth", "p":"1.50", "seq":36028838561668184}\n',
      `${streamUrl} <x> 1700000000.0985: close 1001\n`,
    ]);
    expect(heard.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      ...['opened', '{"m":"depth", "p":"1.50", "seq":36028838561668184}', 'closed 1001'],
    ]);
    expect(server.sent).toEqual(['{"op":"sub","ch":"depth"}']);
    expect(runtime.counts).toEqual({
      ...{ connections: 1, otherSockets: 0, failedDials: 0, lines: 4 },
      ...{ notKept: 0, secret: 0, unreadable: 0 },
    });
  });

  test('has a frame before what the client says to it', () => {
    const { runtime, venue, lines } = createStage();
    const { handlers } = createListener(venue);
    const message = () => socket.send('{"op":"pong"}');
    const socket = runtime.openSocket(streamUrl, socketOptions, { ...handlers, message });
    venue.sockets[0]?.handlers.opened();
    venue.sockets[0]?.handlers.message(bytesOf('{"m":"ping"}'));
    expect(
      lines()
        .slice(1)
        .map((line) => line.split('{')[1]),
    ).toEqual(['"m":"ping"}\n', '"op":"pong"}\n']);
  });

  test('leaves everything else of the runtime as it is', () => {
    const { runtime, venue } = createStage();
    expect(runtime.shared('limits', () => ({}))).toBe(venue.shared('limits', () => ({})));
    expect([runtime.clock, runtime.timers, runtime.random, runtime.ids]).toEqual([
      ...[venue.clock, venue.timers, venue.random, venue.ids],
    ]);
  });

  test.each([
    ['cut', 'of a connection that broke', 1_006],
    ['cut', 'without a code', 1_005],
    ['close 1012', 'with a code', 1_012],
    ['close 4999', 'with a code of the venue', 4_999],
  ])('has the end "%s" %s', (end, _, code) => {
    const { lines, open } = createStage();
    const { server } = open();
    server.handlers.opened();
    server.handlers.closed(code, '');
    expect(lines().at(-1)).toBe(`${streamUrl} <x> 1700000000: ${end}\n`);
  });

  test.each(['close', 'terminate'] as const)('that the client leaves by %s was left', (how) => {
    const { lines, open } = createStage();
    const { server, socket, receive } = open();
    server.handlers.opened();
    // As of a peer that takes its time to close.
    server.closed = true;
    socket[how]();
    receive('{"m":"late"}');
    expect(lines().slice(1)).toEqual([`${streamUrl} <x> 1700000000: left\n`]);
  });

  test('that never came up leaves no line', () => {
    const { runtime, files, open } = createStage();
    const { server, heard } = open();
    server.handlers.closed(1_006, 'refused', 503);
    expect(files).toEqual([[]]);
    expect(heard).toEqual(['0 closed 1006']);
    expect(runtime.counts).toMatchObject({ connections: 0, failedDials: 1 });
  });

  test('goes on in time when the clock goes back', async () => {
    const { venue, lines, open } = createStage();
    const { server, receive } = open();
    await venue.advance(5);
    server.handlers.opened();
    venue.stall(-3);
    receive('{}');
    venue.stall(4);
    receive('{}');
    expect(lines().slice(1)).toEqual(['1700000000.005: {}\n', '1700000000.006: {}\n']);
  });

  test('has its url without user, password and parameters with secrets', () => {
    const { lines, open } = createStage();
    const { server } = open('wss://me:pw@venue.test/stream?listenKey=abc&depth=5&token=x');
    server.handlers.opened();
    expect(lines()).toEqual(['wss://venue.test/stream?depth=5 <-> 1700000000\n']);
  });
});

describe('sockets at once', () => {
  test('with one writer, the others are counted and warned of, and the next one after its end is taken', () => {
    const { runtime, lines, open, warnings } = createStage();
    const [first, second] = [open(), open()];
    first.server.handlers.opened();
    second.server.handlers.opened();
    second.receive('{"of":"second"}');
    first.server.handlers.closed(1_006, '');
    second.receive('{"of":"second"}');
    const third = open();
    third.server.handlers.opened();
    third.receive('{"of":"third"}');
    expect(lines().map((line) => line.split(/ (.*)/s)[1])).toEqual([
      ...['<-> 1700000000\n', '<x> 1700000000: cut\n', '<-> 1700000000\n', '{"of":"third"}\n'],
    ]);
    expect(runtime.counts).toMatchObject({ connections: 2, otherSockets: 1 });
    expect(warnings).toEqual(['recording: a socket is not recorded, because there is another one']);
  });

  test('have their lanes in the order of the dials, and one that fails leaves its own', () => {
    const { files, open } = createStage({ lanes: true });
    const [failing, second, third] = [open(), open(), open()];
    failing.socket.send('{"not":"sent"}');
    third.server.handlers.opened();
    second.server.handlers.opened();
    failing.server.handlers.closed(1_006, 'refused');
    const fourth = open();
    fourth.server.handlers.opened();
    for (const [at, { receive }] of [second, third, fourth].entries()) receive(`{"of":${at}}`);
    expect(files.map((lines) => lines.slice(1))).toEqual([
      ...[['1700000000: {"of":2}\n'], ['1700000000: {"of":0}\n'], ['1700000000: {"of":1}\n']],
    ]);
  });

  test('with a writer for each lane, nothing is lost', () => {
    const { runtime, files, open } = createStage({ lanes: true });
    const [first, second] = [open(), open()];
    first.server.handlers.opened();
    second.server.handlers.opened();
    first.receive('{"of":"first"}');
    second.receive('{"of":"second"}');
    first.socket.terminate();
    // It comes up before anybody has heard that the first one is gone.
    const third = open();
    third.server.handlers.opened();
    third.receive('{"of":"third"}');
    first.server.handlers.closed(1_006, '');
    const frames = files.map((lines) =>
      lines.filter((line) => line.includes('of')).map((line) => line.slice(12)),
    );
    expect(frames).toEqual([['{"of":"first"}\n', '{"of":"third"}\n'], ['{"of":"second"}\n']]);
    expect(runtime.counts).toMatchObject({ connections: 3, otherSockets: 0 });
  });
});

describe('what is left out', () => {
  const secrets = [
    '{"op":"auth","id":"1"}',
    '{"op":"sub","args":{"apiKey":"k"}}',
    '{"a":[{"Signature":"s"}]}',
  ];

  test.each(secrets)('is a frame with a secret, whatever the filter says: %s', (text) => {
    const { runtime, lines, open } = createStage({ keep: () => true });
    const { server, socket, receive } = open();
    server.handlers.opened();
    socket.send(text);
    receive('{"m":"order"}');
    expect(server.sent).toEqual([text]);
    expect(lines().slice(1)).toEqual(['1700000000: {"m":"order"}\n']);
    expect(runtime.counts).toMatchObject({ secret: 1, notKept: 0 });
  });

  test('is what comes after a login, if there is no filter', () => {
    const { runtime, lines, open } = createStage();
    const { server, socket, receive } = open();
    server.handlers.opened();
    receive('{"m":"depth"}');
    socket.send('{"op":"login","id":"1"}');
    receive('{"m":"order"}');
    socket.send('{"op":"sub"}');
    server.handlers.closed(1_000, '');
    expect(lines().slice(1)).toEqual([
      '1700000000: {"m":"depth"}\n',
      `${streamUrl} <x> 1700000000: close 1000\n`,
    ]);
    expect(runtime.counts).toMatchObject({ secret: 1, notKept: 2 });
  });

  test('is everything on a socket whose upgrade is signed, if there is no filter', () => {
    const { runtime, open, lines } = createStage();
    const { server, receive } = open(streamUrl, { ...socketOptions, headers: { 'x-auth-key': 'k' } });
    server.handlers.opened();
    receive('{"m":"order"}');
    expect(lines()).toHaveLength(1);
    expect(runtime.counts).toMatchObject({ notKept: 1 });
  });

  test('is what the filter does not want; one that throws wants nothing', () => {
    const keep = (_: string, text: string): boolean => {
      if (text === '{"bad":1}') throw new Error('bad');
      return !text.includes('order');
    };
    const { runtime, lines, open } = createStage({ keep });
    const { server, heard, receive } = open();
    server.handlers.opened();
    for (const text of ['{"m":"order"}', '{"bad":1}', '{"m":"depth"}']) receive(text);
    expect(lines().slice(1)).toEqual(['1700000000: {"m":"depth"}\n']);
    expect(heard).toHaveLength(4);
    expect(runtime.counts).toMatchObject({ notKept: 2 });
  });

  test.each([
    ['no JSON', bytesOf('{"m":"de')],
    ['no object and no list', bytesOf('"text"')],
    ['a line break', bytesOf('{"a":\n1}')],
    ['a carriage return at its end', bytesOf('{}\r')],
    ['no UTF-8', new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d])],
    ['more than 16 MiB', bytesOf(`["${'x'.repeat(1 << 24)}"]`)],
  ])('is a frame with %s', (_, bytes) => {
    const { runtime, lines, open } = createStage();
    const { server } = open();
    server.handlers.opened();
    server.handlers.message(bytes);
    expect(lines()).toHaveLength(1);
    expect(runtime.counts).toMatchObject({ unreadable: 1 });
  });
});

describe('an answer', () => {
  const get = (path: string, init?: RequestInit) => new Request(`https://venue.test${path}`, init);

  async function recorded(request: Request, response: Response) {
    const { runtime, lines, venue } = createStage({ answer: response });
    const given = await runtime.fetch(request);
    await venue.advance(12);
    await runtime.settled();
    return { lines: lines(), counts: runtime.counts, text: await given.text() };
  }

  test('to a GET request is written down byte for byte, and the client has it all', async () => {
    const body = '{"code":0, "data":[{"p":"1.50"}]}';
    const { lines, text } = await recorded(get('/a?b=c%20d#x'), new Response(body));
    expect(text).toBe(body);
    expect(lines).toEqual([`https://venue.test/a?b=c%20d -> 1700000000: ${body}\n`]);
  });

  test.each([
    ['a POST', get('/a', { method: 'POST' }), { secret: 1 }],
    ['a request with a key in its headers', get('/a', { headers: { 'x-auth-key': 'k' } }), { secret: 1 }],
    ['a request with a signature in its query', get('/a?t=1&signature=s'), { secret: 1 }],
  ])('to %s is left out', async (_, request, counts) => {
    const result = await recorded(request, new Response('{}'));
    expect(result).toMatchObject({ lines: [], text: '{}', counts });
  });

  test.each([
    ['with a secret', new Response('{"listenKey":"k"}'), { secret: 1 }],
    ['of another status', new Response('{}', { status: 503 }), { unreadable: 1 }],
    ['that is no JSON', new Response('<html>'), { unreadable: 1 }],
    ['on several lines', new Response('{\n}'), { unreadable: 1 }],
  ])('%s is left out', async (_, response, counts) => {
    expect(await recorded(get('/a'), response)).toMatchObject({ lines: [], counts });
  });

  test('whose body breaks is left out, and the client hears of it', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
    const { runtime, lines } = createStage({ answer: new Response(body) });
    const given = await runtime.fetch(get('/a'));
    await expect(given.text()).rejects.toThrow('terminated');
    await runtime.settled();
    await settle();
    expect(lines()).toEqual([]);
    expect(runtime.counts).toMatchObject({ unreadable: 1 });
  });
});
