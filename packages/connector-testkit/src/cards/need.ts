import type {
  CandlesCapabilities,
  Capabilities,
  Interval,
  MarketDataCapabilities,
  OrderType,
  StreamName,
  TimeInForce,
  TradingCapabilities,
} from '@venuekit/connector-core';

/** Something that a connector may claim, as a path into its capabilities. */
export type Need =
  | 'marketData'
  | `marketData.streams.${StreamName}`
  | `marketData.fetches.${MarketDataCapabilities['fetches'][number]}`
  | `marketData.bookIntegrity.${MarketDataCapabilities['bookIntegrity']}`
  | 'trading'
  | `trading.orderTypes.${OrderType}`
  | `trading.timeInForce.${TimeInForce}`
  | `trading.fetches.${TradingCapabilities['fetches'][number]}`
  | 'candles'
  | `candles.intervals.${Interval}`
  | `candles.live.${CandlesCapabilities['live']}`;

/** True if a connector with these capabilities claims it. */
export function isClaimed(capabilities: Capabilities, need: Need): boolean {
  const [facet, field, value] = need.split('.');
  const record = capabilities[facet as keyof Capabilities] as Readonly<Record<string, unknown>> | undefined;
  if (record === undefined || field === undefined) return record !== undefined;
  const claimed = record[field];
  return Array.isArray(claimed) ? claimed.includes(value) : claimed === value;
}

/** Everything that a connector claims, one path for each thing, in the order of its record. */
export function claimsOf(capabilities: Capabilities): readonly Need[] {
  return Object.entries(capabilities).flatMap(([facet, record]) => {
    const lists = Object.entries(record as object).filter(([field]) => listed.has(field));
    const inside = lists.flatMap(([field, values]) =>
      (values as readonly string[]).map((value) => `${facet}.${field}.${value}`),
    );
    return [facet, ...inside] as Need[];
  });
}

/** Fields of capabilities that list what there is; the others say how it is done. */
const listed: ReadonlySet<string> = new Set(['streams', 'fetches', 'orderTypes', 'timeInForce', 'intervals']);
