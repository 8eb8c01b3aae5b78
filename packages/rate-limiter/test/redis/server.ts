export { redisNeeded, startRedis, type TestRedis } from '@venuekit/tooling-vitest/redis-server';
