import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { createBench, json, never, question, startMs } from '../../test/http-bench.ts';
import { createVenueLimiter, type RateLimiter } from '../limits/index.ts';
import { createManualRuntime, type ManualRuntime } from '../testing/manual-runtime.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpRequest } from './http-exchange.ts';
import type { HttpLimits } from './limited-exchange.ts';

const limited: HttpRequest = { ...question, limit: { id: 'rest' } };
const ok = () => new Response('{}', { headers: json });

interface Bench {
  readonly runtime: ManualRuntime;
  readonly limiter: RateLimiter;
  /** When each request was handed over. */
  readonly sentMs: number[];
  /** A client of its own on the same limiter. */
  client(): ReturnType<typeof createHttpClient>;
}

/** Clients whose requests count together: `capacity` in any second. */
function setUp(answer: (request: Request) => Promise<Response> | Response = ok, capacity = 1): Bench {
  const sentMs: number[] = [];
  const runtime = createManualRuntime({
    startMs,
    fetch: async (request) => {
      sentMs.push(runtime.clock.monotonic());
      return answer(request);
    },
  });
  const limiter = createVenueLimiter({
    ...{ runtime, venue: 'venue', allowanceMs: 100 },
    limits: [{ id: 'rest', scope: 'ip', windows: [{ capacity, windowMs: 1_000 }] }],
  });
  const limits: HttpLimits = { limiter, scope: 'ip', unstatedPenaltyMs: 60_000 };
  const client = () => createHttpClient({ runtime, venue: 'venue', baseUrl: 'https://example.test', limits });
  return { runtime, limiter, sentMs, client };
}

test('a request waits for room, in order, and nothing is left afterwards', async () => {
  const { client, runtime, sentMs } = setUp();
  const one = client();
  const replies = [one, client(), one].map((each) => each.request(limited));
  await runtime.advance(3_000);
  await Promise.all(replies);
  // Each was answered at once, so that its window begins with it.
  expect(sentMs).toEqual([0, 1_000, 2_000]);
  expect(runtime.waiting).toEqual([]);
});

test('the window of a request begins when it is handed over, and ends after the reply', async () => {
  const { client, runtime, sentMs } = setUp(async () => {
    await new Promise<void>((resolve) => runtime.timers.setTimer(400, resolve, 'reply'));
    return ok();
  });
  const replies = [client().request(limited), client().request(limited)];
  await runtime.advance(2_000);
  await Promise.all(replies);
  expect(sentMs).toEqual([0, 1_100]);
});

test('a process that was busy before it handed the request over charges it from then on', async () => {
  const { client, runtime, sentMs } = setUp();
  // The leave is given in the turn of the call. Between it and the handing over is another one, in which anything may happen.
  void Promise.resolve().then(() => runtime.stall(150));
  const first = client().request(limited);
  await first;
  const second = client().request(limited);
  await runtime.advance(2_000);
  await second;
  expect(sentMs).toEqual([150, 1_150]);
});

test('an abort while it waits rejects with the signal’s reason, and sends nothing', async () => {
  const { client, limiter, runtime, sentMs } = setUp();
  await client().request(limited);
  const abort = new AbortController();
  const waiting = client().request({ ...limited, signal: abort.signal });
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect([sentMs.length, limiter.usage().waiting.all, runtime.waiting]).toEqual([1, 0, []]);
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
});

test('a deadline that comes while it waits is a timeout that says what held it up, and for how long', async () => {
  const { client, runtime, sentMs } = setUp();
  await client().request(limited);
  const failed = failureOf(client().request({ ...limited, timeoutMs: 300 }));
  await runtime.advance(300);
  const error = await failed;
  expect(error).toMatchObject({
    code: 'timeout',
    operation: 'fetchBook',
    retryAfterMs: 700,
    outcome: undefined,
  });
  expect(error.message).toMatch(/within 300 ms, got none: rest: .*held up by rest, room in 700 ms/);
  expect(sentMs).toHaveLength(1);
});

test('a command that had no room says that it was not sent', async () => {
  const { client, runtime } = setUp();
  await client().request(limited);
  const failed = failureOf(client().request({ ...limited, method: 'POST', body: '{}', timeoutMs: 300 }));
  await runtime.advance(300);
  expect(await failed).toMatchObject({ code: 'timeout', outcome: 'not-sent' });
});

test('one deadline is for the wait and the exchange together', async () => {
  let calls = 0;
  const { client, runtime } = setUp(() => {
    calls += 1;
    return calls === 1 ? ok() : never();
  });
  await client().request(limited);
  const failed = failureOf(client().request({ ...limited, timeoutMs: 1_500 }));
  await runtime.advance(1_499);
  expect(calls).toBe(2);
  await runtime.advance(1);
  expect((await failed).message).toContain('within 1500 ms, got nothing');
  expect(runtime.waiting).toEqual([]);
});

