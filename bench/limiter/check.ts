import { checkLimits } from './check-limits.ts';
import { enqueue } from './enqueue.ts';
import { loadSubject } from './load-subject.ts';
import type { Start } from './timeline.ts';

/** What was let through in the first window: queries alone, then queries and orders in turn. */
export interface Checked {
  readonly one: number;
  readonly twoAll: number;
  readonly twoOrder: number;
}

/** The last of a window is left out: a clock of whole milliseconds is allowed to be that much off. */
const lookedAtMs = checkLimits.windowMs * 0.98;

const subject = await loadSubject(process.argv[2]);

async function firstWindow(kinds: readonly Start['kind'][]): Promise<readonly Start[]> {
  const starts: Start[] = [];
  const throttle = subject.create(checkLimits);
  await enqueue({ throttle, count: 120, kinds, onStart: (start) => starts.push(start) });
  await new Promise((resolve) => setTimeout(resolve, checkLimits.windowMs));
  const firstMs = starts[0]?.atMs ?? 0;
  return starts.filter(({ atMs }) => atMs < firstMs + lookedAtMs);
}

const one = await firstWindow(['query']);
const two = await firstWindow(['order', 'query']);
const twoOrder = two.filter(({ kind }) => kind === 'order').length;
const checked: Checked = { one: one.length, twoAll: two.length, twoOrder };
process.stdout.write(JSON.stringify(checked), () => process.exit());
