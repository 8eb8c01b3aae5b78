import { setImmediate as turn } from 'node:timers/promises';
import { fail } from './enqueue.ts';
import { loadSubject } from './load-subject.ts';

/** One run with a queue of constant length. */
export interface WaitersResult {
  /** Processor time in microseconds; `undefined` if too few were let in before the time was up. */
  readonly perAdmittedUs: number | undefined;
  /** Heap that one who waits takes, in bytes. */
  readonly bytesPerWaiter: number;
}

/** 4,000 a second. */
const limits = { windowMs: 250, all: 1_000, order: 1_000 };
const warmup = 2_000;
const measured = 4_000;
const mostMs = 5_000;
/** Some start work before `run` returns, and so inside of each other. */
const deepest = 50;

const [, , name = '', count = ''] = process.argv;
const throttle = (await loadSubject(name)).create(limits);
let admitted = 0;
let depth = 0;
/** Called after the warming up, and after everything. */
const marks = new Map<number, () => void>();

function onStart(): void {
  admitted += 1;
  marks.get(admitted)?.();
  depth += 1;
  if (depth < deepest) ask();
  else queueMicrotask(ask);
  depth -= 1;
}

/** Whoever is let in is followed by another, so that as many wait as before. */
function ask(): void {
  throttle.run('order', onStart).then(undefined, fail);
}

async function heapUsed(): Promise<number> {
  await turn();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Asks for everything that is to wait; gives what each takes of the heap. */
async function fill(waiters: number): Promise<number> {
  const before = await heapUsed();
  for (let at = 0; at < waiters; at += 1) {
    ask();
    if (at % 100 === 99) await turn();
  }
  return ((await heapUsed()) - before) / waiters;
}

function reached(mark: number): Promise<boolean> {
  if (admitted >= mark) return Promise.resolve(true);
  return new Promise((resolve) => {
    marks.set(mark, () => resolve(true));
    setTimeout(() => resolve(false), mostMs);
  });
}

const bytesPerWaiter = await fill(Number(count));
const warm = admitted + warmup;
const isWarm = await reached(warm);
const before = process.cpuUsage();
const isDone = isWarm && (await reached(warm + measured));
const { user, system } = process.cpuUsage(before);
const perAdmittedUs = isDone ? (user + system) / measured : undefined;
const result: WaitersResult = { perAdmittedUs, bytesPerWaiter };
process.stdout.write(JSON.stringify(result), () => process.exit());
