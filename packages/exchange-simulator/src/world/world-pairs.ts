import { VenueError } from '@venuekit/connector-core';
import type { CommissionType, InstrumentRules, TradingStatus } from '../engine/engine-types.ts';
import { requireFields } from '../known-fields.ts';
import { shownBeside } from '../shown-value.ts';
import { requireTraderPair, type TraderPair } from '../traders/trader-pair.ts';

/** A pair of an imaginary world: its rules, and how it is traded. */
export interface PairProfile extends TraderPair {
  readonly rules: InstrumentRules;
}

type Row = readonly [
  symbol: string,
  homeTicks: number,
  /** Digits after the point, which are nine at most in all: so many has an amount of money. */
  priceDigits: number,
  sizeDigits: number,
  activity: number,
  volatility: number,
  /** Traded in a day, in quote. */
  volume: number,
];

const rows: readonly Row[] = [
  ['BTC/USDT', 6_425_000, 2, 5, 4, 0.03, 25_000_000],
  ['ETH/USDT', 348_000, 2, 4, 3, 0.038, 14_000_000],
  ['SHIB/USDT', 24_650, 9, 0, 1.6, 0.065, 4_000_000],
  ['XRP/USDT', 52_310, 5, 1, 1.8, 0.045, 5_000_000],
  ['ETH/BTC', 54_163, 6, 3, 1, 0.025, 45],
  ['DOGE/USDT', 121_400, 6, 0, 0.8, 0.06, 1_800_000],
  ['PAXG/USDT', 23_412, 1, 4, 0.05, 0.012, 170_000],
  ['ADA/BTC', 6871, 9, 0, 0.035, 0.045, 1.6],
  ['SOL/USDT', 148_220, 3, 2, 0.8, 0.05, 1_720_000],
  ['LINK/ETH', 421_000, 8, 1, 0.02, 0.03, 17],
  ['LTC/USDT', 71_560, 3, 3, 0.35, 0.035, 670_000],
  ['DOT/USDT', 63_180, 4, 1, 0.35, 0.04, 670_000],
  ['AVAX/USDT', 27_410, 3, 2, 0.35, 0.06, 910_000],
  ['TRX/USDT', 118_300, 6, 0, 0.2, 0.06, 340_000],
  ['ATOM/USDT', 81_720, 4, 1, 0.2, 0.05, 570_000],
  ['XLM/USDT', 93_150, 6, 0, 0.15, 0.05, 250_000],
  ['UNI/USDT', 97_410, 4, 1, 0.25, 0.06, 710_000],
  ['BCH/USDT', 38_912, 2, 3, 0.2, 0.06, 570_000],
  ['ALGO/USDT', 147_200, 6, 0, 0.15, 0.06, 420_000],
  ['NEAR/USDT', 52_840, 4, 1, 0.25, 0.055, 540_000],
  ['FIL/USDT', 44_170, 4, 2, 0.15, 0.05, 420_000],
  ['ETC/USDT', 235_140, 4, 2, 0.15, 0.04, 290_000],
  ['XTZ/USDT', 81_320, 5, 1, 0.1, 0.035, 170_000],
  ['EOS/USDT', 58_410, 5, 1, 0.1, 0.055, 190_000],
  ['AAVE/USDT', 96_230, 3, 3, 0.15, 0.06, 360_000],
  ['MKR/USDT', 248_700, 2, 4, 0.08, 0.035, 230_000],
  ['SNX/USDT', 191_400, 5, 1, 0.09, 0.055, 150_000],
  ['CRV/USDT', 31_240, 5, 1, 0.15, 0.055, 360_000],
  ['COMP/USDT', 51_870, 3, 3, 0.09, 0.05, 210_000],
  ['YFI/USDT', 612_400, 2, 5, 0.07, 0.04, 180_000],
  ['SUSHI/USDT', 84_110, 5, 1, 0.09, 0.035, 210_000],
  ['GRT/USDT', 187_300, 6, 0, 0.15, 0.04, 420_000],
  ['BAT/USDT', 203_400, 6, 0, 0.08, 0.035, 230_000],
  ['ZRX/USDT', 372_100, 6, 0, 0.07, 0.05, 170_000],
  ['ENJ/USDT', 186_200, 6, 0, 0.08, 0.05, 190_000],
  ['MANA/USDT', 341_500, 6, 0, 0.15, 0.035, 360_000],
  ['SAND/USDT', 338_900, 6, 0, 0.15, 0.035, 250_000],
  ['CHZ/USDT', 76_420, 6, 0, 0.1, 0.035, 240_000],
  ['HOT/USDT', 172_300, 8, 0, 0.06, 0.045, 130_000],
  ['VET/USDT', 258_100, 7, 0, 0.15, 0.035, 420_000],
  ['THETA/USDT', 152_400, 5, 1, 0.09, 0.04, 170_000],
  ['NEO/USDT', 11_872, 3, 2, 0.09, 0.04, 250_000],
  ['QTUM/USDT', 27_310, 4, 1, 0.07, 0.035, 130_000],
  ['ICX/USDT', 154_800, 6, 1, 0.06, 0.05, 140_000],
  ['ZIL/USDT', 171_900, 7, 0, 0.07, 0.04, 180_000],
  ['ONT/USDT', 221_300, 6, 1, 0.06, 0.035, 100_000],
  ['DASH/USDT', 26_140, 3, 3, 0.07, 0.06, 130_000],
  ['ZEC/USDT', 28_910, 3, 3, 0.07, 0.055, 200_000],
  ['XMR/USDT', 163_200, 3, 3, 0.09, 0.05, 170_000],
  ['WAVES/USDT', 118_700, 5, 2, 0.06, 0.035, 100_000],
  ['KSM/USDT', 214_300, 4, 2, 0.06, 0.04, 170_000],
  ['EGLD/USDT', 334_100, 4, 2, 0.08, 0.035, 210_000],
  ['FTM/USDT', 54_210, 5, 1, 0.15, 0.045, 390_000],
  ['ONE/USDT', 164_800, 7, 0, 0.07, 0.04, 130_000],
  ['LTC/BTC', 11_140, 7, 2, 0.09, 0.04, 3.4],
  ['XRP/BTC', 8142, 9, 0, 0.09, 0.03, 3.4],
  ['DOT/BTC', 9833, 8, 1, 0.06, 0.04, 2.7],
  ['LINK/BTC', 21_370, 8, 1, 0.06, 0.03, 2],
  ['SOL/ETH', 425_900, 7, 2, 0.06, 0.03, 31],
  ['UNI/ETH', 279_900, 8, 1, 0.04, 0.03, 34],
];

