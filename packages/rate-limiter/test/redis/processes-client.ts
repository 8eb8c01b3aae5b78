import { Agent, get } from 'node:http';
import { Redis } from 'ioredis';
import { isLimitError } from '../../src/index.ts';
import { createRedisRateLimiter } from '../../src/redis/index.ts';
import { sharedAllowanceMs, sharedCapacity, sharedWindowMs } from './processes.ts';

const [client = '', redisPort = '', serverPort = ''] = process.argv.slice(2);
/** So many requests wait at any time, half of each kind. */
const waiting = 100;

const redis = new Redis(Number(redisPort));
const agent = new Agent({ keepAlive: true });
const limiter = createRedisRateLimiter({
  client: redis,
  keyPrefix: 'shared-processes',
  whenAway: 'refuse',
  allowanceMs: sharedAllowanceMs,
  limits: [
    { id: 'all', windows: [{ capacity: sharedCapacity.all, windowMs: sharedWindowMs }] },
    {
      id: 'order',
      windows: [{ capacity: sharedCapacity.order, windowMs: sharedWindowMs }],
      links: [{ id: 'all' }],
    },
    { id: 'query', links: [{ id: 'all' }] },
  ],
  observe: (event) => {
    if (event.kind === 'failure') process.send?.(String(event.error));
  },
});

function request(kind: string, sentAtMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/${kind}/${client}/${sentAtMs}`;
    const options = { host: '127.0.0.1', port: Number(serverPort), path, agent };
    get(options, (response) => {
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });
}

async function saturate(kind: 'order' | 'query'): Promise<void> {
  for (;;) {
    try {
      await limiter.run(kind, ({ sentAtMs }) => request(kind, sentAtMs));
    } catch (error) {
      // A machine that does too much at once may leave no time for a grant; who is refused asks again, and nobody has lost anything.
      if (
        isLimitError(error) &&
        error.code === 'unavailable' &&
        /more than half of the allowance/.test(error.message)
      )
        continue;
      process.send?.(isLimitError(error) ? `${error.code}: ${error.message}` : String(error));
      return;
    }
  }
}

process.once('message', () => {
  for (let at = 0; at < waiting; at += 1) void saturate(at % 2 === 0 ? 'order' : 'query');
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
