/**
 * Keeps the limits of an exchange that weighs requests: so much weight a minute for an address, so many orders in ten seconds and in a
 * day for an account. A request goes out when all of them have room for it. The replies tell what the exchange itself has counted, and
 * a refusal closes the address for as long as it says.
 */
import { createRateLimiter, type Grant, isLimitError } from '@venuekit/rate-limiter';

const limiter = createRateLimiter({
  limits: [
    { id: 'weight', scope: 'ip', windows: [{ capacity: 6_000, windowMs: 60_000 }] },
    {
      id: 'orders',
      scope: 'account',
      windows: [
        { capacity: 100, windowMs: 10_000 },
        { capacity: 200_000, windowMs: 86_400_000 },
      ],
    },
    { id: 'depth', weight: 250, links: [{ id: 'weight' }] },
    { id: 'place-order', links: [{ id: 'weight', weight: 1 }, { id: 'orders' }] },
    { id: 'place-orders', links: [{ id: 'weight', weight: 1 }, { id: 'orders' }] },
  ],
});

/** What a client for the exchange would do around each of its requests. */
async function request(path: string, grant: Grant): Promise<number> {
  grant.sent();
  const { status, headers } = await exchange(path);
  grant.replied();
  if (status === 200) {
    limiter.report('weight', Number(headers['x-used-weight']), { sentAtMs: grant.sentAtMs });
  } else {
    const untilMs = limiter.now() + Number(headers['retry-after']) * 1_000;
    limiter.penalise('ip', untilMs, `HTTP ${status} for ${path}`);
  }
  return status;
}

console.log('depth', await limiter.run('depth', (grant) => request('/depth?limit=5000', grant)));
// Five orders in one request: one unit of weight, five orders.
console.log('orders', await limiter.run('place-orders', (grant) => request('/orders', grant), { weight: 5 }));
console.log('refused', await limiter.run('place-order', (grant) => request('/order?banned', grant)));
try {
  const options = { lane: 'place', whenPenalised: 'refuse' } as const;
  await limiter.run('place-order', (grant) => request('/order', grant), options);
} catch (error) {
  if (!isLimitError(error)) throw error;
  console.log(`${error.code}, again in ${Math.ceil((error.retryAfterMs ?? 0) / 1_000)} s`);
}
for (const { id, windows } of limiter.usage().limits) {
  for (const { used, capacity, windowMs } of windows)
    console.log(`${id}: ${used} of ${capacity} in ${windowMs / 1_000} s`);
}
limiter.close();

/** Stands in for the exchange: another program on the same address has used 300 of the weight. */
async function exchange(path: string) {
  const headers: Record<string, string> = { 'x-used-weight': path.startsWith('/depth') ? '550' : '551' };
  return path.endsWith('?banned')
    ? { status: 429, headers: { 'retry-after': '30' } as Record<string, string> }
    : { status: 200, headers };
}
