import type { Dict, Ticker, Trade } from 'ccxt';
import { units } from './exact-decimal.ts';
import { asPrice, claim, given, same } from './expectations.ts';
import { impossible, type Line, line } from './line.ts';
import { checkBookTruth, checkTickerTruth, checkTradesTruth, levelNumbers } from './market-truth.ts';
import type { Answer } from './raw-client.ts';
import type { Stage } from './stage.ts';
import { stirring } from './stirring.ts';
import { between, eventually } from './waiting.ts';

/** Prices, books and trades that ccxt reads without keys. */
export const marketLines: readonly Line[] = [
  line('fetchTicker', (stage) =>
    checkTickers(stage, [stage.symbol], async () => [await stage.open.fetchTicker(stage.symbol)]),
  ),
  line('fetchTickers of all', async (stage) =>
    checkTickers(stage, await stage.truth.pairs(), async () =>
      Object.values(await stage.open.fetchTickers()),
    ),
  ),
  line('fetchTickers of two', (stage) => {
    const symbols = [stage.symbol, stage.otherSymbol];
    return checkTickers(stage, symbols, async () => Object.values(await stage.open.fetchTickers(symbols)));
  }),
  impossible(
    'fetchTickers of one',
    'ccxt asks without a comma, gets one object, and takes only a list',
    async ({ open, raw, symbol }) => {
      same('symbol of the object', (await raw.read('/api/pro/v1/ticker', { symbol })).symbol, symbol);
      same('tickers', await open.fetchTickers([symbol]), {});
    },
  ),
  line('fetchOrderBook', (stage) => checkBook(stage, (symbol) => stage.open.fetchOrderBook(symbol))),
  line('fetchOrderBook with a limit', (stage) =>
    // ccxt does not send the limit and does not cut either.
    checkBook(stage, (symbol) => stage.open.fetchOrderBook(symbol, 5)),
  ),
  line('fetchL2OrderBook', (stage) => checkBook(stage, (symbol) => stage.open.fetchL2OrderBook(symbol))),
  line('fetchTrades', (stage) => checkTradesOf(stage, {}, (symbol) => stage.open.fetchTrades(symbol))),
  line('fetchTrades with a limit', (stage) =>
    checkTradesOf(stage, { n: '3' }, (symbol) => stage.open.fetchTrades(symbol, undefined, 3)),
  ),
  line('fetchTrades since', async (stage) => {
    const data = await firstTrades(stage);
    const since = given(data[Math.floor(data.length / 2)], 'a trade').ts;
    await checkTradesOf(stage, {}, (symbol) => stage.open.fetchTrades(symbol, since), since);
  }),
];

/** The trades of a market that has just been opened, when there are some. */
function firstTrades(stage: Stage): Promise<readonly Answer[]> {
  const { raw, symbol } = stage;
  const read = async (): Promise<readonly Answer[] | undefined> => {
    const { data } = await raw.read('/api/pro/v1/trades', { symbol });
    return data.length > 3 ? data : undefined;
  };
  return stirring(stage, [symbol], () => eventually('trades', read));
}

/** Compares trades through ccxt, of a time or later, with those that `query` gives and with the true ones. */
async function checkTradesOf(
  stage: Stage,
  query: Record<string, string>,
  read: (symbol: string) => Promise<Trade[]>,
  since = 0,
): Promise<void> {
  const { raw, truth, symbol } = stage;
  await firstTrades(stage);
  const both = await between(
    async () => ({
      told: (await raw.read('/api/pro/v1/trades', { symbol, ...query })).data,
      real: await truth.trades(symbol),
    }),
    () => read(symbol),
  );
  const { told, real } = both.raw;
  checkTrades(
    symbol,
    both.ccxt,
    told.filter(({ ts }: Answer) => ts >= since),
  );
  const known = real.filter(({ timeMs }) => timeMs >= since);
  // The venue gives a hundred at most.
  const wanted = known.slice(-Number(query.n ?? 100));
  same('number of true trades', both.ccxt.length, wanted.length);
  checkTradesTruth(both.ccxt, wanted);
}

