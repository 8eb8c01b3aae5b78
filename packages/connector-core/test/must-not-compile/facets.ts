import type { CandlesConnector, Connector, MarketDataConnector, SpotConnector } from '../../src/index.ts';

declare const anyConnector: Connector;
declare const dataOnly: MarketDataConnector;
declare const spot: SpotConnector;
declare const candlesOnly: CandlesConnector;

// A facet that a connector does not have.
// error TS2339: 'trading' does not exist on type 'MarketDataConnector'
void dataOnly.trading.cancelAll();
// error TS2339: 'marketData' does not exist on type 'CandlesConnector'
candlesOnly.marketData.instruments.size;
// error TS2339: 'candles' does not exist on type 'SpotConnector<
spot.candles.fetchCandles({ pair: 'BTC-USDT', interval: '1h' });

// A connector without the facet where one with it is needed.
// error TS2739: missing the following properties from type 'SpotConnector<
const wrong: SpotConnector = anyConnector;

// The same facets, where they are.
void spot.trading.cancelAll();
const enough: MarketDataConnector = spot;
void [wrong, enough];
