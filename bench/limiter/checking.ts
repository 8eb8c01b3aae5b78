import type { Checked } from './check.ts';
import { checkLimits } from './check-limits.ts';
import { eachOf, progress, runChild } from './child.ts';
import { subjects } from './load-subject.ts';
import { printTable, shown } from './table.ts';

/** Looks whether every subject does the job at all, and prints what it let through in the first window. */
export async function checkSubjects(): Promise<void> {
  const names = Object.keys(subjects);
  const results = new Map<string, Checked | undefined>();
  await eachOf(names, 2, async (name) => {
    results.set(name, await runChild<Checked>({ program: 'check', args: [name] }));
  });
  progress('checked');
  const { all, order, windowMs } = checkLimits;
  console.log(`\n### The same job: ${all} requests in ${windowMs} ms, of which ${order} orders`);
  const rows = names.map((name) => {
    const { one, twoAll, twoOrder } = results.get(name) ?? { one: NaN, twoAll: NaN, twoOrder: NaN };
    const keepsOne = Math.abs(one - all) <= 1 ? 'yes' : '**no**';
    const keepsTwo = twoAll <= all + 1 && twoOrder <= order + 1;
    const shares = keepsTwo && twoAll >= all - 1 && twoOrder >= order - 1;
    const two = shares ? 'yes' : keepsTwo ? '**orders starve**' : '**no**';
    return [name, shown(one), keepsOne, `${shown(twoAll)} / ${shown(twoOrder)}`, two];
  });
  printTable(
    ['first window', 'one limit: let through', 'as it should', 'two: requests / orders', 'as it should'],
    rows,
  );
}
