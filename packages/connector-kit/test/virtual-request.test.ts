import { getEventListeners } from 'node:events';
import { isVenueError } from '@venuekit/connector-core';
import { createHttpClient } from '@venuekit/connector-kit/http';
import { describe, expect, test } from 'vitest';
import { createVirtualStage, type VirtualStage } from './virtual-stream.ts';

function post(body: string, signal?: AbortSignal): Request {
  return new Request('https://venue.test/orders?x=1', { method: 'POST', body, ...(signal && { signal }) });
}

/** Sends one request, runs until nothing is planned, and tells what came of it in a word or two. */
async function outcome({ runtime, world }: VirtualStage, body = 'one'): Promise<string> {
  let told = 'nothing';
  runtime.fetch(post(body)).then(
    async (response) => {
      told = `${response.status} ${await response.text()}`;
    },
    (error: TypeError) => {
      told = `${error.name}: ${error.message}, ${(error.cause as { code?: string }).code}`;
    },
  );
  await world.run({ forMs: 60_000 });
  return told;
}

describe('a request', () => {
  test('is executed by the server, and its reply made anew for the client, after a latency each way', async () => {
    const { runtime, world, link, executed } = createVirtualStage();
    link.setLatency({ minMs: 10, maxMs: 10 });
    let reply: Response | undefined;
    const { signal } = new AbortController();
    const request = post('one', signal);
    void runtime.fetch(request).then((response) => {
      reply = response;
    });
    await world.run({ forMs: 9 });
    expect(executed).toEqual([]);
    await world.run({ forMs: 10 });
    expect([executed, reply]).toEqual([['one'], undefined]);
    await world.run({ forMs: 1 });
    expect(await reply?.text()).toBe('did one');
    expect(getEventListeners(request.signal, 'abort')).toHaveLength(0);
    expect([reply?.status, reply?.headers.get('x-venue')]).toEqual([201, 'POST']);
    expect(world.trace.lines).toEqual(
      expect.arrayContaining([
        '0 client>venue.test/1 request ["POST","https://venue.test/orders?x=1",[["content-type","text/plain;charset=UTF-8"]]]',
        '0 client>venue.test/1 request-body one',
        '10 client>venue.test/1 executed [201,[["content-type","text/plain;charset=UTF-8"],["x-venue","POST"]],"whole"]',
        '10 client>venue.test/1 executed-body did one',
        '20 client>venue.test/1 reply [201,[["content-type","text/plain;charset=UTF-8"],["x-venue","POST"]],"whole"]',
        '20 client>venue.test/1 reply-body did one',
      ]),
    );
  });

  test('may be answered without a body', async () => {
    const stage = createVirtualStage();
    stage.link.answer({ status: 204, body: '' });
    expect(await outcome(stage)).toBe('204 ');
  });

  test('to nobody is refused', async () => {
    const { runtime, world } = createVirtualStage();
    const failing = expect(runtime.fetch(new Request('https://nobody.test/'))).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: 'ECONNREFUSED' },
    });
    await world.run();
    await failing;
  });

  test('to a server that throws gets a 500, and the world a failure', async () => {
    const { runtime, world } = createVirtualStage();
    const fetch = (): Response => {
      throw new Error('broken');
    };
    world.network.listen('broken.test', { fetch, openStream: () => ({ refusedWith: 404 }) });
    const answering = runtime.fetch(new Request('https://broken.test/'));
    await world.run();
    expect((await answering).status).toBe(500);
    expect(world.failures).toMatchObject([{ label: 'broken.test/request' }]);
  });
});

describe('faults of the next requests', () => {
  const reset = 'TypeError: fetch failed, ECONNRESET';
  test.each<[string, (stage: VirtualStage) => void, string, readonly string[]]>([
    ['a lost request', ({ link }) => link.loseRequest(), 'nothing', []],
    ['a lost reply', ({ link }) => link.loseReply(), 'nothing', ['one']],
    ['a reset before', ({ link }) => link.reset('before'), reset, []],
    ['a reset after', ({ link }) => link.reset('after'), reset, ['one']],
    ['another answer', ({ link }) => link.answer({ status: 429, body: 'busy' }), '429 busy', []],
    [
      'a refused connection',
      ({ link }) => link.refuse('connection'),
      'TypeError: fetch failed, ECONNREFUSED',
      [],
    ],
    ['silence', ({ link }) => link.refuse('silence'), 'nothing', []],
    ['a status', ({ link }) => link.refuse(503), '503 ', []],
    ['a hold', ({ link }) => link.hold(), 'nothing', []],
  ])('%s; the request after it is as always', async (_name, arrange, told, executed) => {
    const stage = createVirtualStage();
    arrange(stage);
    expect(await outcome(stage)).toBe(told);
    expect(stage.executed).toEqual(executed);
    stage.link.accept();
    stage.link.release();
    expect(await outcome(stage, 'two')).toBe('201 did two');
  });

  test('wait in the order in which they were asked for, one a request', async () => {
    const stage = createVirtualStage();
    stage.link.answer({ status: 418, body: 'tea' }, 2);
    stage.link.reset('after');
    expect([await outcome(stage), await outcome(stage), await outcome(stage), await outcome(stage)]).toEqual([
      '418 tea',
      '418 tea',
      reset,
      '201 did one',
    ]);
  });

  test('a cut fails requests under way; what has not arrived never does', async () => {
    const stage = createVirtualStage();
    stage.world.timers.setTimer(0.5, () => stage.link.cut(), 'cut');
    expect(await outcome(stage)).toBe(reset);
    expect(stage.executed).toEqual([]);
    expect(stage.client.current?.left.requests).toBe(0);
  });
});

describe('an abort', () => {
  test('rejects at once with the reason and leaves no timer, listener or request; the server may execute it', async () => {
    const { runtime, world, client, executed } = createVirtualStage();
    const controller = new AbortController();
    const request = post('one', controller.signal);
    const failing = expect(runtime.fetch(request)).rejects.toBe('enough');
    // The one step in which the body is there.
    await world.run({ maxSteps: 1 });
    expect(getEventListeners(request.signal, 'abort')).toHaveLength(1);
    controller.abort('enough');
    await failing;
    expect(getEventListeners(request.signal, 'abort')).toHaveLength(0);
    expect(client.current?.left).toEqual({ timers: [], sockets: 0, requests: 0 });
    await world.run();
    expect(executed).toEqual(['one']);
    expect(world.waiting).toEqual([]);
  });

  test('before the call or before the body was read: nothing is sent', async () => {
    const { runtime, world, client, executed } = createVirtualStage();
    const early = expect(runtime.fetch(post('one', AbortSignal.abort('early')))).rejects.toBe('early');
    expect(client.operations).toBe(0);
    const controller = new AbortController();
    const late = expect(runtime.fetch(post('two', controller.signal))).rejects.toBe('late');
    controller.abort('late');
    await world.run();
    await Promise.all([early, late]);
    expect(executed).toEqual([]);
  });
});

test('the HTTP client of the kit finds what it looks for in a failed connection', async () => {
  const { runtime, world, link } = createVirtualStage();
  link.reset('before');
  const client = createHttpClient({ runtime, venue: 'toy', baseUrl: 'https://venue.test' });
  const asking = client
    .request({ operation: 'ask', method: 'GET', path: '/' })
    .catch((error: unknown) => error);
  await world.run();
  const error = await asking;
  expect(isVenueError(error) && `${error.code}: ${error.message}`).toMatch(
    /^transport: .*venue\.test.* got ECONNRESET/,
  );
  expect(world.waiting).toEqual([]);
});