/** Compares tickers through ccxt with those of these symbols, and with the true books and trades. */
async function checkTickers(
  { raw, truth }: Stage,
  symbols: readonly string[],
  read: () => Promise<Ticker[]>,
): Promise<void> {
  const both = await between(
    async () => ({
      told: await raw.read('/api/pro/v1/ticker', { symbol: `${symbols}` }),
      books: await Promise.all(symbols.map((symbol) => truth.book(symbol))),
      trades: await truth.trades(),
    }),
    read,
  );
  const { told, books, trades } = both.raw;
  same('symbols', both.ccxt.map(({ symbol }) => symbol).sort(), [...symbols].sort());
  for (const [index, symbol] of symbols.entries()) {
    const ticker = given(
      both.ccxt.find((one) => one.symbol === symbol),
      symbol,
    );
    checkTicker(
      ticker,
      [told].flat().find((one: Answer) => one.symbol === symbol),
    );
    checkTickerTruth(
      ticker,
      given(books[index], symbol),
      trades.filter((trade) => trade.symbol === symbol),
    );
  }
}

function checkTicker(ticker: Dict | undefined, raw: Answer): void {
  const { symbol, open, high, low, close, last, bid, ask, bidVolume, askVolume, baseVolume } = given(
    ticker,
    raw.symbol,
  );
  same('symbol', symbol, raw.symbol);
  same(`${symbol}: prices`, [open, high, low, close, last].map(empty), [
    ...[raw.open, raw.high, raw.low, raw.close, raw.close].map(asPrice),
  ]);
  same(`${symbol}: volume`, empty(baseVolume), asPrice(raw.volume));
  same(
    `${symbol}: bid`,
    [bid, bidVolume].map(empty),
    [0, 1].map((at) => asPrice(raw.bid?.[at])),
  );
  same(
    `${symbol}: ask`,
    [ask, askVolume].map(empty),
    [0, 1].map((at) => asPrice(raw.ask?.[at])),
  );
}

/** ccxt leaves out a zero in some of its fields and not in others. */
function empty(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

async function checkBook(
  { raw, truth, symbol }: Stage,
  read: (symbol: string) => Promise<Dict>,
): Promise<void> {
  const both = await between(
    async () => ({
      told: (await raw.read('/api/pro/v1/depth', { symbol })).data,
      real: await truth.book(symbol),
    }),
    () => read(symbol),
  );
  const { seqnum, ts, asks, bids } = both.raw.told;
  const { nonce, timestamp } = both.ccxt;
  same('symbol', both.ccxt.symbol, symbol);
  same('sequence and time', [nonce, timestamp], [seqnum, ts]);
  same('asks', levelNumbers(both.ccxt.asks), sorted(asks, 1n));
  same('bids', levelNumbers(both.ccxt.bids), sorted(bids, -1n));
  checkBookTruth(both.ccxt, both.raw.real);
  claim(both.ccxt.asks[0][0] > both.ccxt.bids[0][0], 'the book is crossed');
}

function sorted(levels: readonly [string, string][], direction: bigint): number[][] {
  return [...levels]
    .sort(([a], [b]) => Number((units(a) - units(b)) * direction > 0n) * 2 - 1)
    .map(([price, size]) => [Number(price), Number(size)]);
}

/** Compares ccxt's trades with raw ones, oldest first. Where times are equal, any order is right. */
export function checkTrades(symbol: string, trades: readonly Trade[], raw: readonly Answer[]): void {
  const told = trades.map(({ timestamp, price, amount, side, symbol: of }) =>
    [timestamp, price, amount, side, of].join(' '),
  );
  const real = raw.map(({ ts, p, q, bm }) =>
    [ts, Number(p), Number(q), bm ? 'sell' : 'buy', symbol].join(' '),
  );
  same('trades', [...told].sort(), [...real].sort());
  const times = trades.map(({ timestamp }) => timestamp ?? 0);
  same('times', times, [...times].sort());
  for (const { price = 0, amount, cost } of trades) {
    claim(
      Math.abs((cost ?? 0) / (price * Number(amount)) - 1) < 1e-12,
      `cost ${cost} of ${amount} at ${price}`,
    );
  }
}
