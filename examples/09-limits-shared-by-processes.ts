/**
 * Shares one limit between processes through Redis. Needs a server: `redis-server --port 6379`, or the port as the first argument. Start
 * it several times: together they stay within ten requests a second, in turn.
 */
import { createRedisRateLimiter } from '@venuekit/rate-limiter/redis';
import { Redis } from 'ioredis';

const [port = '6379', count = '20'] = process.argv.slice(2);
const client = new Redis(Number(port));
client.on('error', () => {}); // The limiter says what it means for requests.

const limiter = createRedisRateLimiter({
  client,
  keyPrefix: 'example:my-address',
  // Two of these run, so each may use half while the store is away.
  whenAway: { sharePercent: 50 },
  limits: [{ id: 'all', windows: [{ capacity: 10, windowMs: 1_000 }] }],
});

for (let number = 1; number <= Number(count); number += 1) {
  await limiter.run('all', () => console.log(`request ${number}`));
}
limiter.close();
await client.quit();
