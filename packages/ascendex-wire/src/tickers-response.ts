import {
  type BookLevel,
  type Decimal,
  decimal,
  type Ticker,
  type VenueError,
} from '@venuekit/connector-core';
import { readSide } from './book-levels.ts';
import { readAmount, readEach, readRecord, readText, type WirePlace } from './wire-fields.ts';

/** A summary of the last 24 hours. What the venue left out or sent empty is `undefined`. */
export interface TickerResponse extends Omit<Ticker, 'pair' | 'receivedAtMs' | 'raw'> {
  /** Venue symbol. */
  readonly symbol: string;
}

/** What {@link decodeTickers} gives. */
export interface TickersContent {
  /** In the venue's order. */
  readonly tickers: readonly TickerResponse[];
  /** One `protocol` error for each ticker that could not be read; the others are in `tickers`. */
  readonly refused: readonly VenueError[];
}

/**
 * Reads the `data` of the ticker endpoint: a list, or one object when one symbol was asked for.
 *
 * Source: docs, "Ticker"; volume is in base, as the docs say since March 2025.
 */
export function decodeTickers(data: unknown): TickersContent {
  const { items, refused } = readEach(Array.isArray(data) ? data : [data], readTicker);
  return { tickers: items, refused };
}

function readTicker(value: unknown, index: number): TickerResponse {
  const list: WirePlace = { operation: 'decodeTickers', subject: 'tickers' };
  const ticker = readRecord(value, `data[${index}]`, list);
  const symbol = readText(ticker.symbol, `data[${index}].symbol`, list);
  const place: WirePlace = { operation: 'decodeTickers', subject: `ticker of ${symbol}` };
  const number = (field: string): Decimal | undefined => readOptional(ticker[field], field, place);
  return {
    symbol,
    open: number('open'),
    high: number('high'),
    low: number('low'),
    last: number('close'),
    volume: number('volume'),
    bid: readBest(ticker.bid, 'bid', place),
    ask: readBest(ticker.ask, 'ask', place),
  };
}

function readOptional(value: unknown, field: string, place: WirePlace): Decimal | undefined {
  return isAbsent(value) ? undefined : decimal(readAmount(value, field, place));
}

function readBest(value: unknown, field: string, place: WirePlace): BookLevel | undefined {
  // An empty side of a quiet market can be a pair of zeros: a price of zero is no price.
  if (Array.isArray(value) && value.every((part) => isAbsent(part) || Number(part) === 0)) return undefined;
  const level = readSide(value, field, place);
  return level && { price: decimal(level[0]), amount: decimal(level[1]) };
}

/** The three ways in which the venue says that there is no value. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 'NULL_VAL';
}