/** Pairs that the default world has at most. */
export const mostPairs: number = rows.length;

/** What orders are worth, by quote: an ordinary one of the book, and the bounds of any. */
const quotes: Readonly<
  Record<string, { readonly level: number; readonly least: string; readonly most: string }>
> = {
  USDT: { level: 1_500, least: '5', most: '400000' },
  BTC: { level: 0.025, least: '0.00009', most: '7' },
  ETH: { level: 0.45, least: '0.0025', most: '100' },
};

/** Where fees are not paid in quote. */
const commissions: Readonly<Record<string, InstrumentRules['commission']>> = {
  'PAXG/USDT': 'base',
  'ADA/BTC': 'received',
};

/** Pairs of a world if nobody says how many or which. */
export const usualPairs = 8;

/**
 * The first pairs of the default world, which differ widely in price, tick, fees and pace, or those of somebody's own.
 * @param choice how many, or which; 8 if left out.
 * @throws VenueError `invalid-options` if there are not so many, none, or two of a symbol, or naming the pair and what of it cannot be.
 */
export function selectPairs(choice: number | readonly PairProfile[] = usualPairs): readonly PairProfile[] {
  if (typeof choice !== 'number') return checked(choice);
  if (Number.isInteger(choice) && choice >= 1 && choice <= mostPairs)
    return rows.slice(0, choice).map(profileOf);
  throw invalid(`expected a whole number from 1 to ${mostPairs}, got ${choice}`);
}

