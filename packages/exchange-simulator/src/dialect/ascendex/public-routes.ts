import type { AscendexContext } from './ascendex-context.ts';
import { barLengths } from './bar-calendar.ts';
import { refusals } from './error-codes.ts';
import { encodeBook, encodeTrades } from './messages.ts';
import { listCashProducts, listProducts } from './products.ts';
import { answerBars } from './rest-bars.ts';
import { type RestCall, type RestRoutes, readNumber } from './rest-calls.ts';
import { refuse, succeed, succeedText } from './rest-replies.ts';
import { describeOldRisk, describeRisk, type RiskReport } from './risk-report.ts';
import { readTicker } from './ticker.ts';
import { describeAssets, describeOldAssets } from './wallet-data.ts';

const mostTrades = 100;

/** Adds what everybody may ask for. */
export function addPublicRoutes(routes: RestRoutes, context: AscendexContext, risk: RiskReport): void {
  const { market, clock } = context;
  routes.get('/api/pro/v1/assets', () => succeed(describeOldAssets(market.products)));
  routes.get('/api/pro/v2/assets', () => succeed(describeAssets(market.products)));
  routes.get('/api/pro/v1/products', () => succeed(listProducts(market)));
  routes.get('/api/pro/v1/cash/products', () => succeed(listCashProducts(market)));
  // Nothing is traded on margin here, and no futures: clients ask for both lists all the same.
  routes.get('/api/pro/v1/margin/products', () => succeed([]));
  routes.get('/api/pro/v2/futures/contract', () => succeed([]));
  routes.get('/api/pro/v1/spot/ticker', (call) => answerTicker(context, call));
  routes.get('/api/pro/v1/ticker', (call) => answerTicker(context, call));
  routes.get('/api/pro/v1/depth', (call) => answerDepth(context, call));
  routes.get('/api/pro/v1/trades', (call) => answerTrades(context, call));
  routes.get('/api/pro/v1/barhist/info', () => succeed(barLengths));
  routes.get('/api/pro/v1/barhist', (call) => answerBars(context, call));
  routes.get('/api/pro/v1/exchange-info', (call) => answerTime(call, clock.now()));
  routes.get('/api/pro/v1/risk-limit-info', (call) => succeed(describeOldRisk(risk, addressOf(call))));
  routes.get('/api/pro/v2/risk-limit-info', (call) => succeed(describeRisk(risk, addressOf(call))));
}

/** The caller's own if none is asked for. */
function addressOf(call: RestCall): string {
  return call.req.query('ip') || call.env.caller.address;
}

function answerTicker({ market, listed }: AscendexContext, call: RestCall): Response {
  const query = call.req.query('symbol') ?? '';
  if (query === '') return succeed(market.symbols.map((symbol) => readTicker(market, symbol)));
  const names = query.split(',').filter((name) => name !== '');
  const missing = names.find((name) => market.book(name, 0) === undefined);
  if (missing !== undefined) return refuseSymbol(listed, missing);
  const tickers = names.map((symbol) => readTicker(market, symbol));
  return succeed(query.includes(',') ? tickers : tickers[0]);
}

/** A symbol that has no market here. */
function refuseSymbol(listed: ReadonlySet<string>, symbol: string): Response {
  const what = listed.has(symbol) ? 'is listed and has no market here' : 'is not listed';
  return refuse(refusals.symbol, `symbol ${symbol} ${what}`);
}

function answerDepth({ market, listed }: AscendexContext, call: RestCall): Response {
  const symbol = call.req.query('symbol') ?? '';
  if (symbol === '') return refuse(refusals.argument, 'symbol is missing');
  const book = market.book(symbol, Number.POSITIVE_INFINITY);
  return book === undefined ? refuseSymbol(listed, symbol) : succeedText(encodeBook(symbol, book));
}

function answerTrades({ market, listed }: AscendexContext, call: RestCall): Response {
  const symbol = call.req.query('symbol') ?? '';
  if (symbol === '') return refuse(refusals.argument, 'symbol is missing');
  const n = readNumber(call, 'n', 1);
  if ('refused' in n) return n.refused;
  if (market.book(symbol, 0) === undefined) return refuseSymbol(listed, symbol);
  const newest = market.trades(symbol).slice(-Math.min(n.value ?? mostTrades, mostTrades));
  return succeedText(encodeTrades(symbol, newest));
}

function answerTime(call: RestCall, nowMs: number): Response {
  const asked = readNumber(call, 'requestTime');
  if ('refused' in asked) return asked.refused;
  const requestTimeEcho = asked.value ?? nowMs;
  return succeed({ requestTimeEcho, requestReceiveAt: nowMs, latency: nowMs - requestTimeEcho });
}
