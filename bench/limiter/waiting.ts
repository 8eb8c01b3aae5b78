import { middle } from '../measure.ts';
import { eachOf, progress, rotated, runChild } from './child.ts';
import type { Goal } from './goals.ts';
import { subjects } from './load-subject.ts';
import { printTable, shown } from './table.ts';
import type { WaitersResult } from './waiters.ts';

const own = 'venuekit';
const counts = [100, 4_000, 100_000] as const;

type Results = Map<string, Map<number, WaitersResult[]>>;

/** A queue of constant length over two linked limits: what it costs to let one in, and to keep one. One process at a time. */
export async function measureWaiters(rounds: number): Promise<readonly Goal[]> {
  const names = Object.keys(subjects).filter((name) => name !== 'venuekit, run');
  const results: Results = new Map(names.map((name) => [name, new Map(counts.map((count) => [count, []]))]));
  await eachOf(rotated(counts, rounds * 2 + 1), 1, (count) => runOne(results, own, count));
  for (const name of names) {
    if (name !== own) await runOthers(results, name);
  }
  print(names, results);
  const costs = counts.map((count) => costOf(results.get(own)?.get(count)) ?? Number.NaN);
  const growth = (costs[2] ?? Number.NaN) / (costs[0] ?? Number.NaN);
  const text = 'an admission with 100,000 who wait <= 2 x one with 100';
  return [{ text, isMet: growth <= 2, got: `${shown(growth, 2)} x` }];
}

/** Whoever does not come to an end with few is not asked to with many. */
async function runOthers(results: Results, name: string): Promise<void> {
  for (const count of counts) {
    await runOne(results, name, count);
    if (costOf(results.get(name)?.get(count)) === undefined) return;
  }
}

async function runOne(results: Results, name: string, count: number): Promise<void> {
  const result = await runChild<WaitersResult>({ program: 'waiters', args: [name, `${count}`] });
  if (result !== undefined) results.get(name)?.get(count)?.push(result);
  progress(`${count} waiters, ${name}`);
}

function costOf(runs: readonly WaitersResult[] = []): number | undefined {
  const costs = runs.flatMap(({ perAdmittedUs }) => perAdmittedUs ?? []);
  return costs.length === 0 ? undefined : middle(costs);
}

function print(names: readonly string[], results: Results): void {
  console.log('\n### Many who wait for two linked limits: microseconds of processor time an admission');
  const rows = names.map((name) => {
    const runs = counts.map((count) => results.get(name)?.get(count));
    const costs = runs.map(costOf);
    const growth = (costs[2] ?? Number.NaN) / (costs[0] ?? Number.NaN);
    const bytes = runs
      .slice(1)
      .map((those = []) => middle(those.map(({ bytesPerWaiter }) => bytesPerWaiter)));
    return [name, ...costs.map((us) => shown(us, 1)), shown(growth, 2), ...bytes.map((each) => shown(each))];
  });
  const head = counts.map((count) => `${count.toLocaleString('en')} wait`);
  printTable(['', ...head, '100,000 / 100', 'bytes each, 4,000 wait', 'bytes each, 100,000 wait'], rows);
}
