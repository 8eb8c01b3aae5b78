import {
  type CandlesConnector,
  createVenueRegistry,
  type MarketDataConnector,
  type SpotConnector,
  type VenueInfo,
} from '../../src/index.ts';

declare const info: VenueInfo;
declare const makeData: (options: { readonly restUrl: string }) => MarketDataConnector;
declare const makeCandles: (options: { readonly pageSize: number }) => CandlesConnector;
declare const makePaper: (
  makeInner: unknown,
  options: { readonly balances: Readonly<Record<string, string>> },
) => SpotConnector;
declare const name: string;

const registry = createVenueRegistry([
  { id: 'gold', aliases: ['au'], info, spot: makeData },
  { id: 'bars', aliases: [], info, candles: makeCandles },
  { id: 'paper', aliases: [], info, wrap: { suffix: '_paper_trade', spot: makePaper } },
]);
const restUrl = 'http://gold.test';

// Options that are missing, or of another venue.
// error TS2554: Expected 2 arguments, but got 1
registry.spot('gold');
// error TS2353: 'pageSize' does not exist in type '{ readonly restUrl: string; }'
registry.spot('gold', { pageSize: 1 });
// error TS2345: Property 'balances' is missing
registry.spot('gold_paper_trade', { connector: { restUrl } });
// error TS2322: Type 'number' is not assignable to type 'string'
registry.spot('au_paper_trade', { balances: {}, connector: { restUrl: 1 } });
// A name that no plugin has, and one without that facet.
// error TS2345: is not assignable to parameter of type 'never'
registry.spot('silver', { restUrl });
// error TS2345: is not assignable to parameter of type 'never'
registry.candles('gold', { restUrl });
// The facets of what is found.
// error TS2339: 'trading' does not exist on type 'MarketDataConnector'
registry.spot('gold', { restUrl }).trading;
// error TS2339: 'trading' does not exist on type 'MarketDataConnector'
registry.spot(name, {}).trading;

// Names, aliases and suffixes are found with their own types.
const paper: SpotConnector = registry.spot('au_paper_trade', {
  balances: { COIN: '1' },
  connector: { restUrl },
});
const candles: CandlesConnector = registry.candles('bars', { pageSize: 1 });
const later: CandlesConnector = registry.candles(name, undefined);
const bare: MarketDataConnector = registry.spot(name);
void [paper, candles, later, bare];
