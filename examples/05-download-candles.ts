/**
 * Downloads candles page by page, shows how far it has come on stderr, and writes them as CSV to stdout. What could not be
 * learned is said at the end; it is not filled with something.
 */
import {
  addIntervalsMs,
  type CandleQuery,
  type CandleSeries,
  type CandlesConnector,
  intervalStartMs,
  type TimeRange,
} from '@venuekit/connector-core';
import { type CandleInput, createCandleSeries, createCandles } from '@venuekit/connector-kit/candles';
import { createConnectorLife } from '@venuekit/connector-kit/connector';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';

/** Downloads what was asked for. */
async function download(venue: CandlesConnector, query: CandleQuery): Promise<void> {
  const pages = venue.candles.fetchCandles({
    ...query,
    onProgress: ({ fraction }) => process.stderr.write(`\r${Math.round(fraction * 100)} %`),
  });
  console.log('open time,open,high,low,close,volume');
  for await (const page of pages) {
    for (const { openTimeMs, open, high, low, close, volume } of page) {
      console.log([new Date(openTimeMs).toISOString(), open, high, low, close, volume].join(','));
    }
    for (const { fromMs, toMs } of page.missing) {
      console.log(
        `# nothing is known from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`,
      );
    }
  }
  process.stderr.write('\n');
}

const hourMs = 3_600_000;

/** A venue that remembers a candle for every hour of one pair, but nothing of the hours from three to five of each day. */
function createMemoryCandles(): CandlesConnector {
  const runtime = createSystemRuntime();
  const capabilities = { intervals: ['1h'], live: 'none', pageSize: 24 } as const;

  function readPage(fromMs: number, toMs: number): CandleSeries {
    const candles: CandleInput[] = [];
    const missing: TimeRange[] = [];
    for (let openTimeMs = fromMs; openTimeMs < toMs; openTimeMs += hourMs) {
      const hour = (openTimeMs / hourMs) % 24;
      const price = String(100 + hour);
      const prices = { open: price, high: `${price}.5`, low: price, close: `${price}.25` };
      if (hour === 3 || hour === 4) missing.push({ fromMs: openTimeMs, toMs: openTimeMs + hourMs });
      else candles.push({ openTimeMs, ...prices, volume: '1.5' });
    }
    return createCandleSeries({ pair: 'GOLD-COIN', interval: '1h', candles, missing });
  }

  async function* readPages(query: CandleQuery): AsyncIterable<CandleSeries> {
    const { interval, fromMs = 0, toMs = runtime.clock.now(), limit, onProgress } = query;
    const newestMs = limit === undefined ? fromMs : addIntervalsMs(interval, toMs - 1, 1 - limit);
    const startMs = intervalStartMs(interval, Math.max(fromMs, newestMs));
    let [nextMs, candles, requests] = [startMs, 0, 0];
    do {
      const endMs = Math.min(addIntervalsMs(interval, nextMs, capabilities.pageSize), toMs);
      const page = readPage(nextMs, endMs);
      [nextMs, candles, requests] = [endMs, candles + page.length, requests + 1];
      onProgress?.({ candles, requests, fraction: (endMs - startMs) / (toMs - startMs) });
      yield page;
    } while (nextMs < toMs);
  }

  const life = createConnectorLife({ runtime, venue: 'memory', connect: async () => {}, close: () => {} });
  return life.connectorWith({
    capabilities: { candles: capabilities },
    candles: createCandles({ venue: 'memory', capabilities, readPages }),
  });
}

const venue = createMemoryCandles();
await venue.connect();
const [fromMs, toMs] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 4)];
await download(venue, { pair: 'GOLD-COIN', interval: '1h', fromMs, toMs });
await venue.close();
