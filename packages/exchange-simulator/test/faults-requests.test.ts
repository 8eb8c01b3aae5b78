import { describe, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  type OpenDialect,
  parseFault,
} from '../src/index.ts';
import { type Answer, type FaultStage, flush, openStage, transports } from './fault-stage.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect } from './plain-dialect.ts';

const whole = (served: number): string =>
  `{"code":0,"data":{"served":${served},"price":"1.50","side":"Buy"}}`;

/** An answer that may not be there yet. */
interface Pending {
  answer: Answer | undefined;
}

function asking(stage: FaultStage, method = 'POST', path = '/order', signal?: AbortSignal): Pending {
  const pending: Pending = { answer: undefined };
  void stage.ask(method, path, signal).then((answer) => {
    pending.answer = answer;
  });
  return pending;
}

/** The answer is on its way without the help of a clock. */
async function arrived(pending: Pending): Promise<Answer> {
  while (pending.answer === undefined) await flush();
  return pending.answer;
}

/** The exchange has been asked for the last thing that was asked; nothing is on its way to it any more. */
async function reached(stage: FaultStage): Promise<void> {
  await stage.ask('GET', '/time');
  await flush();
}

describe.each(transports)('%s', (transport) => {
  test('a lost request is never served, and hangs until the client gives up', async () => {
    const stage = await openStage(transport);
    stage.inject('lost-request@0,path=/order');
    const control = new AbortController();
    const pending = asking(stage, 'POST', '/order', control.signal);
    await stage.pass(100_000);
    await reached(stage);
    expect([pending.answer, stage.dialect.served]).toEqual([undefined, ['GET /time']]);
    control.abort();
    expect(await arrived(pending)).toEqual({ failed: 'AbortError' });
    expect(await stage.ask('POST', '/order')).toMatchObject({ status: 200, text: whole(2) });
  });

  test('a lost reply is of a request that was served, and hangs until the exchange is closed', async () => {
    const stage = await openStage(transport);
    stage.inject('lost-reply@0,method=POST');
    const pending = asking(stage);
    await reached(stage);
    expect([pending.answer, stage.dialect.served]).toEqual([undefined, ['POST /order', 'GET /time']]);
    await stage.close();
    expect(await arrived(pending)).toEqual({ failed: 'TypeError' });
  });

  test.each([
    ['lost-request@0,ending=reset', []],
    ['lost-reply@0,ending=reset', ['POST /order']],
    ['unreachable@0,count=1', []],
    ['cut-reply@0', ['POST /order']],
  ])('%s resets the connection', async (fault, served) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    const pending = asking(stage);
    await flush();
    while (pending.answer === undefined) await stage.pass(50);
    expect(pending.answer).toEqual({ failed: 'TypeError' });
    expect(stage.dialect.served).toEqual(served);
    expect(await stage.ask('GET', '/other')).toMatchObject({ status: 200 });
  });

  test.each([
    ['late-reply@0,seconds=45', 45_000, true],
    ['late-request@0,seconds=45', 45_000, false],
    ['late-reply@0', 5_000, true],
    ['late-request@0', 5_000, false],
  ])('%s', async (fault, lateMs, servedAtOnce) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    const pending = asking(stage);
    while (stage.runtime.pending.filter((label) => label === 'late request').length === 0) await flush();
    expect(stage.dialect.served).toHaveLength(servedAtOnce ? 1 : 0);
    await stage.pass(lateMs - 1);
    expect(pending.answer).toBeUndefined();
    await stage.pass(1);
    expect(await arrived(pending)).toMatchObject({ status: 200, text: whole(1) });
  });

  test.each([
    ['http-error@0', 503, null, /^<html>.*503/, 0],
    ['http-error@0,status=401,body=json', 401, null, /^\{"code":401,/, 0],
    ['http-error@0,status=429,body=empty,seconds=17.2', 429, '18', /^$/, 0],
    ['http-error@0,status=418,seconds=60', 418, '60', /418/, 0],
    ['gateway-error@0', 504, null, /^<html>/, 1],
    ['gateway-error@0,status=502,body=empty', 502, null, /^$/, 1],
    ['venue-closed@0', 503, null, /^<html>/, 0],
    ['venue-closed@0,status=403,body=json', 403, null, /^\{/, 0],
    ['restart@0', 503, null, /^<html>/, 0],
    ['address-ban@0', 403, null, /^<html>/, 0],
    ['http-error@0,status=205', 205, null, /^$/, 0],
    ['gateway-error@0,status=204', 204, null, /^$/, 1],
    ['venue-closed@0,status=205,body=json', 205, null, /^$/, 0],
  ])('%s', async (fault, status, retryAfter, text, served) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    const answer = await stage.ask('POST', '/order');
    expect(answer).toMatchObject({ status, text: expect.stringMatching(text) as string });
    expect('headers' in answer && answer.headers.get('retry-after')).toBe(retryAfter);
    expect(stage.dialect.served).toHaveLength(served);
  });

  test('a late request is served although its client has given up', async () => {
    const stage = await openStage(transport);
    stage.inject('late-request@0,seconds=5');
    const control = new AbortController();
    const pending = asking(stage, 'POST', '/order', control.signal);
    while (!stage.runtime.pending.includes('late request')) await flush();
    await stage.pass(3_000);
    control.abort();
    expect(await arrived(pending)).toEqual({ failed: 'AbortError' });
    await stage.pass(1_999);
    expect(stage.dialect.served).toEqual([]);
    await stage.pass(1);
    expect(stage.dialect.served).toEqual(['POST /order']);
    expect(stage.runtime.pending).not.toContain('late request');
  });

  test('a late request is given up when the exchange is closed', async () => {
    const stage = await openStage(transport);
    stage.inject('late-request@0,seconds=5');
    const pending = asking(stage);
    while (!stage.runtime.pending.includes('late request')) await flush();
    await stage.close();
    expect(await arrived(pending)).toEqual({ failed: 'TypeError' });
    await stage.pass(5_000);
    expect([stage.dialect.served, stage.runtime.pending]).toEqual([[], []]);
  });

  test('a redirect leads elsewhere and serves nothing', async () => {
    const stage = await openStage(transport);
    stage.inject('redirect@0,value=http://127.0.0.1:1/x,status=307');
    const answer = await stage.ask('GET', '/order');
    expect(answer).toMatchObject({ status: 307 });
    expect('headers' in answer && answer.headers.get('location')).toBe('http://127.0.0.1:1/x');
    expect(stage.dialect.served).toEqual([]);
  });

  test.each([
    ['truncated-reply@0', whole(1).slice(0, whole(1).length >> 1)],
    ['html-reply@0', expect.stringMatching(/^<html>/)],
    ['wrong-types-reply@0', '{"code":0,"data":{"served":true,"price":["1.50"],"side":["Buy"]}}'],
    ['unknown-word-reply@0', whole(1).replace('Buy', 'Unheard')],
    ['odd-number-reply@0,field=price,value=-0', whole(1).replace('1.50', '-0')],
    ['edited-reply@0,field=code,value=300006', whole(1).replace('"code":0', '"code":300006')],
    ['raised-number-reply@0,field=price', whole(1).replace('1.50', '0.5')],
    ['falling-number-reply@0,field=served,count=1', whole(1).replace('"served":1', '"served":0')],
    ['extra-field-reply@0', expect.stringContaining('"side":"Buy","unheardOf":{')],
    ['proto-reply@0', expect.stringContaining('"__proto__"')],
    ['deep-reply@0,times=3', expect.stringContaining('"deep":[[[]]]')],
    ['huge-reply@0,bytes=9', expect.stringContaining('"huge":"xxxxxxxxx"')],
  ])('%s', async (fault, text) => {
    const stage = await openStage(transport);
    stage.inject(fault);
    expect(await stage.ask('POST', '/order')).toMatchObject({ status: 200, text });
    expect(await stage.ask('POST', '/order')).toMatchObject({ status: 200, text: whole(2) });
  });

  test('an over-long answer arrives whole', async () => {
    const stage = await openStage(transport);
    stage.inject('huge-reply@0,bytes=5000000');
    const answer = await stage.ask('GET', '/order');
    expect('text' in answer && answer.text.length).toBeGreaterThan(5_000_000);
  });

  test('stale replies repeat what was answered first, to the same question, for so long', async () => {
    const stage = await openStage(transport);
    const served = async (path: string, method = 'GET'): Promise<string | undefined> => {
      const answer = await stage.ask(method, path);
      return 'text' in answer ? /"served":(\d+)/.exec(answer.text)?.[1] : undefined;
    };
    stage.inject('stale-reply@0+60,seconds=20');
    expect([await served('/a'), await served('/a'), await served('/b'), await served('/a', 'POST')]).toEqual([
      ...['1', '1', '2', '3'],
    ]);
    await stage.pass(19_999);
    expect(await served('/a')).toBe('1');
    await stage.pass(1);
    expect([await served('/a'), await served('/b')]).toEqual(['4', '5']);
    expect(stage.fired['stale-reply']).toBe(2);
    await stage.pass(60_000);
    expect(await served('/a')).toBe('6');
  });

  test('only so many, of that method, on that path, from that address', async () => {
    const stage = await openStage(transport);
    stage.inject('http-error@0,path=/cash/order,method=DELETE,count=2,status=500');
    stage.inject('http-error@0,address=10.9.8.7,status=501');
    const statuses: unknown[] = [];
    for (const [method, path] of [
      ['GET', '/cash/order'],
      ['DELETE', '/cash/other'],
      ['DELETE', '/7/cash/order/all?x=1'],
      ['DELETE', '/cash/order'],
      ['DELETE', '/cash/order'],
    ] as const) {
      const answer = await stage.ask(method, path);
      statuses.push('status' in answer ? answer.status : answer);
    }
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
    expect(stage.fired['http-error']).toBe(2);
  });
});

