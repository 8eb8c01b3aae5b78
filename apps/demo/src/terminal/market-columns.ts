import type { Decimal } from '@venuekit/connector-core';
import type { PairRow, RowState } from '../view-model.ts';
import { type Symbols, styleOfState } from './palette.ts';
import type { Cell, Column } from './table.ts';

/** Room for prices if all are short, and if some are long; `0.000112528` has eleven characters. */
const [usualPriceWidth, longestPriceWidth] = [11, 14];

/** Wide enough for the longest price alone; a common line for all decimal points is worth no more than that. */
function priceWidth(cells: readonly Cell[]): number {
  const longest = Math.max(usualPriceWidth, ...cells.map((cell) => cell.text.length));
  return Math.min(longest, longestPriceWidth);
}

/** Pair names, cut where they are very long. */
export function pairColumn(rows: readonly PairRow[]): Column {
  const cells = rows.map((row) => ({ text: row.pair, style: 'strong' as const }));
  return { title: 'pair', shortTitle: 'pair', align: 'left', minWidth: 8, maxWidth: 14, cells };
}

/** Best prices of one side. */
export function priceColumn(side: 'bid' | 'ask', rows: readonly PairRow[], symbols: Symbols): Column {
  const cells = rows.map((row) => ({ text: priceText(row[side], row.priceDecimals, symbols) }));
  return { title: side, shortTitle: side, align: 'point', maxWidth: priceWidth(cells), cells };
}

/** What lies between the best prices, as a share of their middle. */
export function spreadColumn(rows: readonly PairRow[], symbols: Symbols): Column {
  const cells = rows.map((row) => spreadCell(row, symbols));
  return { title: 'spread', shortTitle: 'spr', align: 'right', maxWidth: 7, minShortWidth: 5, cells };
}

/** Prices of the last trades, with the side of the taker. */
export function lastTradeColumn(rows: readonly PairRow[], symbols: Symbols): Column {
  const cells = rows.map(({ lastTrade, priceDecimals }): Cell => {
    if (lastTrade === undefined) return { text: symbols.none, style: 'muted', suffix: ' ' };
    const bought = lastTrade.side === 'buy';
    return {
      text: priceText(lastTrade.price, priceDecimals, symbols),
      style: bought ? 'good' : 'bad',
      suffix: bought ? symbols.buy : symbols.sell,
    };
  });
  return { title: 'last', shortTitle: 'last', align: 'point', maxWidth: priceWidth(cells), cells };
}

/** States of the books; `steady` keeps room for the longest one, so that nothing moves when a book resyncs. */
export function stateColumn(rows: readonly PairRow[], steady: boolean): Column {
  const cells = rows.map(({ state }) => ({
    text: state,
    short: shortState(state),
    style: styleOfState(state),
  }));
  const widths = steady ? { minWidth: 'resyncing'.length, minShortWidth: 'opening'.length } : {};
  return { title: 'book', shortTitle: 'book', align: 'left', ...widths, maxWidth: 9, cells };
}

/** Counts of one kind. */
export function countColumn(
  titles: { readonly title: string; readonly shortTitle: string },
  counts: readonly number[],
  minShortWidth = 3,
): Column {
  const cells = counts.map((count) => ({ text: countText(count, 100_000), short: countText(count, 10_000) }));
  return { ...titles, align: 'right', minShortWidth, maxWidth: 6, cells };
}

function shortState(state: RowState): string {
  return state === 'resyncing' ? 'resync' : state;
}

/** A count in full below `limit`, in thousands and millions from there on. */
export function countText(count: number, limit: number): string {
  if (count < limit) return String(count);
  if (count < 1_000_000) return `${Math.floor(count / 1_000)}k`;
  const millions = count / 1_000_000;
  return millions < 100 ? `${millions.toFixed(1)}M` : `${Math.floor(millions)}M`;
}

/** A price with the digits of its market, so that a column reads evenly; never rounded. */
export function priceText(price: Decimal | undefined, decimals: number, symbols: Symbols): string {
  if (price === undefined) return symbols.none;
  return price.toFixed(Math.max(decimals, price.decimalPlaces()));
}

function spreadCell({ bid, ask }: PairRow, symbols: Symbols): Cell {
  const sum = bid !== undefined && ask !== undefined ? ask.plus(bid) : undefined;
  if (bid === undefined || ask === undefined || sum === undefined || sum.isZero())
    return { text: symbols.none };
  const percent = ask.minus(bid).times('200').dividedBy(sum, { decimalPlaces: 6, rounding: 'half-even' });
  const shown = (digits: number): string => `${percent.toFixed(digits)}%`;
  if (!percent.abs().lessThan('10')) return { text: shown(1), short: shown(0) };
  return { text: shown(percent.abs().lessThan('1') ? 3 : 2), short: shown(2) };
}
