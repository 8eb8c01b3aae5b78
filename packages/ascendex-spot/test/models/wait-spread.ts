import type { DrawnWait } from './dial-rhythm.ts';

/** What chance does less often than this, it did not do. */
const least = 1e-9;
/** Part of the bound that waits have to be spread over. */
const fairPart = 0.1;

/**
 * Waits are drawn evenly from zero to their bounds. Says how these were not, if chance does not make them: all near their
 * bounds, or so near zero that the bounds cannot have grown, or all within a small part of their bounds.
 */
export function findUnevenWaits(waits: readonly DrawnWait[]): string | undefined {
  const parts = partsOf(waits);
  const text = textOf(waits);
  const count = parts.length;
  const short = findShortWaits(waits);
  if (count === 0 || short !== undefined) return short;
  if (tail(count, sumOf(parts.map((part) => -Math.log(1 - part)))) < least)
    return `expected waits that chance decides, got ${text} ms, all near their bounds`;
  const width = Math.max(...parts) - Math.min(...parts);
  if (count > 1 && width < fairPart && count * fairPart ** (count - 1) < least)
    return `expected waits over a fair part of their bounds, got ${text} ms`;
  return undefined;
}

/** Says how waits were so near zero that their bounds cannot have grown. */
export function findShortWaits(waits: readonly DrawnWait[]): string | undefined {
  const parts = partsOf(waits);
  if (parts.length === 0 || tail(parts.length, sumOf(parts.map((part) => -Math.log(part)))) >= least)
    return undefined;
  return `expected waits that grow with their bounds, got ${textOf(waits)} ms`;
}

function partsOf(waits: readonly DrawnWait[]): readonly number[] {
  return waits.map(({ boundMs, waitedMs }) => Math.min((waitedMs + 0.5) / boundMs, 1 - 0.5 / boundMs));
}

function textOf(waits: readonly DrawnWait[]): string {
  return waits.map(({ boundMs, waitedMs }) => `${Math.round(waitedMs)} of ${boundMs}`).join(', ');
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** How often the sum of so many logarithms of even draws is above `sum`: the tail of a gamma distribution. */
function tail(count: number, sum: number): number {
  let [term, total] = [1, 0];
  for (let at = 0; at < count; at += 1) {
    total += term;
    term *= sum / (at + 1);
  }
  return Math.exp(-sum) * total;
}
