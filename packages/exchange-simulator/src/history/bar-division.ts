import type { Bar } from './bar.ts';
import { BarCells } from './bar-cells.ts';
import { drawLots, drawVariances } from './drawn-activity.ts';
import type { DrawnNumbers } from './drawn-numbers.ts';
import { bottomOf, drawWalk, topOf } from './drawn-walk.ts';
import { type FittedWalk, fitWalk } from './fitted-walk.ts';

/** How many walks are drawn, to take the one that needs the least force. */
const tries = 3;

/**
 * Divides a bar into shorter ones that add up to it exactly: the first opens where it opens, each opens where the one before closed, the
 * last closes where it closes, the highest and the lowest price are its own, and so is the sum of volumes. What has no volume does not
 * move, unless the whole bar has none.
 * @param count how many there are to be; at least 1.
 */
export function divideBar(bar: Bar, count: number, drawn: DrawnNumbers): BarCells {
  const variances = drawVariances(bar, count, drawn);
  const walks = Array.from({ length: tries }, () => drawWalk(bar, variances, drawn));
  const moves = movesOf(bar, fitWalk(walks, bar));
  const ranges = Float64Array.from(moves, ({ highTicks, lowTicks }) => highTicks - lowTicks);
  const lots = drawLots(bar, variances, ranges, drawn);
  const cells = new BarCells(count);
  for (const [index, move] of moves.entries()) {
    cells.set(index, { ...move, volumeLots: lots[index] ?? 0 });
  }
  return cells;
}

type Move = Omit<Bar, 'startMs' | 'volumeLots'>;

/** The parts of a walk in whole ticks. */
function movesOf(bar: Bar, { parts, highest, lowest }: FittedWalk): readonly Move[] {
  let openTicks = bar.openTicks;
  return parts.map((part, index) => {
    // The last one ends at the bar's close, but for what rounding takes away.
    const closeTicks = within(bar, part.to);
    const ends = { ...part, from: openTicks, to: closeTicks };
    const high = index === highest ? bar.highTicks : within(bar, topOf(ends));
    const low = index === lowest ? bar.lowTicks : within(bar, bottomOf(ends));
    const move = {
      openTicks,
      highTicks: Math.max(high, openTicks, closeTicks),
      lowTicks: Math.min(low, openTicks, closeTicks),
      closeTicks,
    };
    openTicks = closeTicks;
    return move;
  });
}

/** A whole price within the bar; what is outside is thrown back, so that prices do not pile up at its bounds. */
function within({ highTicks, lowTicks }: Bar, price: number): number {
  const ticks = Math.round(price);
  const thrown = ticks > highTicks ? 2 * highTicks - ticks : ticks < lowTicks ? 2 * lowTicks - ticks : ticks;
  return Math.max(lowTicks, Math.min(highTicks, thrown));
}
