import { describe, expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import { createBench, json, never, question, startMs } from '../../test/http-bench.ts';
import type { HttpRequest } from './http-exchange.ts';

describe('a request', () => {
  test('carries path, query, headers and body, and the reply carries its times', async () => {
    const sent: string[] = [];
    const { client, requests, runtime } = createBench(
      async (request) => {
        sent.push(await request.text());
        await runtime.advance(250);
        return new Response('{"code":0}', { headers: json });
      },
      { baseUrl: 'https://example.test/base/', headers: { 'X-Client': 'a', accept: 'application/json;v=1' } },
    );
    const reply = await client.request({
      operation: 'placeOrder',
      method: 'POST',
      path: '/5/api/order',
      query: { symbol: 'BTC/USDT', n: 5, all: true, from: undefined },
      headers: { 'x-client': 'b', 'x-auth-key': 'k' },
      body: '{"id":"1"}',
    });
    const [request] = requests;
    expect(request?.url).toBe('https://example.test/base/5/api/order?symbol=BTC%2FUSDT&n=5&all=true');
    expect(request?.method).toBe('POST');
    expect(sent).toEqual(['{"id":"1"}']);
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      accept: 'application/json;v=1',
      'content-type': 'application/json',
      'x-auth-key': 'k',
      'x-client': 'b',
    });
    expect(request?.redirect).toBe('manual');
    expect(reply).toMatchObject({
      status: 200,
      text: '{"code":0}',
      sentAtMs: startMs,
      receivedAtMs: startMs + 250,
      roundTripMs: 250,
      retryAfterMs: undefined,
    });
    expect(runtime.waiting).toEqual([]);
  });

  test('a path cannot lead to another host', async () => {
    const { client, requests } = createBench(() => new Response('{}'));
    await client.request({ ...question, path: '//evil.test/x' });
    expect(new URL(requests[0]?.url ?? '').host).toBe('example.test');
  });

  test.each<[string, Partial<HttpRequest>]>([
    ['a path without /', { path: 'api' }],
    ['a path with a query', { path: '/api?secret=1' }],
    ['a path that ends in a blank', { path: '/api ' }],
    ['a path that ends in a control character', { path: '/api\u0001' }],
    ['a body with GET', { body: '{}' }],
    ['a deadline of 0', { timeoutMs: 0 }],
    ['a deadline that is no number', { timeoutMs: Number.NaN }],
    ['a bad header name', { headers: { 'a b': 'secret' } }],
    ['a header with a line break', { headers: { 'x-auth-key': 'secret\r\nx: y' } }],
  ])('with %s is refused before anything is sent', async (_name, change) => {
    const { client, requests, runtime } = createBench(never);
    const error = await failureOf(client.request({ ...question, ...change }));
    expect(error.code).toBe('invalid-request');
    expect(error.message).not.toContain('secret');
    expect([requests.length, runtime.waiting.length]).toEqual([0, 0]);
  });
});

test.each([
  ['nonsense', 'text that is no URL'],
  ['ftp://example.test', 'the protocol ftp:'],
  ['wss://example.test', 'the protocol wss:'],
  ['https://me:secret@example.test', 'one with credentials'],
  ['https://example.test/?key=secret', 'one with a query'],
])('the base %s is refused', (baseUrl, got) => {
  expect(() => createBench(never, { baseUrl })).toThrow(got);
  expect(() => createBench(never, { baseUrl })).not.toThrow('secret');
  expect(() => createBench(never, { baseUrl })).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});

describe('JSON is the venue’s word, whatever the status', () => {
  test.each([
    [200, json, '{"code":0}'],
    [400, json, '{"code":100001}'],
    [429, json, '{"code":200002}'],
    [503, json, '{"code":510001}'],
    [500, {}, ' \n[1]'],
    [200, { 'content-type': 'text/html' }, '{"code":0}'],
    [200, { 'content-type': 'application/problem+json; charset=utf-8' }, '"text"'],
  ])('HTTP %d, %j, %j', async (status, headers, text) => {
    const { client } = createBench(
      () => new Response(text, { status, headers: { ...headers, 'retry-after': '3' } }),
    );
    expect(await client.request(question)).toMatchObject({ status, text, retryAfterMs: 3_000 });
  });
});

