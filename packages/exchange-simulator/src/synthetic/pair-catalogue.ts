import { decimal, VenueError } from '@venuekit/connector-core';
import type { ProductRecord } from '../market/product.ts';

/** A market of the synthetic venue. */
export interface SyntheticPair {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Where the price wanders about, in ticks. */
  readonly homeTicks: number;
  /** Digits of a price after the point. */
  readonly priceDecimals: number;
  /** Digits of a size after the point. */
  readonly sizeDecimals: number;
  /** The book changes at most once in this many rounds. */
  readonly pace: number;
  /** Size of an ordinary level, in lots. */
  readonly typicalLots: number;
  /** Least value of an order, in ticks times lots. */
  readonly leastValue: number;
}

/** Symbol, price in ticks, digits of the price, digits of the size, pace. */
type Row = readonly [
  symbol: string,
  homeTicks: number,
  priceDecimals: number,
  sizeDecimals: number,
  pace: number,
];

const rows: readonly Row[] = [
  ['BTC/USDT', 6_425_000, 2, 5, 1],
  ['ETH/USDT', 348_000, 2, 4, 2],
  ['SHIB/USDT', 2_465_000, 11, 0, 2],
  ['XRP/USDT', 52_310, 5, 1, 2],
  ['ETH/BTC', 54_163, 6, 3, 3],
  ['DOGE/USDT', 121_400, 6, 0, 4],
  ['PAXG/USDT', 23_412, 1, 4, 8],
  ['ADA/BTC', 6_871, 9, 0, 9],
  ['SOL/USDT', 148_220, 3, 2, 4],
  ['LINK/ETH', 4_210_000, 9, 1, 24],
  ['LTC/USDT', 71_560, 3, 3, 6],
  ['DOT/USDT', 63_180, 4, 1, 6],
  ['AVAX/USDT', 27_410, 3, 2, 6],
  ['TRX/USDT', 118_300, 6, 0, 8],
  ['ATOM/USDT', 81_720, 4, 1, 8],
  ['XLM/USDT', 93_150, 6, 0, 9],
  ['UNI/USDT', 97_410, 4, 1, 7],
  ['BCH/USDT', 38_912, 2, 3, 8],
  ['ALGO/USDT', 147_200, 6, 0, 10],
  ['NEAR/USDT', 52_840, 4, 1, 7],
  ['FIL/USDT', 44_170, 4, 2, 9],
  ['ETC/USDT', 235_140, 4, 2, 9],
  ['XTZ/USDT', 81_320, 5, 1, 11],
  ['EOS/USDT', 58_410, 5, 1, 11],
  ['AAVE/USDT', 96_230, 3, 3, 9],
  ['MKR/USDT', 248_700, 2, 4, 13],
  ['SNX/USDT', 191_400, 5, 1, 12],
  ['CRV/USDT', 31_240, 5, 1, 9],
  ['COMP/USDT', 51_870, 3, 3, 12],
  ['YFI/USDT', 612_400, 2, 5, 14],
  ['SUSHI/USDT', 84_110, 5, 1, 12],
  ['GRT/USDT', 187_300, 6, 0, 10],
  ['BAT/USDT', 203_400, 6, 0, 13],
  ['ZRX/USDT', 372_100, 6, 0, 14],
  ['ENJ/USDT', 186_200, 6, 0, 13],
  ['MANA/USDT', 341_500, 6, 0, 10],
  ['SAND/USDT', 338_900, 6, 0, 10],
  ['CHZ/USDT', 76_420, 6, 0, 11],
  ['HOT/USDT', 172_300, 8, 0, 15],
  ['VET/USDT', 258_100, 7, 0, 10],
  ['THETA/USDT', 152_400, 5, 1, 12],
  ['NEO/USDT', 11_872, 3, 2, 12],
  ['QTUM/USDT', 27_310, 4, 1, 14],
  ['ICX/USDT', 154_800, 6, 1, 15],
  ['ZIL/USDT', 171_900, 7, 0, 14],
  ['ONT/USDT', 221_300, 6, 1, 15],
  ['DASH/USDT', 26_140, 3, 3, 14],
  ['ZEC/USDT', 28_910, 3, 3, 14],
  ['XMR/USDT', 163_200, 3, 3, 12],
  ['WAVES/USDT', 118_700, 5, 2, 15],
  ['KSM/USDT', 214_300, 4, 2, 15],
  ['EGLD/USDT', 334_100, 4, 2, 13],
  ['FTM/USDT', 54_210, 5, 1, 9],
  ['ONE/USDT', 164_800, 7, 0, 14],
  ['LTC/BTC', 1_114_000, 9, 2, 12],
  ['XRP/BTC', 8_142, 9, 0, 12],
  ['DOT/BTC', 98_330, 9, 1, 15],
  ['LINK/BTC', 213_700, 9, 1, 15],
  ['SOL/ETH', 42_590_000, 9, 2, 15],
  ['UNI/ETH', 2_799_000, 9, 1, 18],
];

/** The most pairs that a synthetic market has. */
export const mostPairs: number = rows.length;

/** What a level is worth and what an order may be worth, by quote; levels in thousandths of the quote. */
const quotes: Readonly<
  Record<string, { readonly level: bigint; readonly least: string; readonly most: string }>
> = {
  USDT: { level: 1_500_000n, least: '5', most: '400000' },
  BTC: { level: 25n, least: '0.00009', most: '7' },
  ETH: { level: 450n, least: '0.0025', most: '100' },
};

/**
 * The first `count` pairs of the synthetic venue: they differ widely in price, tick and lot.
 * @throws VenueError `invalid-options` if there are not so many.
 */
export function selectPairs(count: number): readonly SyntheticPair[] {
  if (Number.isInteger(count) && count >= 1 && count <= mostPairs) return rows.slice(0, count).map(pairOf);
  throw new VenueError({
    code: 'invalid-options',
    operation: 'synthetic market',
    message: `expected pairs to be a whole number from 1 to ${mostPairs}, got ${count}`,
  });
}

function pairOf([symbol, homeTicks, priceDecimals, sizeDecimals, pace]: Row): SyntheticPair {
  const [base = '', quote = ''] = symbol.split('/');
  const worth = quotes[quote]?.level ?? 1n;
  const lots = (worth * 10n ** BigInt(priceDecimals + sizeDecimals)) / (1_000n * BigInt(homeTicks));
  const typicalLots = Math.max(2, Number(lots));
  const least = decimal(quotes[quote]?.least ?? '0').times(10n ** BigInt(priceDecimals + sizeDecimals));
  const leastValue = Math.ceil(Number(least.toString()));
  return { symbol, base, quote, homeTicks, priceDecimals, sizeDecimals, pace, typicalLots, leastValue };
}

/** The rules of a pair in the legacy form. */
export function toProduct({
  symbol,
  base,
  quote,
  priceDecimals,
  sizeDecimals,
}: SyntheticPair): ProductRecord {
  const rules = quotes[quote];
  return {
    symbol,
    displayName: symbol,
    baseAsset: base,
    quoteAsset: quote,
    status: 'Normal',
    minNotional: rules?.least ?? '0',
    maxNotional: rules?.most ?? '1000000',
    marginTradable: false,
    commissionType: 'Quote',
    commissionReserveRate: quote === 'USDT' ? '0.001' : '0.002',
    tickSize: unitText(priceDecimals),
    lotSize: unitText(sizeDecimals),
  };
}

function unitText(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}
