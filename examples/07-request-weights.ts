/**
 * Keeps the limits of an exchange that weighs requests: so much weight a minute for an address, so many orders in ten seconds and in a
 * day for an account. A request goes out when all of them have room for it. The replies tell what the exchange itself has counted, and
 * a refusal closes the address for as long as it says.
 */
import { createRateLimiter, type Grant, isLimitError } from '@venuekit/rate-limiter';

const limiter = createRateLimiter({
  limits: [
    // Some of it is kept for cancels, whatever waits.
    {
      id: 'weight',
      scope: 'ip',
      windows: [{ capacity: 6_000, windowMs: 60_000, reserved: { cancel: 100 } }],
    },
    {
      id: 'orders',
      scope: 'account',
      windows: [
        { capacity: 100, windowMs: 10_000 },
        { capacity: 200_000, windowMs: 86_400_000 },
      ],
    },
    { id: 'depth', weight: 250, links: [{ id: 'weight' }] },
    { id: 'place-orders', links: [{ id: 'weight', weight: 1 }, { id: 'orders' }] },
    { id: 'cancel-order', links: [{ id: 'weight', weight: 1 }] },
  ],
});

/** What a client for the exchange would do around each of its requests. */
async function request(path: string, grant: Grant): Promise<number> {
  grant.sent();
  const { status, headers } = await exchange(path);
  grant.replied();
  const used = Number(headers['x-used-weight']);
  if (used >= 0) limiter.report('weight', used, { sentAtMs: grant.sentAtMs });
  if (status === 429 || status === 418) {
    // Where it does not say for how long, a minute: the window of the weight.
    const waitMs = Number(headers['retry-after'] ?? 60) * 1_000;
    limiter.penalise('ip', limiter.now() + waitMs, `HTTP ${status} for ${path}`);
  }
  return status;
}

console.log('depth', await limiter.run('depth', (grant) => request('/depth?limit=5000', grant)));
// Five orders in one request: one unit of weight, five orders.
const place = { lane: 'place', weight: 5 } as const;
console.log('orders', await limiter.run('place-orders', (grant) => request('/orders', grant), place));
const cancel = { lane: 'cancel' } as const;
console.log(
  'refused',
  await limiter.run('cancel-order', (grant) => request('/cancel?banned', grant), cancel),
);
try {
  const options = { ...place, whenPenalised: 'refuse' } as const;
  await limiter.run('place-orders', (grant) => request('/orders', grant), options);
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
  const refused = { status: 429, headers: { 'retry-after': '30' } as Record<string, string> };
  const used = path.startsWith('/depth') ? '550' : '551';
  return path.endsWith('?banned') ? refused : { status: 200, headers: { 'x-used-weight': used } };
}
