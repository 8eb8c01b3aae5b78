import type { CandlesConnector, Connector, MarketDataConnector, TradingConnector } from './connector.ts';

/** True if a connector has market data. */
export function hasMarketData(connector: Connector): connector is MarketDataConnector {
  return connector.capabilities.marketData !== undefined;
}

/** True if a connector trades. Which types of orders it takes is in its capabilities. */
export function hasTrading(connector: Connector): connector is TradingConnector<never> {
  return connector.capabilities.trading !== undefined;
}

/** True if a connector has candles. */
export function hasCandles(connector: Connector): connector is CandlesConnector {
  return connector.capabilities.candles !== undefined;
}