/** What the bases and quotes of pairs are, each once. */
export function listedAssets(pairs: readonly PairProfile[]): ReadonlySet<string> {
  return new Set(pairs.flatMap(({ rules: { base, quote } }) => [base, quote]));
}

function checked(pairs: readonly PairProfile[]): readonly PairProfile[] {
  if (!Array.isArray(pairs))
    throw invalid(`expected a whole number or a list of pairs, got ${shownBeside(pairs, 'number')}`);
  const symbols = new Set<string>();
  for (const [index, pair] of pairs.map(profiled).entries()) {
    const { symbol } = pair;
    requireText(`${index}`, 'symbol', symbol);
    checkRules(symbol, pair.rules);
    requireTraderPair(pair);
    if (symbols.has(symbol)) throw invalid(`${symbol}: expected each symbol once, got it twice`);
    symbols.add(symbol);
  }
  if (symbols.size === 0) throw invalid('expected one pair at least, got none');
  return pairs;
}

/** Words and assets; what is a decimal, the engine finds out. */
function checkRules(pair: string, rules: InstrumentRules): void {
  for (const name of textRules) requireText(pair, `rules.${name}`, rules[name]);
  if (rules.symbol !== pair) throw invalid(`${pair}: expected rules of it, got those of ${rules.symbol}`);
  if (rules.base === rules.quote)
    throw invalid(`${pair}, rules: expected a base and a quote that differ, got ${rules.base} for both`);
  requireWord(pair, 'rules.commission', rules.commission, commissionTypes);
  if (rules.status !== undefined) requireWord(pair, 'rules.status', rules.status, tradingStatuses);
}

const commissionTypes = Object.keys({
  ...{ quote: true, base: true, received: true },
} satisfies Record<CommissionType, true>);

const tradingStatuses = Object.keys({
  ...{ trading: true, 'cancel-only': true, halted: true },
} satisfies Record<TradingStatus, true>);

const textRules = [
  ...(['symbol', 'base', 'quote', 'tickSize', 'lotSize', 'minNotional', 'maxNotional'] as const),
  ...(['minSize', 'maxSize', 'reserveRate'] as const),
];

function profiled(pair: PairProfile, index: number): PairProfile {
  const { rules } = requireFields(`pairs[${index}]`, pair, invalid);
  requireFields(`pairs[${index}].rules`, rules, invalid);
  return pair;
}

function requireText(pair: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw invalid(`${pair}, ${name}: expected text that is not empty, got ${shownBeside(value, 'text')}`);
}

function requireWord(pair: string, name: string, value: unknown, words: readonly string[]): void {
  if (typeof value === 'string' && words.includes(value)) return;
  const expected = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  throw invalid(`${pair}, ${name}: expected ${expected}, got ${shownBeside(value, 'text')}`);
}

function profileOf([
  symbol,
  homeTicks,
  priceDigits,
  sizeDigits,
  activity,
  volatility,
  volume,
]: Row): PairProfile {
  const [base = '', quote = ''] = symbol.split('/');
  const { level = 1, least = '0', most = '1000000' } = quotes[quote] ?? {};
  // Parsed, a power of ten is exact.
  const scale = Number(`1e${priceDigits + sizeDigits}`);
  const lotsFor = (worth: number): number => Math.max(2, Math.floor((worth * scale) / homeTicks));
  const rules: InstrumentRules = {
    ...{ symbol, base, quote, tickSize: unitText(priceDigits), lotSize: unitText(sizeDigits) },
    ...{ minNotional: least, maxNotional: most, minSize: '0.000000001', maxSize: '1000000000' },
    ...{ commission: commissions[symbol] ?? 'quote', reserveRate: quote === 'USDT' ? '0.001' : '0.002' },
  };
  return {
    ...{ symbol, rules, homeTicks, activity, volatility },
    ...{ lotsPerDay: lotsFor(volume), typicalLots: lotsFor(level) },
  };
}

function unitText(digits: number): string {
  return digits === 0 ? '1' : `0.${'1'.padStart(digits, '0')}`;
}

function invalid(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'pairs', message });
}
