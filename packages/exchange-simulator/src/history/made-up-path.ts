import { minuteMs } from './bar-interval.ts';
import { BarTree } from './bar-tree.ts';
import { MonthRoots } from './month-roots.ts';
import type { PathOptions } from './path-options.ts';
import type { PricePath } from './price-path.ts';
import { TreePath } from './tree-path.ts';

/**
 * A path that a seed makes up, from its listing date on and without end: months are drawn first, then divided into days, hours and
 * minutes as somebody asks for them. The same options give the same path, whatever is asked and in which order.
 */
export function createPricePath(options: PathOptions): PricePath {
  const listedAtMs = Math.floor(options.listedAtMs / minuteMs) * minuteMs;
  const roots = new MonthRoots({ ...options, listedAtMs });
  return new TreePath(new BarTree(roots, `${options.seed}\n${options.symbol}`));
}
