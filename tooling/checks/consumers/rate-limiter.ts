// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import { createRateLimiter, isLimitError, type LimitDefinition } from '@venuekit/rate-limiter';
// @boundaries-ignore somebody else's program, who has installed the package
import { createRedisRateLimiter } from '@venuekit/rate-limiter/redis';

/** Keeps two limits at once, and is told what is wrong with a definition. */
async function main(): Promise<void> {
  const limits = [
    { id: 'all', windows: [{ capacity: 2, windowMs: 60_000 }] },
    { id: 'order', links: [{ id: 'all' }] },
  ] as const satisfies readonly LimitDefinition[];
  const limiter = createRateLimiter({ limits });
  assert.equal(await limiter.run('order', () => 'sent'), 'sent');
  assert.ok(limiter.tryAcquire('all'));
  assert.equal(limiter.tryAcquire('order'), undefined);
  const deadlineMs = limiter.now() + 5;
  await assert.rejects(
    limiter.acquire('order', { deadlineMs }),
    (error) => isLimitError(error) && error.code === 'deadline',
  );
  limiter.close();
  const noClient = {} as Parameters<typeof createRedisRateLimiter>[0]['client'];
  assert.throws(
    () => createRedisRateLimiter({ limits, client: noClient, keyPrefix: 'x', whenAway: 'refuse' }),
    /client: expected a client of ioredis or redis/,
  );
  console.log('used');
}

void main();
