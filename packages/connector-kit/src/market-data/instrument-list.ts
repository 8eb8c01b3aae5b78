import { type Instrument, type Instruments, type Pair, VenueError } from '@venuekit/connector-core';

const mostSuggestions = 3;

/** The instruments of a venue, in its order, looked up by pair. */
export function createInstruments(venue: string, list: readonly Instrument[]): Instruments {
  const byPair = new Map(list.map((instrument) => [instrument.pair, instrument]));
  const require = (pair: Pair): Instrument => {
    const found = byPair.get(pair);
    if (found !== undefined) return found;
    throw new VenueError({
      code: 'market-unavailable',
      venue,
      operation: 'instruments',
      message: `expected a listed pair, got ${JSON.stringify(pair)}${suggestion(pair, [...byPair.keys()])}`,
    });
  };
  return {
    size: byPair.size,
    get: (pair) => byPair.get(pair),
    require,
    [Symbol.iterator]: () => byPair.values(),
  };
}

function suggestion(pair: Pair, pairs: readonly Pair[]): string {
  const similar = alike(pair, pairs);
  if (similar.length > 0) return `; did you mean ${similar.join(' or ')}?`;
  return `; the venue lists ${pairs.length} pairs`;
}

/** Pairs that read the same but for case and separator, or that have the same first or second part. */
function alike(pair: Pair, pairs: readonly Pair[]): readonly Pair[] {
  const letters = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const wanted = letters(pair);
  const same = pairs.filter((known) => letters(known) === wanted);
  if (same.length > 0) return same.slice(0, mostSuggestions);
  const [base = ''] = pair.toUpperCase().split(/[^A-Z0-9]/);
  if (base === '') return [];
  return pairs.filter((known) => known.startsWith(`${base}-`)).slice(0, mostSuggestions);
}
