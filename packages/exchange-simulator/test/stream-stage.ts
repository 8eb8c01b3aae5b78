import { createAscendexDialect } from '../src/dialect/ascendex/ascendex-dialect.ts';
import type { StreamConnection } from '../src/dialect/dialect.ts';
import { createFaultControl, type FaultControl } from '../src/faults/fault-control.ts';
import type { Market } from '../src/market/market.ts';
import type { ProductRecord } from '../src/market/product.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { type Counters, createCounters } from '../src/stats.ts';
import { createSyntheticMarket } from '../src/synthetic/synthetic-market.ts';
import { createVirtualTime, type VirtualTime } from '../src/synthetic/virtual-time.ts';

export const product: ProductRecord = {
  symbol: 'A/B',
  displayName: 'A/B',
  baseAsset: 'A',
  quoteAsset: 'B',
  status: 'Normal',
  minNotional: '1',
  maxNotional: '2',
  marginTradable: false,
  commissionType: 'Quote',
  commissionReserveRate: '0',
  tickSize: '1',
  lotSize: '1',
};

/** A client without a socket. */
export interface StageClient {
  readonly stream: StreamConnection;
  /** What came; a close and a cut are entries, too. */
  readonly log: string[];
  /** What the client has not read, as its socket would tell. */
  unread: number;
}

/** Streams over a market in virtual time. */
export interface Stage extends StageClient {
  readonly time: VirtualTime;
  readonly faults: FaultControl;
  readonly counters: Counters;
  readonly market: Market;
  /** Another client. */
  open(): StageClient;
}

export function stage(make: (time: VirtualTime) => Market): Stage {
  const time = createVirtualTime(0);
  const market = make(time);
  const random = createSeededRandom('stage');
  const faults = createFaultControl({ market, ...time, random, dropAll: () => {}, speed: 4 });
  const counters = createCounters();
  const dialect = createAscendexDialect({ market, faults, counters, ...time });
  const open = (): StageClient => {
    const log: string[] = [];
    const reading = { unread: 0 };
    const stream = dialect.openStream({
      send: (text) => void log.push(text),
      pong: () => void log.push('pong'),
      cut: () => void log.push('cut'),
      close: (code) => void log.push(`close ${code}`),
      get bufferedBytes() {
        return reading.unread;
      },
    });
    return Object.assign(reading, { log, stream });
  };
  return Object.assign(open(), { time, faults, counters, market, open });
}

export const synthetic = (time: VirtualTime): Market => createSyntheticMarket({ seed: 1, pairs: 2 }, time);
