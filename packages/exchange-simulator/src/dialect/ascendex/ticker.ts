import type { Level, Market, TradeSummary } from '../../market/market.ts';

/** A summary of a symbol; what the market does not know is absent. */
export interface AscendexTicker extends TradeSummary {
  readonly symbol: string;
  readonly type: 'spot';
  readonly ask?: Level;
  readonly bid?: Level;
}

/** The ticker of a symbol that has a market. */
export function readTicker(market: Market, symbol: string): AscendexTicker {
  const book = market.book(symbol, 1);
  const [ask] = book?.asks ?? [];
  const [bid] = book?.bids ?? [];
  return {
    symbol,
    ...inOrder(market.summary(symbol)),
    ...(ask === undefined ? {} : { ask }),
    ...(bid === undefined ? {} : { bid }),
    type: 'spot',
  };
}

/** In the order in which the venue names them. */
function inOrder({ open, close, ...others }: TradeSummary): TradeSummary {
  return { ...(open === undefined ? {} : { open }), ...(close === undefined ? {} : { close }), ...others };
}
