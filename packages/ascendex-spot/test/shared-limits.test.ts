import { startExchangeSimulator } from '@venuekit/exchange-simulator';
import { createRedisRateLimiter } from '@venuekit/rate-limiter/redis';
import { redisNeeded, startRedis } from '@venuekit/tooling-vitest/redis-server';
import { testNeeding } from '@venuekit/tooling-vitest/requirement';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { ascendexLimits, createAscendexSpot } from '../src/index.ts';

testNeeding(
  test,
  redisNeeded,
  'a connector goes live on limits that processes share, and counts there',
  async () => {
    await using redis = await startRedis();
    const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'shared limits' } });
    const client = new Redis(redis.port);
    const limiter = createRedisRateLimiter({
      ...{ client, keyPrefix: 'ascendex:test', whenAway: 'refuse' },
      limits: ascendexLimits(),
    });
    const venue = createAscendexSpot({ endpoints: simulator.endpoints, limiter });
    await venue.connect();
    const market = await venue.marketData.open('BTC-USDT');
    for await (const event of market.book)
      if (event.kind === 'book' && market.book.read().state === 'live') break;
    const used = new Map(limiter.usage().limits.map(({ id, windows }) => [id, windows[0]?.used ?? 0]));
    for (const id of ['rest', 'connects', 'sessions', 'stream-ops', 'snapshot-requests'])
      expect(used.get(id), id).toBeGreaterThan(0);
    await venue.close();
    limiter.close();
    await simulator.close();
    await client.quit();
  },
);
