/**
 * A limiter in operation: somebody watches what is used and who waits, the exchange halves a limit while requests wait, and at the
 * end all of them are waited for.
 */
import { createRateLimiter } from '@venuekit/rate-limiter';

const limitsOf = (capacity: number) => [{ id: 'query', windows: [{ capacity, windowMs: 200 }] }];
const limiter = createRateLimiter({ allowanceMs: 10, limits: limitsOf(10) });
const show = () => {
  const { limits, waiting } = limiter.usage();
  const window = limits[0]?.windows[0];
  console.log(`${window?.used} of ${window?.capacity} used, ${waiting.all} wait`);
};

let most = 0;
using _dashboard = limiter.watch(({ waiting }) => (most = Math.max(most, waiting.all)), { everyMs: 20 });
const sent: number[] = [];
for (let at = 0; at < 30; at += 1) void limiter.run('query', () => sent.push(at));
show();

limiter.setLimits(limitsOf(5));
show();

await limiter.drain();
limiter.close();
console.log(`${sent.length} sent, ${sent.every((number, at) => number === at) ? 'in order' : 'in disorder'}`);
console.log(`at most ${most} waited`);