describe('what is not JSON', () => {
  const html = { 'content-type': 'text/html; charset=UTF-8' };
  const page = '<!doctype html><style>p{}</style><title>Just a\n moment…</title><script>var a = 1</script>';
  test.each<[number, Record<string, string>, string, string]>([
    [429, html, page, 'rate-limited'],
    [429, {}, '', 'rate-limited'],
    [418, {}, 'teapot', 'rate-limited'],
    [403, html, page, 'rate-limited'],
    [403, {}, '<h1>no</h1>', 'rate-limited'],
    [403, { 'content-type': 'text/plain' }, 'forbidden', 'permission'],
    [403, {}, '', 'permission'],
    [401, html, page, 'authentication'],
    [451, html, page, 'permission'],
    [404, html, page, 'invalid-request'],
    [414, html, page, 'invalid-request'],
    [408, {}, '', 'venue-unavailable'],
    [500, {}, 'oops', 'venue-unavailable'],
    [502, html, page, 'venue-unavailable'],
    [521, html, page, 'venue-unavailable'],
    [503, json, '', 'venue-unavailable'],
    [200, html, page, 'protocol'],
    [200, json, page, 'protocol'],
    [200, json, '', 'protocol'],
    [200, { 'content-type': 'text/plain' }, 'pong', 'protocol'],
  ])('HTTP %d, %j, %j is %s', async (status, headers, text, code) => {
    const { client, runtime } = createBench(
      () => new Response(text, { status, headers: { ...headers, 'retry-after': '9' } }),
    );
    const error = await failureOf(client.request({ ...question, query: { key: 'secret' } }));
    expect(error).toMatchObject({ code, venue: 'venue', operation: 'fetchBook', retryAfterMs: 9_000 });
    expect(error.message).toContain(`expected JSON from example.test/api/depth, got HTTP ${status}`);
    expect(error.message).not.toMatch(/secret|var a|p\{\}|<title>/);
    expect(runtime.waiting).toEqual([]);
  });

  test('the message shows what a person would read, in 80 characters', async () => {
    const short = createBench(() => new Response(page, { status: 200, headers: html }));
    const error = await failureOf(short.client.request(question));
    expect(error.message).toBe(
      '[venue] fetchBook: expected JSON from example.test/api/depth, got HTTP 200 with content type text/html; charset=UTF-8 and the body "Just a moment…"',
    );
    const long = createBench(
      () => new Response(`<p>${'word '.repeat(1_000_000)}`, { status: 502, headers: html }),
    );
    const shown = /the body "(.*)"$/.exec((await failureOf(long.client.request(question))).message)?.[1];
    expect(shown).toHaveLength(80);
  });

  test('nor is JSON in broken UTF-8', async () => {
    const bytes = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d);
    const error = await failureOf(
      createBench(() => new Response(bytes, { headers: json })).client.request(question),
    );
    expect(error).toMatchObject({ code: 'protocol' });
    expect(error.message).toContain('(not UTF-8)');
  });

  test.each([
    [
      'a redirect that fetch shows',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test/?k=secret' } }),
      'evil.test',
    ],
    ['a redirect without a place', () => new Response(null, { status: 304 }), 'example.test'],
    [
      'a redirect that fetch followed',
      () => Object.defineProperty(new Response('{}'), 'redirected', { value: true }),
      'redirect',
    ],
  ])('nor is %s', async (_name, answer, named) => {
    const error = await failureOf(createBench(answer).client.request(question));
    expect(error.code).toBe('protocol');
    expect(error.message).toContain(named);
    expect(error.message).not.toContain('secret');
  });
});
