import type { Bar } from './bar.ts';
import { type DrawnNumbers, growth } from './drawn-numbers.ts';
import { shareLots } from './lot-shares.ts';

/** How strongly a part takes after the one before it. */
const memory = 0.7;
/** Deviation of the logarithm of a variance. */
const unrest = 0.4;
/** Deviation of the logarithm of a volume, apart from what it shares with the moves. */
const whim = 0.45;

/**
 * Draws how much the price moves in each part of a bar, as variances in squared ticks: busy parts are followed by busy ones. 0 where
 * there is no volume left to trade; where the bar has none at all, the moves are spread over all parts.
 */
export function drawVariances(bar: Bar, count: number, drawn: DrawnNumbers): Float64Array {
  const weights = new Float64Array(count);
  let mood = drawn.normal();
  for (let part = 0; part < count; part += 1) {
    weights[part] = growth(unrest * mood);
    mood = memory * mood + Math.sqrt(1 - memory * memory) * drawn.normal();
  }
  const lots = shareLots(
    bar.volumeLots,
    weights.map((weight) => weight * growth(whim * drawn.normal())),
  );
  const traded =
    bar.volumeLots === 0 ? weights : weights.map((weight, part) => (lots[part] === 0 ? 0 : weight));
  const scale = varianceOf(bar) / traded.reduce((sum, weight) => sum + weight, 0);
  return traded.map((weight) => weight * scale);
}

/**
 * Draws how many lots are traded in each part, once it is known how far the price goes in it: where it moves there is volume, and more
 * where it goes far.
 * @param variances as drawn for the bar.
 * @param ranges highest less lowest price of each part, in ticks.
 */
export function drawLots(
  bar: Bar,
  variances: Float64Array,
  ranges: Float64Array,
  drawn: DrawnNumbers,
): Float64Array {
  const isFlat = bar.highTicks === bar.lowTicks;
  const weights = ranges.map((range, part) =>
    variances[part] === 0 && !isFlat ? 0 : (range + 1) * growth(whim * drawn.normal()),
  );
  if (isFlat || bar.volumeLots === 0) return shareLots(bar.volumeLots, weights);
  const one = variances.map((variance) => (variance > 0 ? 1 : 0));
  const rest = bar.volumeLots - one.reduce((sum, lot) => sum + lot, 0);
  return shareLots(rest, weights).map((lots, part) => lots + (one[part] ?? 0));
}

/**
 * Variance of the walk that a bar was made by, in squared ticks, as its range and its body tell (Garman and Klass 1980). Above zero
 * where the price has moved.
 */
function varianceOf({ openTicks, highTicks, lowTicks, closeTicks }: Bar): number {
  const range = highTicks - lowTicks;
  const body = closeTicks - openTicks;
  return 0.5 * range * range - 0.386 * body * body;
}
