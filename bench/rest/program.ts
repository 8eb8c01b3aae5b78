import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Run } from '../measure.ts';
import { answer } from './answer.ts';
import type { RestTarget } from './subject.ts';
import { subject as floorSubject } from './subjects/fetch-text.ts';
import { floor, subjects } from './subjects.ts';
import { workloads } from './workloads.ts';

const requestsPerPass = 100;
const warmMs = 1_200;
const measuredMs = 1_200;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const name = process.argv[2] ?? '';
const subject = (await subjects[name]?.())?.subject;
if (subject === undefined)
  throw new Error(`expected one of ${Object.keys(subjects).join(', ')}, got ${name}`);
const expected = answer();
const server = fork(new URL('./server.ts', import.meta.url));
const target = await new Promise<RestTarget>((resolve) =>
  server.once('message', (port) => resolve(targetOf(port as number))),
);
const [own, bare] = [subject.open(target), floorSubject.open(target)];
const nanoseconds: Record<string, number> = {};
for (const { name, atOnce } of workloads) {
  const [ownTime, bareTime] = await measurePasses(atOnce);
  nanoseconds[name] = ownTime;
  nanoseconds[`${name}, ${floor}`] = bareTime;
}
const run: Run = {
  nanoseconds,
  digest: createHash('sha256')
    .update(await textOf(own))
    .digest('hex'),
};
console.log(JSON.stringify(run));
server.disconnect();
process.exit();

/** Nanoseconds a request, of the subject and of bare fetch, whose passes alternate: a slow minute meets both. */
async function measurePasses(atOnce: number): Promise<readonly [own: number, bare: number]> {
  // Before the code gets warm, and not after that: to collect all garbage throws compiled code away.
  collectGarbage();
  await alternate(atOnce, warmMs);
  return await alternate(atOnce, measuredMs);
}

async function alternate(atOnce: number, atLeastMs: number): Promise<readonly [own: number, bare: number]> {
  let [ownMs, bareMs, passes] = [0, 0, 0];
  while (ownMs < atLeastMs) {
    // Each is first as often as second: a collection of garbage that comes every so many requests would meet one of them alone.
    if (passes % 2 === 0) bareMs += await timed(bare, atOnce);
    ownMs += await timed(own, atOnce);
    if (passes % 2 === 1) bareMs += await timed(bare, atOnce);
    passes += 1;
  }
  const toNanoseconds = 1e6 / passes / requestsPerPass;
  return [ownMs * toNanoseconds, bareMs * toNanoseconds];
}

async function timed(ask: () => Promise<unknown>, atOnce: number): Promise<number> {
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: atOnce }, () => askAgain(ask, requestsPerPass / atOnce)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function askAgain(ask: () => Promise<unknown>, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) await ask();
}

/** What a subject reads, in the words of the server. @throws Error if they are others. */
async function textOf(ask: () => Promise<unknown>): Promise<string> {
  const read = await ask();
  const text = typeof read === 'string' ? read : JSON.stringify(read);
  if (text !== expected) throw new Error(`expected the answer of the server, got ${text.slice(0, 200)}`);
  return text;
}

function targetOf(port: number): RestTarget {
  const [origin, path, query] = [`http://127.0.0.1:${port}`, '/api/pro/v1/depth', { symbol: 'BTC/USDT' }];
  return { origin, path, query, url: `${origin}${path}?${new URLSearchParams(query)}` };
}