test('truth has what the exchange served, and not what was lost on the way', async () => {
  const stage = await openStage('in memory');
  stage.inject('http-error@0');
  await stage.ask('GET', '/first');
  stage.inject('gateway-error@0');
  await stage.ask('GET', '/second');
  const paths = stage.truth.flatMap((entry) =>
    entry.kind === 'request' ? [[entry.path, entry.status]] : [],
  );
  expect(paths).toEqual([['/second', 200]]);
});

test('a request whose client has given up does not wait for its answer', async () => {
  const stage = await openStage('in memory');
  stage.inject('late-reply@0');
  const control = new AbortController();
  const pending = asking(stage, 'GET', '/order', control.signal);
  await flush();
  control.abort();
  expect(await arrived(pending)).toEqual({ failed: 'AbortError' });
  expect(stage.runtime.pending).not.toContain('late request');
});

function open(fetch: OpenDialect['fetch']): { simulator: ExchangeSimulator; runtime: HandMadeRuntime } {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'requests', pairs: 1, traders: false },
    ...{ runtime, dialect: { name, nameUser, open: (venue) => ({ ...plain.open(venue), fetch }) } },
  });
  return { simulator, runtime };
}

test('a late request has its body still, and its method and headers', async () => {
  const seen: unknown[] = [];
  const { simulator, runtime } = open(async (request) => {
    seen.push([request.method, request.headers.get('x-key'), await request.text()]);
    return new Response('done');
  });
  for (const method of ['POST', 'DELETE']) {
    simulator.inject(parseFault('late-request@0,seconds=1'));
    const request = new Request('http://v.test/order', {
      method,
      headers: { 'x-key': 'k' },
      body: '{"a":1}',
    });
    const answer = simulator.fetch(request);
    runtime.pass(1_000);
    expect(await (await answer).text()).toBe('done');
  }
  expect(seen).toEqual([
    ['POST', 'k', '{"a":1}'],
    ['DELETE', 'k', '{"a":1}'],
  ]);
  simulator.close();
});

test.each([
  ['html-reply', 204],
  ['stale-reply', 204],
  ['cut-reply', 'fetch failed'],
  ['huge-reply', 204],
] as const)('%s of an answer that cannot have a body', async (kind, first) => {
  const { simulator } = open(() => new Response(null, { status: 204 }));
  simulator.inject({ kind, atSeconds: 0 });
  const answers: unknown[] = [];
  for (let time = 0; time < 2; time += 1) {
    const asked = Promise.resolve(simulator.fetch(new Request('http://v.test/order')));
    answers.push(await asked.then(({ status }) => status).catch((error: Error) => error.message));
  }
  expect(answers).toEqual([first, 204]);
  simulator.close();
});
