/**
 * Limits by type of order, below one limit of all of them, with room that is kept for cancels. Each type goes in its own order; a
 * cancel goes first; and market orders, which have to wait for long, do not hold up the others meanwhile.
 */
import { createRateLimiter } from '@venuekit/rate-limiter';

const limiter = createRateLimiter({
  allowanceMs: 20,
  limits: [
    { id: 'trading', windows: [{ capacity: 12, windowMs: 500, reserved: { cancel: 2 } }] },
    { id: 'limit', windows: [{ capacity: 8, windowMs: 500 }], links: [{ id: 'trading' }] },
    { id: 'market', windows: [{ capacity: 3, windowMs: 2_000 }], links: [{ id: 'trading' }] },
    { id: 'cancel', links: [{ id: 'trading' }] },
  ],
});

const start = limiter.now();
const sent: { kind: string; number: number; atMs: number }[] = [];
const send = (kind: string, number: number) => () => {
  sent.push({ kind, number, atMs: limiter.now() - start });
};
const orders = Array.from({ length: 20 }, (_, number) => [
  ...(number < 6 ? [limiter.run('market', send('market', number), { lane: 'place' })] : []),
  limiter.run('limit', send('limit', number), { lane: 'place' }),
]);
const cancel = limiter.run('cancel', send('cancel', 0), { lane: 'cancel' });
console.log(`${sent.length} went at once, ${limiter.usage().waiting.all} wait`);

await Promise.all([...orders.flat(), cancel]);
for (const kind of ['limit', 'market', 'cancel']) {
  const own = sent.filter((order) => order.kind === kind);
  const inOrder = own.every(({ number }, at) => number === at);
  console.log(
    `${kind}: ${own.length} in ${inOrder ? 'order' : 'disorder'}, the last after ${roundMs(own.at(-1)?.atMs)} ms`,
  );
}
limiter.close();

function roundMs(ms = 0): number {
  return Math.round(ms / 100) * 100;
}
