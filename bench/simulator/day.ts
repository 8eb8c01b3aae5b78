import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
} from '../../packages/exchange-simulator/src/index.ts';
import { createSeededRandom } from '../../packages/exchange-simulator/src/seeded-random.ts';
import { createVirtualTime, type VirtualTime } from '../../packages/exchange-simulator/src/virtual-time.ts';

const startMs = 1_790_000_000_000;
const hourMs = 3_600_000;
const mebibyte = 2 ** 20;

/** Lets the default world live for a day of virtual time and says what the heap did. In a process of its own: nothing else is in it. */
export function measureDay(hours: number): void {
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), `${hours}`],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new Error(`expected exit code 0, got ${status}`);
}

function run(hours: number): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const time = createVirtualTime(startMs);
  const runtime = { ...time, random: createSeededRandom('day') };
  const simulator = createExchangeSimulator({ market: { kind: 'synthetic', seed: 'day' }, runtime });
  const heard = listen(simulator, time);
  console.log(
    '\n## simulator-day\n\n| hour | heap, MiB | processor, ms a virtual second | frames |\n|---:|---:|---:|---:|',
  );
  const heaps: number[] = [];
  for (let hour = 1; hour <= hours; hour += 1) {
    const before = process.cpuUsage();
    time.runUntil(startMs + hour * hourMs);
    const { user, system } = process.cpuUsage(before);
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heaps.push(heapUsed + arrayBuffers);
    const heap = ((heapUsed + arrayBuffers) / mebibyte).toFixed(2);
    console.log(`| ${hour} | ${heap} | ${((user + system) / 1_000 / 3_600).toFixed(3)} | ${heard.frames} |`);
  }
  simulator.close();
  const second = heaps.slice(heaps.length >> 1);
  console.log(`\nSlope over the second half: ${((slope(second) * 24) / mebibyte).toFixed(3)} MiB a day.`);
}

/** A client that follows everything that is public. */
function listen(simulator: ExchangeSimulator, time: VirtualTime): { readonly frames: number } {
  const heard = { frames: 0 };
  const sink = {
    send: () => {
      heard.frames += 1;
    },
    ...{ pong: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
  };
  const stream = simulator.connect(simulator.streamPath, sink);
  if ('refusedWith' in stream) throw new Error(`expected a stream, got status ${stream.refusedWith}`);
  for (const channel of ['depth', 'trades', 'bbo', 'bar:1'])
    stream.receive(JSON.stringify({ op: 'sub', ch: `${channel}:${simulator.pairs.join(',')}` }));
  const ping = (): void => {
    stream.receive('{"op":"ping"}');
    time.timers.setTimer(10_000, ping, 'ping');
  };
  ping();
  return heard;
}

/** Of the straight line that fits best, by one step. */
function slope(values: readonly number[]): number {
  const [middleX, middleY] = [
    (values.length - 1) / 2,
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ];
  let [over, under] = [0, 0];
  for (const [x, y] of values.entries()) {
    over += (x - middleX) * (y - middleY);
    under += (x - middleX) ** 2;
  }
  return over / under;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(Number(process.argv[2]));
