import type { Dict } from 'ccxt';
import { asNumber, claim, given, same } from './expectations.ts';
import { type Line, line } from './line.ts';
import type { Answer } from './raw-client.ts';
import type { Stage } from './stage.ts';

/** What there is at the venue, and what its clock says. */
export const referenceLines: readonly Line[] = [
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
];

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
