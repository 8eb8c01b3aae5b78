import { isVenueError } from '@venuekit/connector-core';
import { createVirtualWorld } from '@venuekit/connector-kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVirtualStage, type VirtualStage } from './virtual-stream.ts';

const order = (signal?: AbortSignal): Request =>
  new Request('https://venue.test/', { method: 'POST', body: 'order', ...(signal && { signal }) });

/** Sends one request, reads its answer to the end, and tells what came of each, with the virtual time. */
async function told(stage: VirtualStage, request = order()): Promise<readonly string[]> {
  const { runtime, world } = stage;
  const story: string[] = [];
  const say = (what: string): void => void story.push(`${world.clock.monotonic()} ${what}`);
  stage.link.setLatency({ minMs: 10, maxMs: 10 });
  runtime
    .fetch(request)
    .then((response) => {
      say(String(response.status));
      return response.text().then(say);
    })
    .catch((error: TypeError) => say(`${error.message}, ${(error.cause as { code?: string })?.code}`));
  await world.run({ forMs: 60_000 });
  return story;
}

describe('faults of a request', () => {
  test.each<[string, (stage: VirtualStage) => void, readonly string[], readonly string[]]>([
    ['a late request', ({ link }) => link.delayRequest(500), ['520 201', '520 did order'], ['order']],
    ['a late reply', ({ link }) => link.delayReply(700), ['720 201', '720 did order'], ['order']],
    [
      'an answer in the place of the one of the server, which has executed it',
      ({ link }) => link.answer({ status: 502, body: 'bad', executed: true }),
      ['20 502', '20 bad'],
      ['order'],
    ],
    [
      'a body that breaks',
      ({ link }) => link.breakBody(3),
      ['20 201', 'terminated, UND_ERR_SOCKET'],
      ['order'],
    ],
    ['a body that never ends', ({ link }) => link.stallBody(99), ['20 201'], ['order']],
  ])('%s', async (_name, arrange, story, executed) => {
    const stage = createVirtualStage();
    arrange(stage);
    const found = await told(stage);
    expect(found.map((line) => line.replace(/^\d+ terminated/, 'terminated'))).toEqual(story);
    expect(stage.executed).toEqual(executed);
    expect(await told(stage)).toHaveLength(2);
  });

  test('a body that never ends is given up by an abort, broken by a cut, and left by a cancel, without a trace', async () => {
    for (const [end, outcome] of [
      ['abort', 'enough'],
      ['cut', 'TypeError: terminated'],
      ['cancel', 'undefined'],
    ] as const) {
      const { client, link, runtime, world } = createVirtualStage();
      link.stallBody(3);
      const controller = new AbortController();
      let response: Response | undefined;
      void runtime.fetch(order(controller.signal)).then((given) => {
        response = given;
      });
      await world.run();
      const reader = response?.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('did');
      expect(client.current?.left.requests).toBe(1);
      const rest = reader?.read().then(
        ({ value }) => String(value),
        (error: unknown) => String(error),
      );
      if (end === 'abort') controller.abort('enough');
      else if (end === 'cut') link.cut();
      else await reader?.cancel();
      await world.run();
      expect(await rest).toBe(outcome);
      expect(client.current?.left.requests).toBe(0);
    }
  });

  test('a body that stalls before its first byte gives nothing to read, not even an empty piece', async () => {
    const { link, runtime, world } = createVirtualStage();
    link.stallBody(0);
    const asking = runtime.fetch(order());
    await world.run();
    const pieces: unknown[] = [];
    const reader = (await asking).body?.getReader();
    reader?.read().then(
      (piece) => pieces.push(piece),
      (error) => pieces.push(String(error)),
    );
    await world.run({ forMs: 60_000 });
    expect(pieces).toEqual([]);
    link.cut();
    await world.run();
    expect(pieces).toEqual(['TypeError: terminated']);
  });

  test('an answer in the place of another has the headers that were asked for, and those only', async () => {
    const { link, runtime, world } = createVirtualStage();
    link.answer({ status: 429, body: 'busy', headers: { 'Retry-After': '7' }, executed: true });
    const asking = runtime.fetch(order());
    await world.run();
    const { headers } = await asking;
    expect([...headers]).toEqual([['retry-after', '7']]);
  });

  test.each([204, 205, 304])(
    'a reply with %i, which has no body, can neither break nor stall',
    async (status) => {
      for (const ask of ['breakBody', 'stallBody'] as const) {
        const { client, link, runtime, world } = createVirtualStage();
        const fetch = (): Response => new Response(null, { status });
        world.network.listen('empty.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
        world.network.link('client', 'empty.test')[ask](0);
        link.answer({ status, body: 'left out' });
        const asking = ['empty.test', 'venue.test'].map((host) =>
          runtime.fetch(new Request(`https://${host}/`)),
        );
        await world.run();
        const replies = await Promise.all(asking);
        expect(replies.map((reply) => [reply.status, reply.body])).toEqual(Array(2).fill([status, null]));
        expect(client.current?.left.requests).toBe(0);
        expect(world.failures).toEqual([]);
      }
    },
  );

  test('a refused request uses up none', async () => {
    const stage = createVirtualStage();
    stage.link.loseRequest();
    stage.link.refuse(503);
    expect(await told(stage)).toEqual(['10 503', '10 ']);
    stage.link.accept();
    expect(stage.link.pending).toEqual(['lose-request']);
    expect(await told(stage)).toEqual([]);
    expect(stage.link.pending).toEqual([]);
  });
});

describe('bodies of replies', () => {
  test('are bytes: a byte order mark and what is no UTF-8 arrive, and are in the trace', async () => {
    const { runtime, world } = createVirtualStage();
    const bytes = [0xef, 0xbb, 0xbf, 0xff, 0x00, 0x80];
    const fetch = (): Response => new Response(new Uint8Array(bytes));
    world.network.listen('bytes.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
    const asking = runtime.fetch(new Request('https://bytes.test/'));
    await world.run();
    expect([...new Uint8Array(await (await asking).arrayBuffer())]).toEqual(bytes);
    expect(world.trace.lines.at(-1)).toMatch(/reply-body-base64 77u\/\/wCA$/);
  });

  test('that break at the server break at the client, late if they are to be late', async () => {
    const { runtime, world } = createVirtualStage();
    let pulls = 0;
    const pull = (controller: ReadableStreamDefaultController): void => {
      pulls += 1;
      if (pulls === 1) controller.enqueue(Buffer.from('half'));
      else controller.error(new Error('broken'));
    };
    const fetch = (): Response => new Response(new ReadableStream({ pull }));
    world.network.listen('broken.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
    const link = world.network.link('client', 'broken.test');
    link.setLatency({ minMs: 10, maxMs: 10 });
    link.delayReply(500);
    const asking = runtime.fetch(new Request('https://broken.test/'));
    let toldAtMs = 0;
    void asking.then(() => {
      toldAtMs = world.clock.monotonic();
    });
    const failing = expect(asking.then((response) => response.text())).rejects.toThrow('terminated');
    await world.run();
    await failing;
    expect(toldAtMs).toBe(520);
    expect(world.failures).toEqual([]);
  });

  test('that somebody has read already are a failure of the server', async () => {
    const { runtime, world } = createVirtualStage();
    const fetch = async (): Promise<Response> => {
      const response = new Response('gone');
      await response.text();
      return response;
    };
    world.network.listen('read.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
    const asking = runtime.fetch(new Request('https://read.test/'));
    await world.run();
    expect((await asking).status).toBe(500);
    expect(world.failures.map(({ error }) => String(error))).toEqual([
      'TypeError: expected a reply whose body was not read, got one that was',
    ]);
  });

  test('come with the words of their status and every header, also of one name', async () => {
    const { runtime, world } = createVirtualStage();
    const headers = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ] satisfies [string, string][];
    const fetch = (): Response => new Response('', { status: 418, statusText: 'Short and stout', headers });
    world.network.listen('teapot.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
    const asking = runtime.fetch(new Request('https://teapot.test/'));
    await world.run();
    const reply = await asking;
    expect(reply.statusText).toBe('Short and stout');
    expect(reply.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(world.trace.lines.filter((line) => line.includes('["set-cookie","b=2"]'))).toHaveLength(2);
  });
});

describe('what is asked of a link', () => {
  test('is a line of the trace, each', () => {
    const { link, world } = createVirtualStage();
    const from = world.trace.count;
    link.setLatency({ minMs: 1, maxMs: 2 });
    link.drop('to-client', 2);
    link.duplicate('to-client');
    link.swap('to-server');
    link.edit('to-server', (text) => text);
    link.delay('to-server', 5);
    link.loseRequest();
    link.loseReply(2);
    link.answer({ status: 200, body: '' });
    link.reset('after');
    link.delayRequest(3);
    link.delayReply(4);
    link.breakBody(5);
    link.stallBody(6);
    link.refuse('silence');
    link.accept();
    link.hold();
    link.release();
    link.cut();
    const prefix = '0 client>venue.test link ';
    expect(world.trace.lines.slice(from)).toEqual(
      [
        ...['latency 1 2', 'drop to-client 2', 'duplicate to-client 1', 'swap to-server 1'],
        ...['edit to-server 1', 'delay 5 to-server 1', 'lose-request 1', 'lose-reply 2'],
        ...['answer {"reply":{"status":200,"body":""}} 1', 'reset-after 1'],
        ...['delay-request {"delayMs":3} 1', 'delay-reply {"delayMs":4} 1'],
        ...['break-body {"afterBytes":5} 1', 'stall-body {"afterBytes":6} 1'],
        ...['refuse silence', 'accept', 'hold', 'release', 'cut'],
      ].map((line) => prefix + line),
    );
    expect(link.pending).toEqual([
      ...['edit to-server', 'delay 5 to-server', 'swap to-server'],
      ...['drop to-client', 'drop to-client', 'duplicate to-client'],
      ...['lose-request', 'lose-reply', 'lose-reply', 'answer {"reply":{"status":200,"body":""}}'],
      ...['reset-after', 'delay-request {"delayMs":3}', 'delay-reply {"delayMs":4}'],
      ...['break-body {"afterBytes":5}', 'stall-body {"afterBytes":6}'],
    ]);
  });

  test('must be sound, and what is not changes nothing', async () => {
    const stage = createVirtualStage();
    const { link, world } = stage;
    const from = world.trace.count;
    const unsound: readonly (() => void)[] = [
      () => link.drop('to-client', Number.NaN),
      () => link.drop('to-client', -2),
      () => link.duplicate('to-server', 1.5),
      () => link.drop('sideways' as 'to-client'),
      () => link.delay('to-client', -1),
      () => link.loseRequest(Number.POSITIVE_INFINITY),
      () => link.answer({ status: 99, body: '' }),
      () => link.refuse(700),
      () => link.refuse('maybe' as 'silence'),
      () => link.breakBody(-1),
      () => link.stallBody(0.5),
      () => link.delayReply(Number.NaN),
      () => link.delayRequest(-1),
      () => link.reset('during' as 'after'),
      () => link.setLatency({ minMs: 0, maxMs: Number.POSITIVE_INFINITY }),
    ];
    for (const ask of unsound) {
      let error: unknown;
      try {
        ask();
      } catch (thrown) {
        error = thrown;
      }
      expect(isVenueError(error) && error.code).toBe('invalid-options');
    }
    expect(link.pending).toEqual([]);
    expect(world.trace.count).toBe(from);
    link.drop('to-client');
    expect(link.pending).toEqual(['drop to-client']);
    expect(await told(stage)).toEqual(['20 201', '20 did order']);
  });

  test.each(['https://venue.test', 'venue.test/path', 'venue.test:443/', 'a@b', 'a b', '', 'venue.test:x'])(
    'must be asked of an authority, which %s is not',
    (authority) => {
      const { network } = createVirtualWorld({ seed: 's' });
      expect(() => network.link('client', authority)).toThrow(/link: expected an authority/);
    },
  );

  test('is the same for an authority in capitals or with the port of its scheme', () => {
    const { link, world } = createVirtualStage();
    for (const name of ['VENUE.test', 'venue.test:443', 'venue.test:80'])
      expect(world.network.link('client', name)).toBe(link);
  });
});

describe('the trace', () => {
  test('has a line for a refusal in silence, of dials and of requests', async () => {
    const { dial, link, runtime, world } = createVirtualStage();
    link.refuse('silence');
    dial();
    void runtime.fetch(order());
    await world.run();
    expect(world.trace.lines.filter((line) => line.endsWith(' refused silence'))).toHaveLength(2);
  });

  test('tells records apart, whatever is in them', () => {
    const records: readonly (readonly [string, string, string])[] = [
      ['a b', 'c', 'x'],
      ['a', 'b c', 'x'],
      ['a', 'b', 'c x'],
      ['"a"', 'b', 'c x'],
      ['a', 'b', 'x\ny'],
      ['a', 'b', 'x\\ny'],
      ['a', 'b', '\ud800'],
      ['a', 'b', '\udfff'],
      ['', 'b', 'x'],
      ['""', 'b', 'x'],
    ];
    const worlds = records.map((record) => {
      const { trace } = createVirtualWorld({ seed: 's', keepTrace: true });
      trace.record(...record);
      return trace;
    });
    expect(new Set(worlds.map(({ hash }) => hash)).size).toBe(records.length);
    expect(new Set(worlds.map(({ lines }) => lines[0])).size).toBe(records.length);
    const { trace } = createVirtualWorld({ seed: 's', keepTrace: true });
    trace.record('', '', 'x');
    expect(trace.lines).toEqual(['0 "" "" x']);
  });

  test('has the same line for two records only if they are the same', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'n', ' ', '"', '\\', '\n', '\ud800', 'ü'),
      maxLength: 4,
    });
    const record = fc.tuple(part, part, part);
    const { trace } = createVirtualWorld({ seed: 's', keepTrace: true });
    fc.assert(
      fc.property(record, record, (one, other) => {
        trace.record(...one);
        trace.record(...other);
        const [first, second] = trace.lines.slice(-2);
        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(first).not.toMatch(/[\n\ud800]/u);
      }),
      {
        numRuns: 1_000,
        examples: [
          [
            ['', 'a', 'a'],
            ['""', 'a', 'a'],
          ],
        ],
      },
    );
  });

  test('has lines for what befell a message, in words', async () => {
    const { link, open, sinks, world } = createVirtualStage();
    const socket = await open();
    link.drop('to-server');
    link.edit('to-server', (frame) => `${frame}!`);
    link.delay('to-server', 5);
    link.duplicate('to-server');
    link.swap('to-client');
    for (const frame of ['1', '2', '3']) socket.send(frame);
    sinks[0]?.send('a');
    const found = world.trace.lines.map((line) => / (fault-to-\w+ .*)/.exec(line)?.[1]);
    expect(found.filter((line) => line !== undefined)).toEqual([
      'fault-to-server drop',
      'fault-to-server edit, delay 5, duplicate',
      'fault-to-client swap',
    ]);
  });

  test('has lines for what is done to the disk and to the process, and what the server executed', async () => {
    const stage = createVirtualStage();
    const disk = stage.client.current?.disk;
    const from = stage.world.trace.count;
    disk?.append('a file', 'a line');
    disk?.sync('file');
    disk?.remove('file');
    disk?.fail('EIO', 2);
    stage.client.stall(5);
    stage.client.shiftClock(-7);
    expect(stage.world.trace.lines.slice(from)).toEqual([
      '0 client disk-append "a file" a line',
      '0 client disk-sync file',
      '0 client disk-remove file',
      '0 client disk-failure EIO 2',
      '0 client stall 5 ms',
      '0 client clock -7 ms',
    ]);
    await told(stage);
    const { lines } = stage.world.trace;
    expect(lines.filter((line) => / executed(?:-body)? /.test(line))).toHaveLength(2);
  });

  test('shows how the body of a reply ends', async () => {
    const endings: string[] = [];
    for (const ask of ['whole', 'breakBody', 'stallBody'] as const) {
      const { link, runtime, world } = createVirtualStage();
      if (ask !== 'whole') link[ask](99);
      runtime
        .fetch(order())
        .then((response) => response.text())
        .catch(() => {});
      await world.run();
      endings.push(world.trace.lines.find((line) => line.includes(' reply ')) ?? '');
    }
    expect(endings.map((line) => /"(\w+)"\]$/.exec(line)?.[1])).toEqual(['whole', 'break', 'stall']);
  });

  test('shows the headers of a dial', async () => {
    const { runtime, world } = createVirtualStage();
    const handlers = { opened() {}, message() {}, closed() {} };
    const options = { maxMessageBytes: 9, headers: { 'x-auth': 'key' } };
    runtime.openSocket('ws://venue.test/stream', options, handlers);
    expect(world.trace.lines.at(-1)).toBe(
      '0 client>venue.test#1 dial ws://venue.test/stream {"x-auth":"key"}',
    );
  });

  test('shows a header that is another one, of the request and of the reply', async () => {
    const hashOf = async (asked: string, answered: string): Promise<string> => {
      const { runtime, world } = createVirtualStage();
      const fetch = (): Response => new Response('', { headers: { 'x-reply': answered } });
      world.network.listen('header.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
      void runtime.fetch(new Request('https://header.test/', { headers: { 'X-Id': asked } }));
      await world.run();
      return world.trace.hash;
    };
    expect(await hashOf('1', '1')).toBe(await hashOf('1', '1'));
    expect(new Set([await hashOf('1', '1'), await hashOf('2', '1'), await hashOf('1', '2')]).size).toBe(3);
  });
});
