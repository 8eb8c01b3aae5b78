import type { Dict, Ticker, Trade } from 'ccxt';
import { units } from './exact-decimal.ts';
import { asNumber, asPrice, claim, given, same } from './expectations.ts';
import { impossible, type Line, line } from './line.ts';
import { checkBookTruth, checkTickerTruth, checkTradesTruth, levelNumbers } from './market-truth.ts';
import type { Answer } from './raw-client.ts';
import type { Stage } from './stage.ts';
import { stirring } from './stirring.ts';
import { between, eventually } from './waiting.ts';

/** What ccxt reads without keys, but for bars. */
export const marketLines: readonly Line[] = [
  line('loadMarkets', async ({ open, raw, truth }) => {
    const listed = await raw.read('/api/pro/v1/cash/products');
    const markets = await open.loadMarkets();
    const symbols = listed.map(({ symbol }: Answer) => symbol).sort();
    same('symbols', Object.keys(markets).sort(), symbols);
    same('true symbols', symbols, [...(await truth.pairs())].sort());
  }),
  line('fetchMarkets', checkMarkets),
  line('fetchCurrencies', checkCurrencies),
  line('fetchDepositWithdrawFees', async ({ open, raw }) => {
    const [assets, fees] = [await raw.read('/api/pro/v2/assets'), await open.fetchDepositWithdrawFees()];
    same('assets', Object.keys(fees).sort(), assets.map(({ assetCode }: Answer) => assetCode).sort());
    for (const asset of assets) checkNetworkFees(asset, given(fees[asset.assetCode], asset.assetCode));
  }),
  line('fetchDepositWithdrawFee', async ({ open, raw }) => {
    const [asset] = await raw.read('/api/pro/v2/assets');
    checkNetworkFees(asset, await open.fetchDepositWithdrawFee(asset.assetCode));
  }),
  line('fetchTime', async ({ open, truth }) => {
    const before = await truth.time();
    const time = given(await open.fetchTime(), 'time');
    const after = await truth.time();
    claim(before <= time && time <= after, `time ${time} is not from ${before} to ${after}`);
  }),
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

async function checkMarkets({ open, raw }: Stage): Promise<void> {
  const markets = await open.fetchMarkets();
  const products = await raw.read('/api/pro/v1/cash/products');
  const older = new Map((await raw.read('/api/pro/v1/products')).map((row: Answer) => [row.symbol, row]));
  same('number of markets', markets.length, products.length);
  for (const product of products) {
    const { symbol } = product;
    const market = given(
      markets.find((one) => one?.symbol === symbol),
      symbol,
    );
    const [base, quote] = symbol.split('/');
    same(`${symbol}: assets`, [market.base, market.quote, market.spot], [base, quote, true]);
    const { amount, price } = market.precision;
    same(`${symbol}: grid`, [amount, price], [asNumber(product.lotSize), asNumber(product.tickSize)]);
    const { amount: sizes, cost } = market.limits;
    same(`${symbol}: sizes`, [sizes?.min, sizes?.max], [asNumber(product.minQty), asNumber(product.maxQty)]);
    const values = [asNumber(product.minNotional), asNumber(product.maxNotional)];
    same(`${symbol}: values`, [cost?.min, cost?.max], values);
    const reserve = asNumber(product.commissionReserveRate);
    same(`${symbol}: fees`, [market.maker, market.taker], [reserve, reserve]);
    const normal = (older.get(symbol) as Answer)?.status === 'Normal';
    same(`${symbol}: active`, [market.active, product.statusCode === 'Normal'], [normal, normal]);
    same(`${symbol}: since`, market.created, product.tradingStartTime);
  }
}

async function checkCurrencies({ open, raw }: Stage): Promise<void> {
  const currencies = given(await open.fetchCurrencies(), 'currencies');
  const assets = await raw.read('/api/pro/v2/assets');
  same('assets', Object.keys(currencies).sort(), assets.map(({ assetCode }: Answer) => assetCode).sort());
  for (const { assetCode, assetName, nativeScale, blockChain } of assets) {
    const currency = given(currencies[assetCode], assetCode);
    same(`${assetCode}: name`, currency.name, assetName);
    same(`${assetCode}: precision`, currency.precision, Number(`1e-${nativeScale}`));
    same(`${assetCode}: networks`, Object.keys(currency.networks).length, blockChain.length);
  }
  for (const { symbol } of await raw.read('/api/pro/v1/cash/products')) {
    for (const asset of symbol.split('/')) given(currencies[asset], `${asset} of ${symbol}`);
  }
}

function checkNetworkFees({ assetCode, blockChain }: Answer, fee: Dict): void {
  const networks = Object.values(fee.networks) as Dict[];
  const told = networks.map(({ withdraw }) => withdraw.fee);
  const real = blockChain.map(({ withdrawFee }: Answer) => asNumber(withdrawFee));
  same(`${assetCode}: withdrawal fees`, told.sort(), real.sort());
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
