import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSymbolMap, isSpotSymbol, type SymbolMap, splitVenueSymbol } from './symbols.ts';

const mapOf = (...symbols: readonly string[]): SymbolMap =>
  createSymbolMap(
    symbols.map((venueSymbol) => ({ venueSymbol, pair: splitVenueSymbol(venueSymbol)?.pair ?? '' })),
  );

test('maps both ways, with a - inside an asset too', () => {
  const map = mapOf('ASD/USDT', 'X-S/USDT', 'BTC/U-SD');
  expect(map.size).toBe(3);
  expect(map.refused).toEqual([]);
  expect(map.pairOf('X-S/USDT')).toBe('X-S-USDT');
  expect(map.symbolOf('X-S-USDT')).toBe('X-S/USDT');
  expect(map.symbolOf('BTC-U-SD')).toBe('BTC/U-SD');
  expect(map.pairOf('NOPE/USDT')).toBeUndefined();
  expect(map.symbolOf('ASD/USDT')).toBeUndefined();
  expect(map.symbolOf('constructor')).toBeUndefined();
});

test('two symbols of one pair are both left out and reported once', () => {
  const map = mapOf('A-B/C', 'ASD/USDT', 'A/B-C');
  expect(map.size).toBe(1);
  expect(map.pairOf('A-B/C')).toBeUndefined();
  expect(map.pairOf('A/B-C')).toBeUndefined();
  expect(map.symbolOf('A-B-C')).toBeUndefined();
  expect(map.refused.map(({ code, message }) => [code, message])).toEqual([
    ['protocol', '[ascendex] createSymbolMap: A-B-C: expected one symbol, got A-B/C and A/B-C; none is used'],
  ]);
});

test('a symbol listed twice counts once and is reported', () => {
  const map = mapOf('ASD/USDT', 'ASD/USDT');
  expect([map.size, map.symbolOf('ASD-USDT'), map.refused.length]).toEqual([1, 'ASD/USDT', 1]);
});

test.each(['', '/', 'A/', '/B', 'A/B/C', 'A B/C', 'A,B/C', 'A:B/C', 'A*/B', 'BTC-PERP'])(
  '%j is no pair',
  (symbol) => {
    expect(splitVenueSymbol(symbol)).toBeUndefined();
  },
);

test('what has no / is not of the spot market', () => {
  expect(isSpotSymbol('BTC-PERP')).toBe(false);
  expect(isSpotSymbol('BTC/USDT')).toBe(true);
});

test('whatever is listed: what is in the map comes back as it went in', () => {
  const asset = fc.string({ unit: fc.constantFrom('A', 'B', '-', '1'), minLength: 1, maxLength: 4 });
  const list = fc.array(
    fc.tuple(asset, asset).map((parts) => parts.join('/')),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(list, (symbols) => {
      const map = mapOf(...symbols);
      let found = 0;
      for (const symbol of new Set(symbols)) {
        const pair = map.pairOf(symbol);
        if (pair === undefined) continue;
        found += 1;
        expect(map.symbolOf(pair)).toBe(symbol);
      }
      expect(map.size).toBe(found);
      expect(found === symbols.length).toBe(map.refused.length === 0);
    }),
  );
});
