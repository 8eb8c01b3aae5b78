import {
  type CandleQuery,
  type CandleSeries,
  type Candles,
  type CandlesCapabilities,
  type Clock,
  type Interval,
  VenueError,
} from '@venuekit/connector-core';
import { createCandleDownload } from './candle-download.ts';

/** What a candles facet is made of. What is left out rejects with code `unsupported`. */
export interface CandlesParts {
  /** Venue id for errors. */
  readonly venue: string;
  readonly capabilities: CandlesCapabilities;
  /** Measures the deadlines of downloads. Without it `timeoutMs` is left to `readPages`. */
  readonly clock?: Pick<Clock, 'monotonic'>;
  /** Pages of what was asked for and of nothing else, oldest first, at least one. Called when the download is read, for a claimed interval only. */
  readonly readPages: (query: CandleQuery) => AsyncIterable<CandleSeries>;
  /** As `Candles.open` of the contract, for a claimed interval only. */
  readonly open?: Candles['open'];
}

/** Makes a candles facet. */
export function createCandles({ venue, capabilities, clock, readPages, open }: CandlesParts): Candles {
  const unsupported = (operation: string, expected: string, got: string) =>
    new VenueError({ code: 'unsupported', venue, operation, message: `expected ${expected}, got ${got}` });
  const claim = (operation: string, interval: Interval) => {
    const { intervals } = capabilities;
    if (!intervals.includes(interval))
      throw unsupported(operation, `one of ${intervals.join(', ')}`, interval);
  };
  return {
    fetchCandles: (query) =>
      createCandleDownload(
        async function* pages() {
          claim('fetchCandles', query.interval);
          yield* readPages(query);
        },
        { query, clock },
      ),
    open: async (subscription) => {
      subscription.signal?.throwIfAborted();
      if (open === undefined) throw unsupported('open', 'what the capabilities claim', 'live candles');
      claim('open', subscription.interval);
      return open(subscription);
    },
  };
}
