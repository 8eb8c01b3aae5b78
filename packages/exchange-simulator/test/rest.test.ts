import { afterEach, expect, test } from 'vitest';
import {
  createAscendexDialect,
  createExchangeSimulator,
  type Dialect,
  type ListeningSimulator,
} from '../src/index.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { connectInMemory } from './memory-client.ts';
import { closeAll, connectTo, replaySymbols, settle, startReplay } from './running-simulator.ts';

afterEach(closeAll);

/** Fields that the tests look into; bodies are compared whole. */
interface Item {
  readonly m: string;
  readonly symbol: string;
  readonly high: string;
  readonly low: string;
  readonly volume: string;
  readonly ip: string;
  readonly data: readonly unknown[];
}

interface Body {
  readonly data: Item & readonly Item[];
}

async function get(simulator: ListeningSimulator, path: string): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${simulator.endpoints.restUrl}${path}`);
  return { status: answer.status, body: (await answer.json()) as Body };
}

test('the legacy list holds every recorded product as it was, the current one the spot markets', async () => {
  const simulator = await startReplay();
  const legacy = await get(simulator, '/api/pro/v1/products');
  const cash = await get(simulator, '/api/pro/v1/cash/products');
  expect(legacy.body.data.length).toBe(12);
  expect(cash.body.data.map(({ symbol }) => symbol)).toEqual([...replaySymbols, 'OLD/BTC']);
  expect(cash.body.data[0]).toEqual({
    symbol: 'BTC/USDT',
    displayName: 'BTC/USDT',
    domain: 'USDS',
    tradingStartTime: 1546300800000,
    collapseDecimals: '1,0.1,0.01',
    minQty: '0.000000001',
    maxQty: '1000000000',
    minNotional: '5',
    maxNotional: '400000',
    statusCode: 'Normal',
    statusMessage: '',
    tickSize: '0.01',
    useTick: false,
    priceScale: 2,
    lotSize: '0.00001',
    useLot: false,
    qtyScale: 5,
    notionalScale: 4,
    commissionType: 'Quote',
    commissionReserveRate: '0.001',
  });
  expect(cash.body.data.at(-1)).toMatchObject({
    domain: 'BTC',
    statusCode: 'NoTrading',
    commissionType: 'Base',
  });
});

test.each(['/api/pro/v1/spot/ticker', '/api/pro/v1/ticker'])('%s: one, a list, all', async (path) => {
  const simulator = await startReplay();
  const one = await get(simulator, `${path}?symbol=BTC/USDT`);
  expect(one.body).toEqual({
    code: 0,
    data: { symbol: 'BTC/USDT', ask: expect.any(Array), bid: expect.any(Array), type: 'spot' },
  });
  expect((await get(simulator, `${path}?symbol=BTC%2FUSDT`)).body).toEqual(one.body);
  expect((await get(simulator, `${path}?symbol=BTC/USDT,`)).body.data).toEqual([one.body.data]);
  expect((await get(simulator, `${path}?symbol=BTC/USDT,ETH/BTC`)).body.data.length).toBe(2);
  expect((await get(simulator, path)).body.data.map(({ symbol }) => symbol)).toEqual(replaySymbols);
});

test('a ticker sums the last day up, to the last trade', async () => {
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'ticker', pairs: 1 },
    runtime,
  });
  const client = connectInMemory(simulator);
  client.follow(['BTC/USDT']);
  runtime.pass(40_000);
  const answer = await simulator.fetch(new Request('http://v.test/api/pro/v1/spot/ticker?symbol=BTC/USDT'));
  const { data } = (await answer.json()) as { data: Record<string, string> };
  expect(Object.keys(data).sort()).toEqual(
    ['ask', 'bid', 'close', 'high', 'low', 'open', 'symbol', 'type', 'volume'].sort(),
  );
  const trades = client
    .named('trades', 'BTC/USDT')
    .flatMap((text) => (JSON.parse(text) as { data: { p: string; q: string }[] }).data);
  expect(trades.length).toBeGreaterThan(5);
  expect(data.close).toBe(trades.at(-1)?.p);
  const traded = trades.reduce((sum, { q }) => sum + Number(q), 0);
  expect(Number(data.volume)).toBeGreaterThan(traded);
  const prices = [data.open, data.close, ...trades.map(({ p }) => p)].map(Number);
  expect(Number(data.high)).toBeGreaterThanOrEqual(Math.max(...prices));
  expect(Number(data.low)).toBeLessThanOrEqual(Math.min(...prices));
  simulator.close();
});

test('documented: what goes wrong here is the fault of the server; the answer names it, and it is counted', async () => {
  const market = { kind: 'synthetic', seed: 7, pairs: 1 } as const;
  const ascendex = createAscendexDialect();
  const dialect: Dialect = {
    ...ascendex,
    open(venue) {
      const trades = (): never => {
        throw new RangeError('broken on purpose');
      };
      return ascendex.open({ ...venue, market: Object.assign(venue.market, { trades }) });
    },
  };
  const simulator = createExchangeSimulator({ market, dialect, runtime: createHandMadeRuntime() });
  const answer = await simulator.fetch(new Request('http://v.test/api/pro/v1/trades?symbol=BTC/USDT'));
  const message = 'the request could not be served: RangeError: broken on purpose';
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { code: 510001, reason: 'SERVER_ERROR', message },
  ]);
  expect(simulator.stats.dialect).toEqual({ failures: 1, newest: 'RangeError: broken on purpose' });
  simulator.close();
});

test('the book by REST is the book by the stream', async () => {
  const simulator = await startReplay();
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await simulator.finished;
  const { body } = await get(simulator, '/api/pro/v1/depth?symbol=ETH/BTC');
  client.send({ op: 'req', action: 'depth-snapshot', args: { symbol: 'ETH/BTC' } });
  await client.until(() => client.named('depth-snapshot').length === 11);
  expect(body.data).toEqual(client.named('depth-snapshot').at(-1)?.json);
  expect(body.data.m).toBe('depth-snapshot');
});

test('trades: the newest n, oldest first', async () => {
  const simulator = await startReplay();
  const client = await connectTo(simulator);
  client.follow(replaySymbols);
  await simulator.finished;
  await settle(client);
  const all = (await get(simulator, '/api/pro/v1/trades?symbol=BTC/USDT')).body.data;
  expect(all).toMatchObject({ m: 'trades', symbol: 'BTC/USDT' });
  expect(all.data.length).toBeGreaterThan(3);
  expect((await get(simulator, '/api/pro/v1/trades?symbol=BTC/USDT&n=2')).body.data.data).toEqual(
    all.data.slice(-2),
  );
  expect((await get(simulator, '/api/pro/v1/trades?symbol=BTC/USDT&n=1000')).body.data.data).toEqual(
    all.data,
  );
});

test.each([
  ['/api/pro/v1/depth', 100004],
  ['/api/pro/v1/trades', 100004],
  ['/api/pro/v1/trades?symbol=BTC/USDT&n=0', 100004],
  ['/api/pro/v1/trades?symbol=BTC/USDT&n=x', 100004],
  ['/api/pro/v1/exchange-info?requestTime=soon', 100004],
  ['/api/pro/v1/depth?symbol=NOPE', 100008],
  ['/api/pro/v1/depth?symbol=OLD/BTC', 100008],
  ['/api/pro/v1/trades?symbol=NOPE', 100008],
  ['/api/pro/v1/ticker?symbol=BTC/USDT,NOPE', 100008],
])('%s is refused with code %i', async (path, code) => {
  const { status, body } = await get(await startReplay(), path);
  expect(status).toBe(200);
  expect(body).toEqual({ code, reason: expect.any(String), message: expect.any(String) });
});

test('the latency is how much later than asked a request arrived', async () => {
  const simulator = await startReplay();
  const { body } = await get(simulator, '/api/pro/v1/exchange-info?requestTime=1000');
  const { latency, requestReceiveAt } = body.data as unknown as Record<string, number>;
  expect(latency).toBe(Number(requestReceiveAt) - 1_000);
});

test('a URL of 2048 characters is served, a longer one is not', async () => {
  const simulator = await startReplay();
  const path = '/api/pro/v1/barhist/info?x=';
  const at = (length: number): string => path.padEnd(length, 'a');
  expect((await get(simulator, at(2_048))).status).toBe(200);
  const { status, body } = await get(simulator, at(2_049));
  expect([status, body]).toMatchObject([414, { code: 414, reason: 'URI_TOO_LONG' }]);
});

test('time, bar lengths and limits', async () => {
  const simulator = await startReplay();
  const { body } = await get(simulator, '/api/pro/v1/exchange-info?requestTime=1700000000000');
  expect(body.data).toEqual({
    requestTimeEcho: 1700000000000,
    requestReceiveAt: expect.any(Number),
    latency: expect.any(Number),
  });
  expect((await get(simulator, '/api/pro/v1/barhist/info')).body.data.length).toBe(12);
  for (const version of ['v1', 'v2']) {
    const limits = await get(simulator, `/api/pro/${version}/risk-limit-info?ip=1.2.3.4`);
    expect(limits.body.data.ip).toBe('1.2.3.4');
  }
});

test('an unknown path is a 404 in JSON', async () => {
  const { status, body } = await get(await startReplay(), '/api/pro/v1/nothing');
  expect(status).toBe(404);
  expect(body).toMatchObject({ code: 404, reason: 'NOT_FOUND' });
});
