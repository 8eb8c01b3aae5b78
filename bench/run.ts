import { decimalBenchmark } from './decimal/benchmark.ts';
import { measure } from './measure.ts';

const benchmarks = [decimalBenchmark];

const [only, rounds = '7'] = process.argv.slice(2);
for (const benchmark of benchmarks) {
  if (only === undefined || only === benchmark.name) measure(benchmark, Number(rounds));
}
