import { decimalBenchmark } from './decimal/benchmark.ts';
import { benchmarkDepth } from './depth/benchmark.ts';
import { benchmarkLimiters } from './limiter/benchmark.ts';
import { measure } from './measure.ts';
import { simulatorBenchmark } from './simulator/benchmark.ts';
import { measureDay } from './simulator/day.ts';
import { measureLoad } from './simulator/load.ts';

const benchmarks: Readonly<Record<string, (rounds: number) => void | Promise<void>>> = {
  decimal: (rounds) => measure(decimalBenchmark, rounds),
  depth: benchmarkDepth,
  limiter: benchmarkLimiters,
  simulator: (rounds) => measure(simulatorBenchmark, rounds),
  'simulator-day': () => measureDay(24),
  'simulator-load': () => measureLoad(),
};

const [only, rounds = '7'] = process.argv.slice(2);
for (const [name, run] of Object.entries(benchmarks)) {
  if (only === undefined || only === name) await run(Number(rounds));
}
