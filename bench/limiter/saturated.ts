import { countTimers, timersFired, uncountedWait } from './counted-timers.ts';
import { enqueue } from './enqueue.ts';
import { loadSubject } from './load-subject.ts';
import type { Kind } from './subject.ts';
import { meanWindow, overtakes, type Start, worstWindow } from './timeline.ts';

/** How one limit fared. */
export interface LimitResult {
  /** Started in the whole run, of what the rate allows in that time. */
  readonly usedPercent: number;
  /** Mean of all sliding windows, of the capacity: the rate that is held. */
  readonly heldPercent: number;
  /** Most in any sliding window. */
  readonly worst: number;
  readonly capacity: number;
}

/** One run. */
export interface SaturatedResult {
  readonly all: LimitResult;
  readonly order: LimitResult;
  readonly overtakes: number;
  readonly cpuMs: number;
  /** Without the asking. */
  readonly waitingCpuMs: number;
  readonly wakeUpsPerSecond: number;
}

const windowMs = 1_000;
const totalMs = 10_000;
const queued = 4_000;
const limits = { windowMs, all: 100, order: 50 };
const kindsOf: Readonly<Record<string, readonly Kind[]>> = { A: ['query'], B: ['order', 'query'] };

function resultOf(starts: readonly Start[], capacity: number): LimitResult {
  const times = starts.map(({ atMs }) => atMs);
  return {
    usedPercent: (times.length / (capacity * (totalMs / windowMs))) * 100,
    heldPercent: (meanWindow(times, windowMs, totalMs) / capacity) * 100,
    worst: worstWindow(times, windowMs),
    capacity,
  };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function run(subjectName: string, kinds: readonly Kind[]): Promise<SaturatedResult> {
  countTimers();
  const throttle = (await loadSubject(subjectName)).create(limits);
  const starts: Start[] = [];
  const cpu = process.cpuUsage();
  const beginMs = performance.now();
  const onStart = ({ kind, number, atMs }: Start): void => {
    starts.push({ kind, number, atMs: atMs - beginMs });
  };
  await enqueue({ throttle, count: queued, kinds, onStart });
  const waitingCpu = process.cpuUsage();
  const firedBefore = timersFired();
  const waitMs = totalMs - (performance.now() - beginMs);
  await uncountedWait(waitMs);
  const [cpuMs, waitingCpuMs] = [cpuMsSince(cpu), cpuMsSince(waitingCpu)];
  const wakeUpsPerSecond = ((timersFired() - firedBefore) * 1_000) / waitMs;
  const inTime = starts.filter(({ atMs }) => atMs < totalMs);
  const orders = inTime.filter(({ kind }) => kind === 'order');
  const [all, order] = [resultOf(inTime, limits.all), resultOf(orders, limits.order)];
  return { all, order, overtakes: overtakes(inTime), cpuMs, waitingCpuMs, wakeUpsPerSecond };
}

const [, , name = '', scenario = ''] = process.argv;
const result = await run(name, kindsOf[scenario] ?? []);
process.stdout.write(JSON.stringify(result), () => process.exit());
