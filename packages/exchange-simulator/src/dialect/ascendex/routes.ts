import type { Clock } from '@venuekit/connector-core';
import { type Context, Hono } from 'hono';
import type { Market } from '../../market/market.ts';
import { type Counters, count } from '../../stats.ts';
import { type AscendexError, refusals } from './error-codes.ts';
import { encodeBook, encodeTrades } from './messages.ts';
import { isSpot, toCashProduct } from './products.ts';
import { barIntervals, describeLimits } from './reference-data.ts';
import { readTicker } from './ticker.ts';

/** What REST serves from. */
export interface RouteContext {
  readonly market: Market;
  /** Symbols that the venue lists. */
  readonly listed: ReadonlySet<string>;
  readonly counters: Counters;
  readonly clock: Clock;
}

const mostTrades = 100;

/** Makes the public REST endpoints. A refusal has HTTP 200 and a code, as the venue does it; an unknown path is a 404 in JSON. */
export function createRoutes(context: RouteContext): Hono {
  const { market, clock, counters } = context;
  const app = new Hono();
  app.use(async (c, next) => {
    count(counters.rest, c.req.path);
    await next();
  });
  app.get('/api/pro/v1/products', (c) => success(c, JSON.stringify(market.products)));
  app.get('/api/pro/v1/cash/products', (c) =>
    success(c, JSON.stringify(market.products.filter(isSpot).map(toCashProduct))),
  );
  for (const path of ['/api/pro/v1/spot/ticker', '/api/pro/v1/ticker']) {
    app.get(path, (c) => answerTicker(context, c));
  }
  app.get('/api/pro/v1/depth', (c) => answerDepth(context, c));
  app.get('/api/pro/v1/trades', (c) => answerTrades(context, c));
  app.get('/api/pro/v1/exchange-info', (c) => answerTime(c, clock.now()));
  app.get('/api/pro/v1/barhist/info', (c) => success(c, JSON.stringify(barIntervals)));
  for (const path of ['/api/pro/v1/risk-limit-info', '/api/pro/v2/risk-limit-info']) {
    app.get(path, (c) => success(c, JSON.stringify(describeLimits(c.req.query('ip') ?? '127.0.0.1'))));
  }
  app.notFound((c) =>
    c.json({ code: 404, reason: 'NOT_FOUND', message: `there is no ${c.req.method} ${c.req.path}` }, 404),
  );
  return app;
}

/** Sends `data`, which is JSON text already: integers beyond 2^53 survive. */
function success(c: Context, data: string): Response {
  return c.body(`{"code":0,"data":${data}}`, 200, { 'content-type': 'application/json' });
}

function refuse(c: Context, { code, reason }: AscendexError, message: string): Response {
  return c.json({ code, reason, message });
}

function answerTicker({ market, listed }: RouteContext, c: Context): Response {
  const { symbols } = market;
  const query = c.req.query('symbol') ?? '';
  if (query === '') return success(c, JSON.stringify(symbols.map((symbol) => readTicker(market, symbol))));
  const names = query.split(',').filter((name) => name !== '');
  const missing = names.find((name) => market.book(name, 0) === undefined);
  if (missing !== undefined) return refuseSymbol(c, listed, missing);
  const tickers = names.map((symbol) => readTicker(market, symbol));
  return success(c, JSON.stringify(query.includes(',') ? tickers : tickers[0]));
}

function refuseSymbol(c: Context, listed: ReadonlySet<string>, symbol: string): Response {
  const what = listed.has(symbol) ? 'is listed and has no market here' : 'is not listed';
  return refuse(c, refusals.symbol, `symbol ${symbol} ${what}`);
}

function answerDepth({ market, listed }: RouteContext, c: Context): Response {
  const symbol = c.req.query('symbol') ?? '';
  if (symbol === '') return refuse(c, refusals.argument, 'symbol is missing');
  const book = market.book(symbol, Number.POSITIVE_INFINITY);
  return book === undefined ? refuseSymbol(c, listed, symbol) : success(c, encodeBook(symbol, book));
}

function answerTrades({ market, listed }: RouteContext, c: Context): Response {
  const symbol = c.req.query('symbol') ?? '';
  if (symbol === '') return refuse(c, refusals.argument, 'symbol is missing');
  const n = c.req.query('n') ?? String(mostTrades);
  if (!/^[1-9]\d{0,8}$/.test(n)) {
    return refuse(c, refusals.argument, `n must be a whole number from 1 up, got ${n}`);
  }
  if (market.book(symbol, 0) === undefined) return refuseSymbol(c, listed, symbol);
  return success(c, encodeTrades(symbol, market.trades(symbol).slice(-Math.min(Number(n), mostTrades))));
}

function answerTime(c: Context, nowMs: number): Response {
  const asked = c.req.query('requestTime') ?? String(nowMs);
  if (!/^\d{1,15}$/.test(asked)) {
    return refuse(c, refusals.argument, `requestTime must be milliseconds since the epoch, got ${asked}`);
  }
  const requestTimeEcho = Number(asked);
  return success(
    c,
    JSON.stringify({ requestTimeEcho, requestReceiveAt: nowMs, latency: nowMs - requestTimeEcho }),
  );
}
