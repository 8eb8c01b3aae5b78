import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { recordBenchmark } from './record.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const rounds = positionals.find((word) => /^\d+$/.test(word));
const asked = positionals.filter((word) => word !== rounds);
const unknown = asked.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`expected some of ${Object.keys(benchmarks).join(', ')}, got ${unknown.join(', ')}`);
  process.exit(1);
}
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  if (values.write) await recordBenchmark(name, benchmark, rounds);
  else await benchmark.run(Number(rounds ?? benchmark.usual ?? 7));
}
