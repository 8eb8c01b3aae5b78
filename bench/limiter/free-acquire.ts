import { middle, type Run } from '../measure.ts';
import { loadSubject } from './load-subject.ts';
import { lastReading, steerClock } from './steered-clock.ts';
import type { Kind, Throttle } from './subject.ts';

const warmupMs = 200;
/** Both are measured in turn, in slices, so that a slow moment of the machine meets both. */
const slices = 6;
const sliceMs = 30;
/** 100 in a second, one every 11 ms: nobody ever waits, and what a limiter remembers is as much as it will ever be. */
const limits = { windowMs: 1_000, all: 100, order: 100, unbound: true };
const stepMs = 11;

const clock = steerClock();
const subject = await loadSubject(process.argv[2]);

async function acquireFor(throttle: Throttle, kind: Kind, ms: number): Promise<number> {
  const end = process.hrtime.bigint() + BigInt(ms * 1_000_000);
  let acquired = 0;
  while (process.hrtime.bigint() < end) {
    for (let at = 0; at < 16; at += 1) {
      clock.move(stepMs);
      await throttle.acquire(kind);
    }
    acquired += 16;
  }
  return acquired;
}

/** Processor time of one acquire in nanoseconds. */
async function time(throttle: Throttle, kind: Kind): Promise<number> {
  const before = process.cpuUsage();
  const acquired = await acquireFor(throttle, kind, sliceMs);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / acquired;
}

const [one, two] = [subject.create(limits), subject.create(limits)];
await acquireFor(one, 'query', warmupMs);
await acquireFor(two, 'order', warmupMs);
const times: Record<Kind, number[]> = { query: [], order: [] };
for (let slice = 0; slice < slices; slice += 1) {
  times.query.push(await time(one, 'query'));
  times.order.push(await time(two, 'order'));
}
const nanoseconds = { 'one limit': middle(times.query), 'two linked limits': middle(times.order) };
const run: Run = { nanoseconds, digest: 'nobody waited' };
process.stdout.write(JSON.stringify(run), () => process.exit(lastReading() < 0 ? 1 : 0));
