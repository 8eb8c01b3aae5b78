import { collect, median } from '../measure.ts';
import type { Goal } from './goals.ts';
import { subjects } from './load-subject.ts';
import { printTable, shown } from './table.ts';

const base = 'ccxt, leaky bucket';
const [one, two] = ['one limit', 'two linked limits'];

/** Processor time of an acquire that nobody has to wait for. */
export function measureFree(rounds: number): readonly Goal[] {
  // The same distance between any two is a wait by itself.
  const names = Object.keys(subjects).filter((name) => name !== 'bottleneck, minTime');
  const program = new URL('./free-acquire.ts', import.meta.url);
  const runs = collect({ name: 'limiter: free acquire', program, subjects: names, operations: [] }, rounds);
  const of = (name: string, operation: string): number => median(runs.get(name) ?? [], operation);
  console.log(
    '\n### A free acquire: nanoseconds of processor time; in brackets the ratio to the leaky bucket',
  );
  const rows = names.map((name) => {
    const [first, second] = [of(name, one), of(name, two)];
    const ratios = [first / of(base, one), second / of(base, two), second / first].map((x) => shown(x, 2));
    return [name, `${shown(first)} (${ratios[0]})`, `${shown(second)} (${ratios[1]})`, `${ratios[2]}`];
  });
  printTable(['', one, two, 'two / one'], rows);
  const ratio = of('venuekit', one) / of(base, one);
  const growth = of('venuekit', two) / of('venuekit', one);
  return [
    { text: 'a free acquire <= that of the leaky bucket', isMet: ratio <= 1, got: `${shown(ratio, 2)} x` },
    { text: 'two linked limits <= 2 x one', isMet: growth <= 2, got: `${shown(growth, 2)} x` },
  ];
}
