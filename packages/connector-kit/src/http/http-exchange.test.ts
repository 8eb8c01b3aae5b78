import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { createBench, json, never, openEnded, question as poll } from '../../test/http-bench.ts';

/** What is polled goes straight to fetch, everything else through ky: nobody may notice. */
const ways = [poll, { ...poll, method: 'POST', body: '{"id":"1"}' }] as const;

describe.each(ways)('$method', (question) => {
  describe('a connection that fails', () => {
    test('is told by host, port and the system’s code, without query and headers', async () => {
      const cause = Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      });
      const { client, requests, runtime } = createBench(() => Promise.reject(cause));
      const error = await failureOf(
        client.request({ ...question, query: { key: 'hidden' }, headers: { 'x-auth-key': 'hidden' } }),
      );
      expect(error).toMatchObject({ code: 'transport', cause });
      expect(error.message).toBe(
        '[venue] fetchBook: expected a reply from example.test:443, got ECONNREFUSED',
      );
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden');
      expect([requests.length, runtime.waiting.length]).toEqual([1, 0]);
    });

    test('an implementation of fetch that tells the whole URL is not quoted', async () => {
      const { client } = createBench((request) =>
        Promise.reject(new Error(`request to ${request.url} failed`)),
      );
      const error = await failureOf(client.request({ ...question, query: { key: 'hidden' } }));
      expect(error.code).toBe('transport');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden');
    });

    test.each([
      ['text', 'boom'],
      ['undefined', undefined],
    ])('a fetch that rejects with %s is a transport failure too', async (_name, reason) => {
      const { client } = createBench(() => Promise.reject(reason));
      expect((await failureOf(client.request(question))).code).toBe('transport');
    });

    test('without a code is told in its plain words, and in those only', async () => {
      const say = async (message: string) => {
        const { client } = createBench(() =>
          Promise.reject(new TypeError('fetch failed', { cause: new Error(message) })),
        );
        return (await failureOf(client.request(question))).message;
      };
      expect(await say('bad port')).toMatch(/got Error \(bad port\)$/);
      expect(await say('x-auth-key: abc123')).toMatch(/got Error$/);
    });

    test('in the middle of the body', async () => {
      const body = new ReadableStream({
        pull: (controller) => controller.error(new TypeError('terminated')),
      });
      const { client, runtime } = createBench(() => new Response(body, { headers: json }));
      expect(await failureOf(client.request(question))).toMatchObject({ code: 'transport' });
      expect(runtime.waiting).toEqual([]);
    });
  });

  test('redirects are for the client to judge', async () => {
    const { client, requests } = createBench(() => new Response('{}'));
    await client.request(question);
    expect(requests[0]?.redirect).toBe('manual');
  });

  describe('the length of a body is bounded', () => {
    test('by what the header announces, before anything is read', async () => {
      const { response, wasCancelled } = openEnded();
      response.headers.set('content-length', '101');
      const { client, runtime } = createBench(() => response);
      const error = await failureOf(client.request({ ...question, maxBodyBytes: 100 }));
      expect(error.message).toContain('expected at most 100 bytes from example.test/api/depth, got 101');
      expect([error.code, wasCancelled(), runtime.waiting.length]).toEqual(['protocol', true, 0]);
    });

    test('by what arrives, and the rest is not read', async () => {
      const { response, wasCancelled } = openEnded('{"a":"', 'x'.repeat(95));
      const { client, runtime } = createBench(() => response);
      const error = await failureOf(client.request({ ...question, maxBodyBytes: 100 }));
      expect(error.message).toContain('got more');
      expect([error.code, wasCancelled(), response.body?.locked, runtime.waiting.length]).toEqual([
        'protocol',
        true,
        false,
        0,
      ]);
    });

    test('a body of exactly the limit is read', async () => {
      const text = `{"a":"${'x'.repeat(92)}"}`;
      const { client } = createBench(() => new Response(text, { headers: json }), { maxBodyBytes: 100 });
      expect((await client.request(question)).text).toBe(text);
    });
  });

  describe('the deadline', () => {
    test('covers the headers', async () => {
      const { client, requests, runtime } = createBench(never);
      const failure = failureOf(client.request({ ...question, query: { key: 'secret' } }));
      await runtime.advance(9_999);
      expect(runtime.waiting).toEqual(['http-deadline']);
      await runtime.advance(1);
      const error = await failure;
      expect(error.message).toBe(
        '[venue] fetchBook: expected a reply from example.test/api/depth within 10000 ms, got nothing',
      );
      expect([error.code, requests[0]?.signal.aborted, runtime.waiting.length]).toEqual(['timeout', true, 0]);
    });

    test('covers the body, even of a fetch that does not listen to its signal', async () => {
      const { response, wasCancelled } = openEnded('{"a":');
      const { client, runtime } = createBench(() => response);
      const failure = failureOf(client.request({ ...question, timeoutMs: 500 }));
      await runtime.advance(400);
      await runtime.advance(100);
      const error = await failure;
      expect(error.message).toContain('within 500 ms, got HTTP 200 and a body without end');
      expect([error.code, wasCancelled(), response.body?.locked]).toEqual(['timeout', true, false]);
    });

    test('an answer that comes after it is given up', async () => {
      const { response, wasCancelled } = openEnded('{}');
      const { promise, resolve } = Promise.withResolvers<Response>();
      const { client, runtime } = createBench(() => promise);
      const failure = failureOf(client.request(question));
      await runtime.advance(1);
      await runtime.advance(10_000);
      expect((await failure).code).toBe('timeout');
      resolve(response);
      await runtime.advance(0);
      expect(wasCancelled()).toBe(true);
    });
  });

  describe('nothing ambient', () => {
    afterEach(() => void vi.restoreAllMocks());

    test('neither clock nor timers nor fetch of the process are touched', async () => {
      const { client, runtime } = createBench((request) =>
        request.url.endsWith('2') ? new Response('{}') : never(),
      );
      const spies = [
        vi.spyOn(globalThis, 'setTimeout'),
        vi.spyOn(globalThis, 'setInterval'),
        vi.spyOn(globalThis, 'fetch'),
        vi.spyOn(Date, 'now'),
        vi.spyOn(performance, 'now'),
        vi.spyOn(Math, 'random'),
      ];
      const failure = failureOf(client.request(question));
      await client.request({ ...question, path: '/2' });
      await runtime.advance(10_000);
      expect((await failure).code).toBe('timeout');
      const calls = spies.map((spy) => spy.mock.calls.length);
      expect(calls).toEqual([0, 0, 0, 0, 0, 0]);
    });
  });

  describe('the caller’s signal', () => {
    const reasons = [new Error('changed my mind'), 'text', { odd: true }, null];

    test.each(reasons)('aborted before: %j comes back and nothing is sent', async (reason) => {
      const { client, requests, runtime } = createBench(never);
      const promise = client.request({ ...question, signal: AbortSignal.abort(reason) });
      await expect(promise).rejects.toBe(reason);
      expect([requests.length, runtime.waiting.length]).toEqual([0, 0]);
    });

    test('aborted in the tick of the call: nothing is sent', async () => {
      const controller = new AbortController();
      const { client, requests, runtime } = createBench(never);
      const settled = client
        .request({ ...question, signal: controller.signal })
        .catch((error: unknown) => error);
      controller.abort('at once');
      expect(await settled).toBe('at once');
      await runtime.advance(0);
      expect([requests.length, runtime.waiting.length]).toEqual([0, 0]);
    });

    test.each(reasons)('aborted while waiting for headers: %j comes back', async (reason) => {
      const controller = new AbortController();
      const { client, requests, runtime } = createBench(never);
      const promise = client.request({ ...question, signal: controller.signal });
      const settled = promise.catch((error: unknown) => error);
      await runtime.advance(1);
      controller.abort(reason);
      expect(await settled).toBe(reason);
      expect([requests[0]?.signal.aborted, runtime.waiting.length]).toEqual([true, 0]);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });

    test.each(reasons)(
      'aborted within the body: %j comes back and the stream is cancelled',
      async (reason) => {
        const controller = new AbortController();
        const { response, wasCancelled } = openEnded('{');
        const { client, runtime } = createBench(() => response);
        const settled = client
          .request({ ...question, signal: controller.signal })
          .catch((error: unknown) => error);
        await runtime.advance(1);
        controller.abort(reason);
        expect(await settled).toBe(reason);
        expect([wasCancelled(), response.body?.locked, runtime.waiting.length]).toEqual([true, false, 0]);
        expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      },
    );

    test('aborted at any turn after the answer came: the stream is cancelled', async () => {
      for (let turns = 0; turns < 12; turns += 1) {
        const controller = new AbortController();
        const { response, wasCancelled } = openEnded('{');
        const { client, runtime } = createBench(() => {
          void afterTurns(turns).then(() => controller.abort('enough'));
          return response;
        });
        const promise = client.request({ ...question, signal: controller.signal });
        await expect(promise).rejects.toBe('enough');
        await runtime.advance(0);
        expect([turns, wasCancelled(), response.body?.locked]).toEqual([turns, true, false]);
      }
    });

    test('keeps no listener after success or failure, and none for the fetch', async () => {
      const controller = new AbortController();
      const answers = [new Response('{}'), new Response('no', { status: 500 }), new Response('x'.repeat(99))];
      const { client, runtime } = createBench(() => answers.shift() ?? Promise.reject(new Error('gone')));
      for (let turn = 0; turn < 4; turn += 1) {
        const promise = client.request({ ...question, signal: controller.signal, maxBodyBytes: 50 });
        expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
        await promise.catch(() => {});
        expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
        expect(runtime.waiting).toEqual([]);
      }
      expect(answers).toEqual([]);
    });
  });
});

async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await undefined;
}
