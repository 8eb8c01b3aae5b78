import { BarTree } from './bar-tree.ts';
import { MonthRoots } from './month-roots.ts';
import { checkPathOptions, type PathOptions } from './path-options.ts';
import type { PricePath } from './price-path.ts';
import { TreePath } from './tree-path.ts';

/**
 * A path that a seed makes up, from its listing date on and without end: months are drawn first, then divided into days, hours and
 * minutes as somebody asks for them. The same options give the same path, whatever is asked and in which order.
 * @throws VenueError `invalid-options` naming the symbol and the option.
 */
export function createPricePath(options: PathOptions): PricePath {
  const checked = checkPathOptions(options);
  return new TreePath(new BarTree(new MonthRoots(checked), `${checked.seed}\n${checked.symbol}`));
}
