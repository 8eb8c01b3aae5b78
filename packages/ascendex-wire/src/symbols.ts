import type { Instrument, Pair } from '@venuekit/connector-core';
import { VenueError } from '@venuekit/connector-core';
import { venueId } from './venue.ts';

/** A venue symbol taken apart. */
export interface SymbolParts {
  readonly base: string;
  readonly quote: string;
  readonly pair: Pair;
}

/** The way between the venue's symbols and our pairs. It knows what the product list names and nothing else. */
export interface SymbolMap {
  /** How many markets there are. */
  readonly size: number;
  /** Our pair of a venue symbol, or `undefined`. */
  pairOf(venueSymbol: string): Pair | undefined;
  /** The venue symbol of our pair, or `undefined`. */
  symbolOf(pair: Pair): string | undefined;
  /** One `protocol` error for each instrument whose pair or symbol is not its own; none of those is in the map. */
  readonly refused: readonly VenueError[];
}

/** A name that can stand in a channel and in a pair: no blank, comma, colon or star. */
const spotSymbol = /^([^\s/,:*]+)\/([^\s/,:*]+)$/;

/** True if a symbol of the product list is of the spot market: those have a `/`, perpetuals (`BTC-PERP`) do not. */
export function isSpotSymbol(venueSymbol: string): boolean {
  return venueSymbol.includes('/');
}

/**
 * Base, quote and pair of a symbol from the product list; `undefined` if it is not of the form `BASE/QUOTE`. Only for building
 * a list of instruments: everywhere else symbols are looked up in a {@link SymbolMap}.
 */
export function splitVenueSymbol(venueSymbol: string): SymbolParts | undefined {
  const [, base, quote] = spotSymbol.exec(venueSymbol) ?? [];
  return base === undefined || quote === undefined ? undefined : { base, quote, pair: `${base}-${quote}` };
}

/**
 * Builds the map of a list of instruments. An asset's code may contain a `-`, so two symbols can give one pair (`A-B/C` and
 * `A/B-C`): which of them is meant nobody can tell, so neither is in the map. A symbol listed twice counts once.
 */
export function createSymbolMap(instruments: Iterable<Pick<Instrument, 'pair' | 'venueSymbol'>>): SymbolMap {
  const symbols = new Map<Pair, string>();
  const pairs = new Map<string, Pair>();
  const ambiguous = new Map<Pair, Set<string>>();
  const refused: VenueError[] = [];
  for (const { pair, venueSymbol } of instruments) {
    if (pairs.has(venueSymbol)) {
      refused.push(collision(`${venueSymbol}: expected each symbol once, got it again`));
      continue;
    }
    pairs.set(venueSymbol, pair);
    const other = symbols.get(pair);
    if (other === undefined) symbols.set(pair, venueSymbol);
    else ambiguous.set(pair, (ambiguous.get(pair) ?? new Set([other])).add(venueSymbol));
  }
  for (const [pair, rivals] of ambiguous) {
    symbols.delete(pair);
    for (const rival of rivals) pairs.delete(rival);
    refused.push(collision(`${pair}: expected one symbol, got ${[...rivals].join(' and ')}; none is used`));
  }
  return {
    size: pairs.size,
    pairOf: (venueSymbol) => pairs.get(venueSymbol),
    symbolOf: (pair) => symbols.get(pair),
    refused,
  };
}

function collision(message: string): VenueError {
  return new VenueError({ code: 'protocol', venue: venueId, operation: 'createSymbolMap', message });
}
