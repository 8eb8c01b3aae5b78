import { decimal, type Side } from '@venuekit/connector-core';
import type { PairRow, RunView } from '../src/view-model.ts';

/** A row with what matters to a test; the rest is a quiet live book. */
export function exampleRow(pair: string, bid: string, ask: string, more: Partial<PairRow> = {}): PairRow {
  const bidPrice = decimal(bid);
  const askPrice = decimal(ask);
  return {
    pair,
    state: 'live',
    priceDecimals: Math.max(bidPrice.decimalPlaces(), askPrice.decimalPlaces()),
    bid: bidPrice,
    ask: askPrice,
    lastTrade: undefined,
    applied: 123,
    dropped: 1,
    gaps: 0,
    resyncs: 0,
    trades: 0,
    ...more,
  };
}

/** A last trade. */
export function exampleTrade(price: string, side: Side): NonNullable<PairRow['lastTrade']> {
  return { price: decimal(price), side };
}

/** Ten markets whose prices span nine orders of magnitude. */
export const tenRows: readonly PairRow[] = [
  exampleRow('CHZ-USDT', '0.626579', '0.636898', { lastTrade: exampleTrade('0.6248', 'sell') }),
  exampleRow('SRM-BTC', '0.00011224', '0.000112528', { state: 'live' }),
  exampleRow('EGLD-USDT', '209.1829', '216.8294', { applied: 12_345 }),
  exampleRow('ZIG-USDT', '0.097014', '0.097499'),
  exampleRow('ALTBULL-USDT', '1403.8', '1442.7', { gaps: 12, resyncs: 12 }),
  exampleRow('NEO-USDT', '94.533', '94.875', { lastTrade: exampleTrade('94.595', 'buy') }),
  exampleRow('XDAI-USDT', '1.0004', '1.0067'),
  exampleRow('CHR-USDT', '0.37128', '0.37328', { state: 'resyncing', bid: undefined, ask: undefined }),
  exampleRow('ROOM-USDT', '1.9195', '1.9199', { state: 'stale', bid: undefined, ask: undefined }),
  exampleRow('DIVI-USDT', '0.05867', '0.05912'),
];

/** A run with these rows. */
export function exampleView(rows: readonly PairRow[], more: Partial<RunView> = {}): RunView {
  return {
    venue: 'ascendex',
    source: 'replay of spot-ws-2021-04-17.txt, speed 1',
    connection: 'live',
    elapsedMs: 12_345,
    rows,
    events: [],
    ...more,
  };
}
