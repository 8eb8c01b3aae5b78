import { createAscendexDialect } from '../src/dialect/ascendex/ascendex-dialect.ts';
import type { StreamConnection } from '../src/dialect/dialect.ts';
import { createFaultControl, type FaultControl } from '../src/faults/fault-control.ts';
import type { Market } from '../src/market/market.ts';
import type { ProductRecord } from '../src/market/product.ts';
import { createSeededRandom } from '../src/seeded-random.ts';
import { type Counters, createCounters } from '../src/stats.ts';
import { createVirtualTime, type VirtualTime } from '../src/virtual-time.ts';
import { createWorld } from '../src/world/world.ts';

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
  const users = { users: [], find: () => undefined };
  const faults = createFaultControl({
    market,
    ...time,
    random,
    users,
    dropAll: () => {},
    speed: 4,
  });
  const counters = createCounters();
  const dialect = createAscendexDialect().open({
    ...{ market, listings: new Map(), desk: undefined, users, faults, counters, random, ...time },
  });
  const request = { path: dialect.streamPath, address: '127.0.0.1', headers: new Headers() };
  const open = (): StageClient => {
    const log: string[] = [];
    const reading = { unread: 0 };
    const stream = dialect.openStream(request, {
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

/** Traders of two pairs; their world has a past, so that it cannot begin with the epoch. */
export function synthetic({ clock, timers }: VirtualTime): Market {
  const later = { now: () => 1_700_000_000_000 + clock.now(), monotonic: clock.monotonic };
  return createWorld({ seed: 1, pairs: 2 }, { clock: later, timers }).market;
}