test.each([
  [429, { 'retry-after': '7' }, 7_000],
  [418, { 'retry-after': '7' }, 7_000],
  [403, { 'retry-after': '7' }, 7_000],
  [429, {}, 60_000],
  [418, {}, 60_000],
  [403, {}, 0],
  [503, { 'retry-after': '7' }, 0],
])(
  'HTTP %i with %j closes the scope for %i ms, for every client on it',
  async (status, headers, closedMs) => {
    const answers = [new Response('busy', { status, headers })];
    const { client, limiter, runtime, sentMs } = setUp(() => answers.pop() ?? ok(), 100);
    await failureOf(client().request(limited));
    const reply = client().request({ ...limited, timeoutMs: 100_000 });
    await runtime.advance(Math.max(0, closedMs - 1));
    expect(sentMs).toHaveLength(closedMs > 0 ? 1 : 2);
    await runtime.advance(1);
    expect((await reply).status).toBe(200);
    expect(sentMs.at(-1)).toBe(closedMs);
    expect(limiter.usage().penalties).toEqual([]);
  },
);

test('a shorter penalty does not end a longer one', async () => {
  const answers = ['1', '9'].map(
    (after) => new Response('', { status: 429, headers: { 'retry-after': after } }),
  );
  const { client, limiter } = setUp(() => answers.pop() ?? ok(), 100);
  await Promise.all([failureOf(client().request(limited)), failureOf(client().request(limited))]);
  expect(limiter.usage().penalties).toMatchObject([{ scope: 'ip', untilMs: 9_000 }]);
});

test('a request that was given up before it was handed over gives its room back', async () => {
  const { client, limiter, sentMs } = setUp();
  const abort = new AbortController();
  const given = client().request({ ...limited, signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  await client().request(limited);
  expect([sentMs, limiter.usage().waiting.all]).toEqual([[0], 0]);
});

test('a request that failed without an answer stays charged: it may have arrived', async () => {
  const { client, limiter } = setUp(() => Promise.reject(new Error('reset')));
  await failureOf(client().request(limited));
  expect(limiter.usage().limits[0]?.windows[0]?.used).toBe(1);
});

test('a client with limits wants to know the limit, one without knows none', async () => {
  const { client, limiter, sentMs } = setUp();
  const unnamed = await failureOf(client().request(question));
  expect(unnamed).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('got none') });
  const plain = createBench(ok);
  expect(await failureOf(plain.client.request(limited))).toMatchObject({ code: 'invalid-request' });
  await expect(client().request({ ...question, limit: { id: 'other' } })).rejects.toMatchObject({
    name: 'LimitError',
    code: 'unknown-limit',
  });
  await expect(client().request({ ...question, limit: { id: 'rest', weight: 2 } })).rejects.toMatchObject({
    code: 'invalid-request',
    name: 'VenueError',
  });
  expect([sentMs, plain.requests, limiter.usage().waiting.all]).toEqual([[], [], 0]);
});

test('a scope that the limiter does not have, and a penalty that is no time, are refused when the client is made', () => {
  const { limiter, runtime } = setUp();
  const make = (limits: HttpLimits) => () =>
    createHttpClient({ runtime, venue: 'venue', baseUrl: 'https://example.test', limits });
  expect(make({ limiter, scope: 'elsewhere', unstatedPenaltyMs: 1 })).toThrow(
    /scope elsewhere, got one with ip/,
  );
  expect(make({ limiter, scope: 'ip', unstatedPenaltyMs: 0 })).toThrow(/limits.unstatedPenaltyMs/);
});

test('a limiter that was closed refuses with closed', async () => {
  const { client, limiter } = setUp();
  limiter.close();
  expect(await failureOf(client().request(limited))).toMatchObject({ code: 'closed' });
});

test('a command that finds room only at its deadline is not sent, and charged nothing', async () => {
  const { client, limiter, runtime, sentMs } = setUp();
  const first = client().request(limited);
  await runtime.advance(0);
  await first;
  const last = failureOf(client().request({ ...limited, method: 'POST', timeoutMs: 1_000 }));
  await runtime.advance(1_000);
  expect(await last).toMatchObject({ code: 'timeout', outcome: 'not-sent' });
  expect([sentMs, limiter.usage().limits[0]?.windows[0]?.used]).toEqual([[0], 0]);
});

test.each([
  ['0', 60_000],
  [new Date(startMs - 120_000).toUTCString(), 60_000],
  ['999999999', 86_400_000],
])('Retry-After %s closes the scope for %d ms', async (header, expectedMs) => {
  const reply = () => new Response('{}', { status: 429, headers: { ...json, 'retry-after': header } });
  const { client, limiter, runtime } = setUp(reply);
  const asked = client().request(limited);
  await runtime.advance(0);
  await asked;
  expect(limiter.usage().penalties).toMatchObject([{ scope: 'ip', untilMs: limiter.now() + expectedMs }]);
});
